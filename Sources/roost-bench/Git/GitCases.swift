import FoundationEssentials
import Glibc

/// Clones and pushes of a large repository at Roost and at `git http-backend`, and what pages ask Roost for.
///
/// Both serve the same files: the repository of the one is a copy of the other's.
final class GitCases {
    private let programs: Programs
    private let folder: String
    private let rounds: Int
    private let commits: Int
    private let files: Int
    private let megabytes: Int
    private let git: GitClient
    private var roost: Server
    private let backend: GitBackend?
    private var source: String { folder + "/source.git" }
    private var roostFolder: String { folder + "/roost" }

    /// - Parameters:
    ///   - programs: Where the programs lie.
    ///   - folder: For all that is made.
    ///   - hasBackend: Whether `git http-backend` is measured as well.
    ///   - rounds: How often each is done.
    ///   - scale: What 20,000 commits, 5,000 files and 500 MB are multiplied by.
    /// - Throws: `BenchFailure` where a server does not start.
    init(programs: Programs, folder: String, hasBackend: Bool, rounds: Int, scale: Double) throws {
        self.programs = programs
        self.folder = folder
        self.rounds = rounds
        commits = max(1_000, Int(20_000 * scale))
        files = max(250, Int(5_000 * scale))
        megabytes = max(25, Int(500 * scale))
        git = GitClient(folder: folder)
        for name in ["roost", "backend"] {
            try FileManager.default.createDirectory(
                atPath: folder + "/" + name,
                withIntermediateDirectories: true
            )
        }
        roost = try Self.start(programs, folder: folder + "/roost")
        backend = hasBackend ? try GitBackend(programs: programs, folder: folder + "/backend") : nil
    }

    var title: String {
        "Git, a repository of \(grouped(commits)) commits and \(megabytes) MB with a folder of \(grouped(files)) entries"
    }

    func stop() {
        roost.resume()
        roost.stop()
        backend?.stop()
    }

    /// Writes the history and pushes it to Roost; the other server gets a copy.
    func fill() throws {
        progress("writing a history of \(grouped(commits)) commits with \(megabytes) MB")
        try git.run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", source])
        try git.run(
            "/bin/sh",
            [
                "-ec",
                #""$0" large-repository --commits "$2" --files "$3" --megabytes "$4" | git -C "$1" fast-import --done --quiet"#,
                programs.bench, source, "\(commits)", "\(files)", "\(megabytes)",
            ]
        )
        progress("pushing it to Roost")
        let made = try make("large")
        try git.run(["-C", source, "push", "--quiet", made.address, "main"])
        guard let backend else { return }
        try git.run("/bin/cp", ["-a", made.folder, "\(backend.repositories)/large.git"])
    }

    /// Clones whole repositories, by turns.
    func clones() throws -> Row {
        let roostAddress = address(of: "large")
        var targets = [Target(peer: .roost) { _ in roostAddress }]
        if let backend {
            let address = backend.address(of: "large")
            targets.append(Target(peer: .gitBackend) { _ in address })
        }
        return try measure("clone", targets) { address in
            let place = folder + "/clone.git"
            let seconds = try git.run(["clone", "--quiet", "--bare", address, place])
            try FileManager.default.removeItem(atPath: place)
            return seconds
        }
    }

    /// Pushes the whole history to empty repositories, by turns.
    func pushes() throws -> Row {
        var targets = [Target(peer: .roost) { round in try self.make("push-\(round)").address }]
        if let backend {
            for (peer, checks) in [(Peer.gitBackend, false), (.checkingGitBackend, true)] {
                targets.append(
                    Target(peer: peer) { [git] round in
                        try backend.make("\(peer.rawValue)-\(round)", checksObjects: checks, by: git)
                    }
                )
            }
        }
        return try measure("push", targets) { address in
            try git.run(["-C", source, "push", "--quiet", address, "main"])
        }
    }

    /// Pushes a small commit at a time.
    func smallPushes() throws -> Row {
        let place = folder + "/small"
        try git.run(["init", "--quiet", "--template=", "--initial-branch=main", place])
        var targets = [(peer: Peer.roost, address: try make("small").address)]
        if let backend {
            for (peer, checks) in [(Peer.gitBackend, false), (.checkingGitBackend, true)] {
                targets.append(
                    (peer, try backend.make("small-\(peer.rawValue)", checksObjects: checks, by: git))
                )
            }
        }
        let author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
        var taken: [Peer: [Double]] = [:]
        for number in 0..<10 * rounds {
            try git.run(["-C", place] + author + ["commit", "--quiet", "--allow-empty", "-m", "\(number)"])
            for target in rotated(targets, by: number) {
                let seconds = try alone(target.peer) {
                    try git.run(["-C", place, "push", "--quiet", target.address, "main"])
                }
                taken[target.peer, default: []].append(seconds * 1_000)
            }
        }
        return row("push of one commit", "ms", taken)
    }

