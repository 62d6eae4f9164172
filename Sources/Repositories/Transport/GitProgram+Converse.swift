import Core
import NIOCore
import Subprocess
import Synchronization
import SystemPackage

extension GitProgram {
    private static let errorLimitBytes = 8_192

    /// Lets a client speak with a process, both at the same time.
    ///
    /// The process ends with all that it started where the client goes away or the limits of a conversation are reached.
    ///
    /// - Parameters:
    ///   - command: What to run.
    ///   - request: What the client sends.
    ///   - write: Takes what the process says.
    /// - Throws: `GitError` where it fails before it has said anything; what `request` and `write` throw.
    func converse<Request: AsyncSequence & Sendable>(
        _ command: Command,
        reading request: Request,
        to write: (ByteBuffer) async throws -> Void
    ) async throws where Request.Element == ByteBuffer {
        try await slots.hold(for: command.client) {
            let input = try await ProcessInput.open()
            try await input.channel.executeThenClose { _, writer in
                try await converse(command, reading: request, through: (input.end, writer), to: write)
            }
        }
    }

    private func converse<Request: AsyncSequence & Sendable>(
        _ command: Command,
        reading request: Request,
        through input: (end: SystemPackage.FileDescriptor, writer: ProcessInput.Writer),
        to write: (ByteBuffer) async throws -> Void
    ) async throws where Request.Element == ByteBuffer {
        let watch = Watch()
        var saidBytes = 0
        var gone: (any Error)?
        let result = try await Subprocess.run(
            configuration(command),
            input: .fileDescriptor(input.end, closeAfterSpawningProcess: true),
            output: .sequence,
            error: .sequence
        ) { execution in
            try await withThrowingTaskGroup(of: String?.self) { group in
                // Where one of these fails, the process ends and with it what it says, so that all is over.
                group.addTask {
                    try await execution.endedWhereThrown {
                        try await Self.feed(request, to: input.writer, watch)
                    }
                }
                group.addTask { try await Self.firstWords(of: execution.standardError) }
                group.addTask {
                    try await execution.endedWhereThrown {
                        try await watch.fail(by: limits)
                    }
                }
                for try await piece in execution.standardOutput {
                    watch.note()
                    saidBytes += piece.count
                    guard gone == nil else { continue }
                    do {
                        try await write(piece.withUnsafeBytes { ByteBuffer(bytes: $0) })
                    } catch {
                        guard command.outlivesClient else { throw error }
                        gone = error
                    }
                }
                // What the client still sends is of no use any more.
                group.cancelAll()
                var words = ""
                while let said = await group.nextResult() {
                    switch said {
                    case .success(let text): words = text ?? words
                    case .failure(is CancellationError): continue
                    case .failure(let error): throw error
                    }
                }
                try Task.checkCancellation()
                return words
            }
        }
        if let gone { throw gone }
        if !result.terminationStatus.isSuccess, saidBytes == 0 {
            throw GitError("git \(command.arguments.first ?? "") failed: \(result.closureResult)")
        }
    }

    private static func feed<Request: AsyncSequence>(
        _ request: Request,
        to input: ProcessInput.Writer,
        _ watch: Watch
    ) async throws where Request.Element == ByteBuffer {
        // Whether all has come or not: the process finds its input at an end.
        defer { input.finish() }
        for try await piece in request {
            watch.note()
            do {
                try await input.write(piece)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // The process has ended and says why by itself.
                return
            }
        }
    }

    /// Reads what a process complains of to the end, and keeps the beginning.
    private static func firstWords(of error: SubprocessOutputSequence) async throws -> String? {
        var words: [UInt8] = []
        for try await piece in error where words.count < errorLimitBytes {
            piece.withUnsafeBytes { words += $0.prefix(errorLimitBytes - words.count) }
        }
        return String(decoding: words, as: UTF8.self)
    }
}

extension Execution {
    /// Runs a body, and ends the process where it throws, if it does not end by itself.
    ///
    /// `git` that finds its input at an end clears away what it began; one that is told to end may be too hasty for that.
    fileprivate func endedWhereThrown(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch {
            let isOver = (try? await Task.sleep(for: .seconds(5))) == nil
            // A process that has ended already cannot be told.
            if !isOver { try? send(signal: .terminate, toProcessGroup: true) }
            throw error
        }
    }
}

/// Knows when something was said last.
private final class Watch: Sendable {
    private let start = ContinuousClock.now
    private let last = Mutex(ContinuousClock.now)

    func note() { last.withLock { $0 = .now } }

    /// Waits until nothing has been said for too long, or too long has been spoken.
    func fail(by limits: ConversationLimits) async throws {
        let end = start + limits.longest
        while true {
            let now = ContinuousClock.now
            let quietEnd = last.withLock { $0 } + limits.quiet
            if quietEnd <= now { throw GitError("nothing was said for \(limits.quiet)") }
            if end <= now { throw GitError("it lasted for \(limits.longest)") }
            try await Task.sleep(until: min(end, quietEnd), clock: .continuous)
        }
    }
}
