import Core
import Glibc
import Synchronization
import Tracking

/// Says on standard error how far an import is: a bar on a terminal, a line now and then elsewhere.
final class ImportProgress: Sendable {
    private struct State {
        var runs = 0
        var total: Int?
        var toldMs: Int64 = 0
        var isBarThere = false
    }

    private let state = Mutex(State())
    private let clock: Clock
    private let isTerminal: Bool
    private let isSilent: Bool

    private static let barWidth = 30

    init(isSilent: Bool, isTerminal: Bool = isatty(STDERR_FILENO) == 1, clock: Clock = .system) {
        self.isSilent = isSilent
        self.isTerminal = isTerminal
        self.clock = clock
    }

    func start(total: Int?) {
        state.withLock { state in
            state.total = total
            state.toldMs = clock.nowMs()
        }
    }

    func countRun() {
        state.withLock { $0.runs += 1 }
    }

    /// Tells how far it is, unless it has just been told.
    func tell(_ report: ImportReport.State) {
        guard !isSilent else { return }
        let line = state.withLock { state -> String? in
            let nowMs = clock.nowMs()
            guard nowMs - state.toldMs >= (isTerminal ? 200 : 10_000) else { return nil }
            state.toldMs = nowMs
            state.isBarThere = isTerminal
            return self.line(state, report)
        }
        if let line { write(isTerminal ? "\r\u{1B}[K" + line : line + "\n") }
    }

    /// Takes the bar away.
    func end() {
        if state.withLock({ $0.isBarThere }) { write("\r\u{1B}[K") }
    }

    private func line(_ state: State, _ report: ImportReport.State) -> String {
        let counts = "\(report.found.points) points, \(report.files) files"
        guard let total = state.total, total > 0 else { return "\(state.runs) runs, \(counts)" }
        let filled = min(Self.barWidth * state.runs / total, Self.barWidth)
        let bar =
            String(repeating: "=", count: filled) + String(repeating: " ", count: Self.barWidth - filled)
        return (isTerminal ? "[\(bar)] " : "") + "\(state.runs) of \(total) runs, \(counts)"
    }

    private func write(_ text: String) {
        // There is nobody left to tell that standard error is gone.
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
