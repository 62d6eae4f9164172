import Core
import Glibc
import Subprocess

/// The `git` program, run so that nothing but this server decides what it does.
///
/// Security: the environment is made anew, no configuration of the machine or of a user is read, no hook of a repository
/// runs, no shell is started but for the two scripts of the server itself that take part in pushes, and what a client decides
/// is never an option: names follow `--` or come by standard input.
struct GitProgram: Sendable {
    /// A folder that only this server writes into; it has an empty home and the hooks.
    let support: String
    /// Bounds how many of the processes run that clients start.
    let slots: GitSlots
    /// How long clients may speak with one.
    let limits: ConversationLimits

    /// Where the hooks of the server lie.
    var hooksFolder: String { support + "/hooks" }
    private var home: String { support + "/home" }

    /// Which hooks a process may run.
    enum Hooks {
        case none
        /// Those that guard pushes.
        case ofServer
    }

    /// A process that is to be started.
    struct Command {
        var arguments: [String]
        /// The bare repository it works on.
        var repository: String
        var hooks = Hooks.none
        /// Whether it ends by itself when it has nobody to speak to, so that it clears away what it began.
        var outlivesClient = false
        /// For whom it runs; nil for the server itself.
        var client: String?
        /// Settings beside those that hold for every process.
        var settings: [(name: String, value: String)] = []
        /// Variables beside those that every process has.
        var variables: [String: String] = [:]
    }

    /// What a process said.
    struct Output: Sendable {
        let isSuccess: Bool
        let bytes: [UInt8]
        let error: String

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var lines: [Substring] { text.split(separator: "\n") }
    }

