import FoundationEssentials
import Glibc

/// The stock `git`, without the configuration of whoever runs the benchmark.
struct GitClient {
    /// Where it is run, and where what it says is kept.
    let folder: String

    /// Runs it to its end.
    ///
    /// - Returns: How long that took, in seconds.
    /// - Throws: `BenchFailure` with its words where it fails.
    @discardableResult
    func run(_ arguments: [String]) throws -> Double {
        try run("/usr/bin/env", ["git"] + arguments)
    }

    /// Runs a program in the environment of `git`.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> Double {
        let log = folder + "/git.log"
        if FileManager.default.fileExists(atPath: log) { try FileManager.default.removeItem(atPath: log) }
        let start = MonotonicClock.nowNanoseconds
        let child = try ChildProcess(
            program,
            arguments,
            environment: [
                "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            ],
            in: folder,
            log: log
        )
        let status = child.wait()
        let seconds = MonotonicClock.seconds(since: start)
        guard status == 0 else {
            throw BenchFailure("\(arguments.joined(separator: " ")): \(status): \(words.suffix(500))")
        }
        return seconds
    }

    /// What it said the last time.
    var words: String {
        ((try? String(contentsOfFile: folder + "/git.log", encoding: .utf8)) ?? "")
            .split(separator: "\n").joined(separator: "\n")
    }
}
