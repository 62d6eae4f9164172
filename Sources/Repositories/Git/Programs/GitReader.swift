import Core
import Subprocess

/// The `git` program, for what it does better than a library: searches that its indexes serve, and long outputs.
struct GitReader {
    let repository: String
    /// Who asks; nil for the server itself.
    let client: String?
    let slots: ReaderSlots
    /// How fast a client must take what it is given piece by piece.
    let pace: Pace

    /// Security: nothing of the server's environment reaches it but where programs are, it reads no configuration but the repository's, runs no
    /// hook, asks nobody, and takes paths as they are.
    private var environment: Environment {
        .custom([
            "PATH": GitProgram.searchPath,
            "LC_ALL": "C.UTF-8",
            "HOME": "/nonexistent",
            "GIT_DIR": repository,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_COUNT": "3",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": repository,
            "GIT_CONFIG_KEY_1": "core.hooksPath",
            "GIT_CONFIG_VALUE_1": "/dev/null",
            "GIT_CONFIG_KEY_2": "core.fsmonitor",
            "GIT_CONFIG_VALUE_2": "false",
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ATTR_NOSYSTEM": "1",
        ])
    }

    /// What it writes, whole.
    ///
    /// - Throws: `GitReaderError` if it fails, `Failure.tooLarge` if it writes more than `limitBytes`.
    func output(of arguments: [[UInt8]], limitBytes: Int) async throws -> [UInt8] {
        var output: [UInt8] = []
        try await slots.answers.hold(for: client) {
            try await run(arguments) { try Self.append($0, to: &output, limitBytes: limitBytes) }
        }
        return output
    }

    /// What it has written when it ends, or when the time is over, which ends it.
    ///
    /// - Returns: The output, and whether it is all of it.
    /// - Throws: `GitReaderError` if it fails, `Failure.tooLarge` if it writes more than `limitBytes`.
    func output(
        of arguments: [[UInt8]],
        limitBytes: Int,
        within limit: Duration
    ) async throws -> (bytes: [UInt8], isWhole: Bool) {
        guard limit > .zero else { return ([], false) }
        return try await withThrowingTaskGroup(of: (bytes: [UInt8], isWhole: Bool)?.self) { group in
            group.addTask { try await outputUntilCancelled(of: arguments, limitBytes: limitBytes) }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            if let output = try await group.next() ?? nil { return output }
            group.cancelAll()
            guard let output = try await group.next() ?? nil else {
                preconditionFailure("two tasks were added")
            }
            return output
        }
    }

    private func outputUntilCancelled(
        of arguments: [[UInt8]],
        limitBytes: Int
    ) async throws -> (bytes: [UInt8], isWhole: Bool) {
        var output: [UInt8] = []
        do {
            try await slots.answers.hold(for: client) {
                try await run(arguments) { try Self.append($0, to: &output, limitBytes: limitBytes) }
            }
        } catch  where Task.isCancelled {
            // How it ended is what the end of the time did to it.
            return (output, false)
        }
        return (output, true)
    }

    private static func append(_ piece: [UInt8], to output: inout [UInt8], limitBytes: Int) throws(Failure) {
        guard output.count + piece.count <= limitBytes else {
            throw Failure(.tooLarge, "The answer would be larger than \(limitBytes) bytes")
        }
        output.append(contentsOf: piece)
    }

    /// Gives what it writes piece by piece; it waits while a piece is taken.
    ///
    /// If the body throws, or the task is cancelled, it is ended.
    ///
    /// - Throws: `SlowClient` where the body takes pieces too slowly for anybody to wait for; what the body throws.
    func pieces(of arguments: [[UInt8]], _ body: ([UInt8]) async throws -> Void) async throws {
        try await slots.streams.hold(for: client) {
            var meter = Pace.Meter(pace)
            try await run(arguments) { piece in
                let start = ContinuousClock.now
                try await body(piece)
                try meter.note(piece.count, after: .now - start)
            }
        }
    }

    private func run(_ arguments: [[UInt8]], _ body: ([UInt8]) async throws -> Void) async throws {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        let result = try await Subprocess.run(
            .name("git"),
            // Each is read up to its NUL, which is for us to put there.
            arguments: Arguments(arguments.map { $0 + [0] }),
            environment: environment,
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .string(limit: 16_384)
        ) { execution in
            for try await buffer in execution.standardOutput {
                try await body(buffer.withUnsafeBytes { Array($0) })
            }
        }
        guard case .exited(0) = result.terminationStatus else {
            throw GitReaderError(
                status: "\(result.terminationStatus)",
                message: result.standardError
            )
        }
    }
}

/// How many programs read at a time.
struct ReaderSlots {
    /// What is short and waits for nobody: histories, blame.
    let answers = GitSlots(count: 16)
    /// What lasts for as long as a client takes: archives, large files.
    let streams = GitSlots(count: 16)
}

/// The `git` program has failed; a fault of the server, for what it is asked was checked before.
struct GitReaderError: Error, CustomStringConvertible {
    let status: String
    let message: String

    var description: String { "git: \(status): \(message)" }
}