    /// Runs a process to its end and takes what it says into memory.
    ///
    /// - Parameters:
    ///   - command: What to run.
    ///   - input: What it reads.
    ///   - limitBytes: How much it may say.
    ///   - timeLimit: How long it may take.
    /// - Returns: What it said, whether it succeeded or not.
    /// - Throws: `GitError` where it takes too long or says too much.
    func run(
        _ command: Command,
        input: [UInt8] = [],
        limitBytes: Int = 64 << 20,
        timeLimit: Duration = .seconds(60)
    ) async throws -> Output {
        let configuration = configuration(command)
        return try await withThrowingTaskGroup(of: Output.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    configuration,
                    input: .inputWriter,
                    output: .bytes(limit: limitBytes),
                    error: .string(limit: 1 << 20)
                ) { try await $0.tell(input) }
                return Output(
                    isSuccess: result.terminationStatus.isSuccess,
                    bytes: result.standardOutput,
                    error: result.standardError
                )
            }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                throw GitError("git \(command.arguments.first ?? "") took longer than \(timeLimit)")
            }
            defer { group.cancelAll() }
            guard let output = try await group.next() else { preconditionFailure("two tasks were added") }
            return output
        }
    }

    /// Runs a process whose failure is one of the server.
    @discardableResult
    func require(
        _ command: Command,
        input: [UInt8] = [],
        timeLimit: Duration = .seconds(60)
    ) async throws -> Output {
        let output = try await run(command, input: input, timeLimit: timeLimit)
        guard output.isSuccess else {
            throw GitError("git \(command.arguments.first ?? "") failed: \(output.error)")
        }
        return output
    }

    /// Where programs are looked for: first where `git` is, since a process is begun, and fails, in each folder before it.
    static let searchPath: String = {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let folders = path.split(separator: ":").filter { $0.hasPrefix("/") }
        guard let home = folders.first(where: { access("\($0)/git", X_OK) == 0 }) else { return path }
        return ([home] + folders.filter { $0 != home }).joined(separator: ":")
    }()

    /// Where `git` lies, as far as that is known.
    static var path: String { searchPath.prefix { $0 != ":" } + "/git" }

    /// How a process is started.
    func configuration(_ command: Command) -> Configuration {
        ignoreBrokenPipes()
        var options = PlatformOptions()
        // A session of its own, so that it ends with all that it started.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        return Configuration(
            executable: .name("git"),
            arguments: Arguments(["--git-dir=\(command.repository)"] + command.arguments),
            environment: .custom(environment(command)),
            platformOptions: options
        )
    }

    private func environment(_ command: Command) -> [Environment.Key: String] {
        var settings = Self.settings
        settings.append(("core.hooksPath", command.hooks == .ofServer ? hooksFolder : "/dev/null"))
        settings.append(("safe.directory", command.repository))
        settings += RefName.hiddenFromPushes.map { (name: "receive.hideRefs", value: $0) }
        settings += command.settings
        var variables = [
            "PATH": Self.searchPath,
            "HOME": home, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_COUNT": String(settings.count),
            // Security: what is asked for is what lies there, not what refs/replace puts in its place.
            "GIT_NO_REPLACE_OBJECTS": "1",
            // Trees of some hundred KB are taken apart by the thousand: `git` spends a tenth of a large push on giving their
            // memory back to the system and asking for it again, unless glibc keeps it. Up to 32 MB a piece, 64 MB in all.
            "MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "67108864",
            // A push is refused whose server is no more.
            PushGuard.serverVariable: String(getpid()),
        ]
        for (index, setting) in settings.enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = setting.name
            variables["GIT_CONFIG_VALUE_\(index)"] = setting.value
        }
        variables.merge(command.variables) { _, given in given }
        return Dictionary(
            uniqueKeysWithValues: variables.compactMap { name, value in
                Environment.Key(rawValue: name).map { ($0, value) }
            }
        )
    }

    private static let lockPatienceMs = "\(Git.lockPatience.components.seconds * 1_000)"

    /// What holds for every process, whatever the configuration of a repository says.
    private static let settings: [(name: String, value: String)] = [
        ("init.defaultBranch", "main"),
        // Security: no address is opened, neither of a file nor of another server, unless a command says so.
        ("protocol.allow", "never"),
        ("protocol.file.allow", "never"),
        // Security: objects are looked at before they are taken: no .git in a tree, no option in a .gitmodules.
        ("transfer.fsckObjects", "true"), ("receive.fsckObjects", "true"), ("fetch.fsckObjects", "true"),
        // Old histories have these, and they harm nobody.
        ("receive.fsck.badTimezone", "ignore"), ("fetch.fsck.badTimezone", "ignore"),
        ("receive.fsck.missingSpaceBeforeDate", "ignore"), ("fetch.fsck.missingSpaceBeforeDate", "ignore"),
        ("receive.fsck.zeroPaddedFilemode", "ignore"), ("fetch.fsck.zeroPaddedFilemode", "ignore"),
        ("transfer.hideRefs", "refs/roost"), ("receive.advertisePushOptions", "true"),
        ("receive.denyDeleteCurrent", "refuse"),
        // What a server that was killed has locked is free again within this time.
        ("core.filesRefLockTimeout", lockPatienceMs), ("core.packedRefsTimeout", lockPatienceMs),
        // A push becomes one pack, which one sync makes durable.
        ("transfer.unpackLimit", "1"), ("core.fsync", "all"),
        ("uploadpack.allowFilter", "true"), ("uploadpack.allowAnySHA1InWant", "true"),
        ("transfer.advertiseObjectInfo", "true"),
        // The server says when there is time for it.
        ("receive.autogc", "false"), ("gc.auto", "0"), ("maintenance.auto", "false"),
        // Large files are streamed rather than held.
        ("core.bigFileThreshold", "32m"), ("pack.windowMemory", "256m"),
    ]
}

extension Execution where Input == CustomWriteInput {
    /// Gives a process all of its input.
    ///
    /// One that ends before it has read it says why by itself. Left to the library (1.0.2), a write that fails leaves the pipe
    /// open, for which it ends the whole server.
    fileprivate func tell(_ bytes: [UInt8]) async throws {
        do {
            _ = try await standardInputWriter.write(bytes)
        } catch  where error.code == .failedToWriteToSubprocess {}
        try await standardInputWriter.finish()
    }
}

/// A fault of the `git` program or of how it was run.
package struct GitError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A process may end while somebody still writes to it; that is an error of the write and no reason to end.
private func ignoreBrokenPipes() {
    _ = brokenPipesAreIgnored
}

private let brokenPipesAreIgnored: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return true
}()
