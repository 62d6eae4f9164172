import FoundationEssentials
import Glibc

/// A program that was started here; what it writes goes to a file.
final class ChildProcess {
    let id: pid_t
    private var hasEnded = false

    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: String,
        log: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var settings = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        let before = FileManager.default.currentDirectoryPath
        _ = FileManager.default.changeCurrentDirectoryPath(folder)
        defer { _ = FileManager.default.changeCurrentDirectoryPath(before) }
        var started = pid_t()
        let failure = posix_spawn(&started, program, &actions, nil, &words, &settings)
        guard failure == 0 else {
            throw BenchFailure("\(program) does not start: \(String(cString: strerror(failure)))")
        }
        id = started
    }

    /// Waits for the end; returns the exit status, or 128 and the signal.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    var isRunning: Bool {
        guard !hasEnded else { return false }
        var status: Int32 = 0
        hasEnded = waitpid(id, &status, WNOHANG) == id
        return !hasEnded
    }

    /// Asks the program to stop; after ten seconds it and all that descend from it are killed.
    func stop() {
        let tree = ProcessTree(of: id)
        tree.signal(SIGCONT)
        kill(id, SIGTERM)
        let start = MonotonicClock.nowNanoseconds
        while isRunning, MonotonicClock.seconds(since: start) < 10 { MonotonicClock.wait(seconds: 0.02) }
        tree.signal(SIGKILL)
        if isRunning { wait() }
    }
}

/// Why the benchmark cannot go on.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
