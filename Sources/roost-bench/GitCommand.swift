import ArgumentParser
import FoundationEssentials
import Glibc

/// Measures how fast Git servers give and take a large repository, all of them in each round.
struct GitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "git",
        abstract: "Clones from Git servers and pushes to them, in turn, and prints the medians.",
        discussion: """
            A server is given as NAME=ADDRESS. Clones are of whole repositories; a push sends all of the source's
            branch to a new branch, which is deleted again, so that the next round sends everything anew.

            roost-bench git --source large.git \\
                --clone roost=http://127.0.0.1:5000/ann/large.git --clone nginx=http://127.0.0.1:8080/large.git \\
                --push roost=http://127.0.0.1:5000/ann/empty.git --push nginx=http://127.0.0.1:8080/empty.git
            """
    )

    @Option(help: "A repository to clone; may be given several times.")
    var clone: [String] = []

    @Option(help: "A repository to push to; may be given several times.")
    var push: [String] = []

    @Option(help: "The local repository that pushes send.")
    var source: String?

    @Option(help: "The branch that pushes send.")
    var branch = "main"

    @Option(help: "Rounds; medians are taken over them.")
    var rounds = 3

    @Option(help: "Folder for what is cloned; removed afterwards.")
    var folder = "/tmp/roost-bench-git"

    func validate() throws {
        guard !clone.isEmpty || !push.isEmpty else { throw ValidationError("nothing to clone or to push") }
        guard push.isEmpty || source != nil else { throw ValidationError("a push needs --source") }
        guard rounds > 0 else { throw ValidationError("there is one round at least") }
    }

    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try measure("clone", try clone.map(Target.init)) { target, _ in
            let place = folder + "/clone.git"
            defer { try? FileManager.default.removeItem(atPath: place) }
            return try seconds(["clone", "--quiet", "--bare", target.address, place])
        }
        try measure("push", try push.map(Target.init)) { target, round in
            let name = "refs/heads/bench-\(round)-\(getpid())"
            let git = ["-C", absolute(source ?? ""), "push", "--quiet", target.address]
            let taken = try seconds(git + ["\(branch):\(name)"])
            _ = try seconds(git + [":\(name)"])
            return taken
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private struct Target {
        let name: String
        let address: String

        init(_ text: String) throws {
            guard let equals = text.firstIndex(of: "=") else {
                throw ValidationError("\(text) is not NAME=ADDRESS")
            }
            name = String(text[..<equals])
            address = String(text[equals...].dropFirst())
        }
    }

    /// Every target once in each round, so that what slows the machine slows them all.
    private func measure(
        _ operation: String,
        _ targets: [Target],
        _ once: (Target, _ round: Int) throws -> Double
    ) throws {
        var taken: [[Double]] = Array(repeating: [], count: targets.count)
        for round in 0..<rounds {
            for (index, target) in targets.enumerated() {
                taken[index].append(try once(target, round))
                progress("\(operation) \(target.name): \(taken[index].last ?? 0) s")
            }
        }
        for (target, seconds) in zip(targets, taken) {
            print("\(operation)\t\(target.name)\t\(seconds.sorted()[seconds.count / 2]) s")
        }
    }

    private func seconds(_ arguments: [String]) throws -> Double {
        let log = folder + "/git.log"
        let start = MonotonicClock.nowNanoseconds
        let child = try ChildProcess(
            "/usr/bin/git",
            arguments,
            environment: ["GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": "/dev/null"],
            in: folder,
            log: log
        )
        let status = child.wait()
        guard status == 0 else {
            let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw BenchFailure("git \(arguments.joined(separator: " ")): \(status): \(said.suffix(500))")
        }
        return MonotonicClock.seconds(since: start)
    }
}
