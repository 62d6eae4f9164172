import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Takes lines and writes them to standard error: many at once and a moment later, so that no request waits for a disk or
/// a terminal.
final class LogOutput: Sendable {
    private struct State {
        var lines: [UInt8] = []
        var isScheduled = false
        /// Lines that were dropped because nobody takes what is written.
        var droppedCount = 0
    }

    private static let limitBytes = 4 << 20

    private let state = Mutex(State())
    private let descriptor: Int32
    /// Its own, since it waits as long as nobody reads what is written.
    private let thread = NIOThreadPool(numberOfThreads: 1)

    init(descriptor: Int32 = STDERR_FILENO) {
        self.descriptor = descriptor
        thread.start()
    }

    func append(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard state.lines.count + line.count < Self.limitBytes else {
                state.droppedCount += 1
                return false
            }
            state.lines.append(contentsOf: line)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard isFirst else { return }
        MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: .milliseconds(50)) {
            self.thread.submit { _ in self.flush() }
        }
    }

    /// Writes what has come so far, and what comes meanwhile.
    func flush() {
        while let lines = takeLines() { write(lines) }
    }

    /// Nil where nothing is left; until then no other write is scheduled.
    private func takeLines() -> [UInt8]? {
        state.withLock { state in
            if state.droppedCount > 0 {
                state.lines.append(contentsOf: "… \(state.droppedCount) lines of the log were dropped\n".utf8)
            }
            guard !state.lines.isEmpty else {
                state.isScheduled = false
                return nil
            }
            defer {
                state.lines = []
                state.droppedCount = 0
            }
            return state.lines
        }
    }

    private func write(_ lines: [UInt8]) {
        var rest = lines[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // There is nobody left to tell that standard error is gone.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