    /// What pages and programs ask for, over one connection; each median has its slowest beside it.
    func reads() throws -> [ReadRow] {
        roost.resume()
        try waitForLastCommits()
        let tip = try commit("main")
        let ids = try ["main~1", "main~\(min(550, files / 2))"].map { try commit($0) }
        let count = grouped(files)
        let folderPath = "/local/large/src/main/data"
        var rows = [try firstViews("folder of \(count) entries with last commits, first view", folderPath)]
        for (name, path) in [
            ("folder of \(count) entries with last commits", folderPath),
            ("log of 100 commits", "/api/v1/repos/local/large/commits?limit=100"),
            ("page of the log", "/local/large/commits/main"),
            ("diff of two commits, 1 file", "/api/v1/repos/local/large/compare/\(ids[0])...\(tip)"),
            ("diff of two commits, 550 files", "/api/v1/repos/local/large/compare/\(ids[1])...\(tip)"),
            ("page of that diff", "/local/large/compare/\(ids[1])...\(tip)"),
        ] {
            let connection = Connection(port: roost.port, answerSeconds: 60)
            _ = try ask(path, over: connection)
            rows.append(
                ReadRow(
                    name: name,
                    milliseconds: try (0..<15).map { _ in try ask(path, over: connection) }
                )
            )
        }
        return rows
    }

    private struct Target {
        let peer: Peer
        let address: (_ round: Int) throws -> String
    }

    private func measure(
        _ name: String,
        _ targets: [Target],
        _ once: (String) throws -> Double
    ) throws -> Row {
        var taken: [Peer: [Double]] = [:]
        for round in 0..<rounds {
            for target in rotated(targets, by: round) {
                let address = try target.address(round)
                sync()
                let seconds = try alone(target.peer) { try once(address) }
                progress("\(name) \(target.peer.title): \(significant(seconds)) s")
                taken[target.peer, default: []].append(seconds)
            }
        }
        return row(name, "s", taken)
    }

    private func row(_ name: String, _ unit: String, _ taken: [Peer: [Double]]) -> Row {
        var row = Row(name: name, unit: unit, largerIsBetter: false)
        for (peer, values) in taken { row.cells[peer.rawValue] = .value(median(values)) }
        return row
    }

    /// The one that begins is another in each round.
    private func rotated<Element>(_ elements: [Element], by count: Int) -> [Element] {
        let shift = count % max(1, elements.count)
        return Array(elements[shift...] + elements[..<shift])
    }

    /// Measures one server while the others stand still.
    private func alone(_ peer: Peer, _ body: () throws -> Double) throws -> Double {
        if peer == .roost { backend?.pause() } else { roost.pause() }
        defer {
            backend?.resume()
            roost.resume()
        }
        return try body()
    }

    /// A page that nobody has opened since the server began: each time it is a new one.
    private func firstViews(_ name: String, _ path: String) throws -> ReadRow {
        let milliseconds = try (0..<5).map { _ in
            roost.stop()
            roost = try Self.start(programs, folder: roostFolder)
            let connection = Connection(port: roost.port, answerSeconds: 60)
            // The server has been asked for something; the repository has not.
            _ = try ask("/health", over: connection)
            MonotonicClock.wait(seconds: 1)
            return try ask(path, over: connection)
        }
        return ReadRow(name: name, milliseconds: milliseconds)
    }

    /// The search for them follows a push by itself.
    private func waitForLastCommits() throws {
        let connection = Connection(port: roost.port, answerSeconds: 60)
        let start = MonotonicClock.nowNanoseconds
        let pending = ByteSearch("data-pending")
        while true {
            let request = Array(HTTPRequest.get("/local/large/src/main/data").bytes)
            let answer = try request.withUnsafeBytes {
                try connection.exchange($0, keepsBody: true).accepted()
            }
            if answer.body.withUnsafeBytes({ pending.count(in: $0) }) == 0 { return }
            guard MonotonicClock.seconds(since: start) < 300 else {
                throw BenchFailure("the last commits of a folder are not found")
            }
            MonotonicClock.wait(seconds: 0.5)
        }
    }

    private func ask(_ path: String, over connection: Connection) throws -> Double {
        let request = Array(HTTPRequest.get("\(path)").bytes)
        let start = MonotonicClock.nowNanoseconds
        _ = try request.withUnsafeBytes { try connection.exchange($0) }.accepted()
        return MonotonicClock.seconds(since: start) * 1_000
    }

    private func commit(_ name: String) throws -> String {
        try git.run(["-C", source, "rev-parse", name])
        return git.words
    }

    private func make(_ name: String) throws -> (address: String, folder: String) {
        struct Made: Decodable { let id: Int }
        roost.resume()
        let answer = try roost.send(HTTPRequest.post("/api/v1/user/repos", #"{"name": "\#(name)"}"#))
        let made = try JSONDecoder().decode(Made.self, from: Data(answer.body))
        return (address(of: name), "\(roostFolder)/data/repositories/\(made.id).git")
    }

    private func address(of name: String) -> String { "http://127.0.0.1:\(roost.port)/local/\(name).git" }

    private static func start(_ programs: Programs, folder: String) throws -> Server {
        let port = try Server.freePort()
        return try Server(
            try programs.command(.roost, port: port, folder: folder),
            port: port,
            folder: folder
        )
    }
}

/// How long answers took that were asked for again and again.
struct ReadRow: Codable {
    static let limitMs = 50.0

    let name: String
    let milliseconds: [Double]

    var medianMs: Double { median(milliseconds) }
    var slowestMs: Double { milliseconds.max() ?? 0 }
}
