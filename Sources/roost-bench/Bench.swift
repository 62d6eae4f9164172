import FoundationEssentials
import Glibc

/// The whole run: suites one after another, each on fresh data.
struct Bench {
    let programs: Programs
    let folder: String
    let peers: [Peer]
    let suites: Set<String>?
    let only: String?
    let isQuick: Bool
    let scale: Double
    let rounds: Int
    let seconds: Double
    let operationSeconds: Double
    private(set) var report: Report

    init(
        programs: Programs,
        folder: String,
        peers: [Peer],
        suites: Set<String>?,
        only: String?,
        isQuick: Bool,
        scale: Double,
        rounds: Int,
        seconds: Double,
        operationSeconds: Double
    ) {
        self.programs = programs
        self.folder = folder
        self.peers = peers
        report = Report(peers: peers.filter(\.tracks))
        self.suites = suites
        self.only = only
        self.isQuick = isQuick
        self.scale = scale
        self.rounds = rounds
        self.seconds = seconds
        self.operationSeconds = operationSeconds
    }

    mutating func run() throws -> Report {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try suite("writes", limits: [.bare]) { bench, arena in
            for this in WriteCases.all() { try bench.add(this, in: arena) }
            guard bench.peers.contains(.sqlite) else { return }
            try RawInserts(folder: bench.folder, seconds: bench.seconds).measure(into: &bench.report.rows)
        }
        try suite("searches") { bench, arena in
            var first = 0
            for size in bench.isQuick ? [1000] : [1000, 10_000, 100_000] {
                let count = bench.scaled(size)
                try bench.search(amongRuns: count, from: first, in: arena)
                first += count
            }
        }
        try suite("histories", limits: [.bare]) { bench, arena in
            let history = HistoryCases(points: bench.scaled(bench.isQuick ? 100_000 : 1_000_000))
            for stage in arena.stages where stage.peer.tracks {
                progress("filling \(stage.peer.title) with \(grouped(history.points)) points")
                try history.fill(stage)
            }
            for this in history.all() { try bench.add(this, in: arena) }
        }
        try suite("artifacts", limits: [.nginx]) { bench, arena in
            let artifacts = ArtifactCases(
                largeBytes: bench.scaled(bench.isQuick ? 100 : 1000) * 1_000_000,
                listed: bench.scaled(bench.isQuick ? 1000 : 10_000)
            )
            for stage in arena.stages {
                progress("filling \(stage.peer.title) with files")
                try artifacts.fill(stage, clients: arena.clients)
            }
            for this in artifacts.all() { try bench.add(this, in: arena) }
        }
        try suite("registry", limits: [.bare]) { bench, arena in
            let registry = RegistryCases(models: bench.scaled(bench.isQuick ? 100 : 1000))
            for stage in arena.stages {
                progress("filling \(stage.peer.title) with models")
                try registry.fill(stage)
            }
            for this in registry.all() { try bench.add(this, in: arena) }
        }
        try gitSuite()
        try FileManager.default.removeItem(atPath: folder)
        return report
    }

    /// Other peers than those of the other suites: `git http-backend` stands for nginx.
    private mutating func gitSuite() throws {
        guard suites?.contains("git") != false, peers.contains(.roost), only == nil else { return }
        let place = folder + "/git"
        if FileManager.default.fileExists(atPath: place) { try FileManager.default.removeItem(atPath: place) }
        let cases = try GitCases(
            programs: programs,
            folder: place,
            hasBackend: peers.contains(.nginx),
            rounds: rounds,
            scale: scale * (isQuick ? 0.1 : 1)
        )
        defer { cases.stop() }
        try cases.fill()
        report.gitTitle = cases.title
        report.gitRows = [try cases.clones(), try cases.pushes(), try cases.smallPushes()]
        report.readRows = try cases.reads()
    }

    private mutating func search(amongRuns count: Int, from first: Int, in arena: Arena) throws {
        var experiments: [Peer: String] = [:]
        for stage in arena.stages {
            progress("filling \(stage.peer.title) with \(grouped(count)) runs")
            experiments[stage.peer] = try SearchCases.fill(
                stage,
                runs: count,
                from: first,
                clients: arena.clients
            )
        }
        for this in SearchCases(runs: count, experiments: experiments).all() { try add(this, in: arena) }
    }

    private func scaled(_ size: Int) -> Int { max(1, Int(Double(size) * scale)) }

    /// Starts the peers on fresh data, does the suite's cases, notes start time and memory, stops them.
    private mutating func suite(
        _ name: String,
        limits: Set<Peer> = [],
        _ body: (inout Bench, Arena) throws -> Void
    ) throws {
        if let suites, !suites.contains(name) { return }
        let place = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: place) { try FileManager.default.removeItem(atPath: place) }
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        var stages: [Stage] = []
        defer { stages.forEach { $0.stop() } }
        for peer in peers where peer.tracks || limits.contains(peer) {
            progress("starting \(peer.title)")
            stages.append(try Stage(peer, programs: programs, folder: "\(place)/\(peer.rawValue)"))
        }
        let arena = Arena(
            stages: stages,
            clients: ClientGroup(folder: place, program: programs.bench),
            rounds: rounds,
            seconds: seconds,
            operationSeconds: operationSeconds
        )
        try body(&self, arena)
        for stage in stages { report.note(stage, suite: name) }
    }

    private mutating func add(_ this: Case, in arena: Arena) throws {
        if let only, !this.name.contains(only) { return }
        let row = try arena.measure(this)
        progress(report.line(row))
        report.rows.append(row)
    }
}

/// Tells the waiting person how far it is, apart from the result.
func progress(_ text: String) {
    var line = Array((text + "\n").utf8)
    write(STDERR_FILENO, &line, line.count)
}
