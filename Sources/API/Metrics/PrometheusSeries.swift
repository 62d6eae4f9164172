import CoreMetrics
import Synchronization

/// The numbers under one name and one set of labels.
protocol Series: AnyObject, Sendable {
    var name: String { get }
    /// As they are written, with their braces; put together when they are asked for, as most series never are.
    var labels: String { get }
    var type: StaticString { get }
    var isEmpty: Bool { get }
    var lines: String { get }
}

final class CounterSeries: Series, CounterHandler {
    let name: String
    private let dimensions: [(String, String)]
    private let count = Atomic<Int64>(0)

    init(_ name: String, _ labels: [(String, String)]) {
        self.name = name
        dimensions = labels
    }

    let type: StaticString = "counter"
    var labels: String { text(dimensions) }

    func increment(by amount: Int64) { count.add(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    var isEmpty: Bool { count.load(ordering: .relaxed) == 0 }
    var lines: String { "\(name)\(labels) \(count.load(ordering: .relaxed))\n" }
}

final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    let name: String
    private let dimensions: [(String, String)]
    private let value = Mutex<Double?>(nil)

    init(_ name: String, _ labels: [(String, String)]) {
        self.name = name
        dimensions = labels
    }

    let type: StaticString = "gauge"
    var labels: String { text(dimensions) }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 = ($0 ?? 0) + amount } }
    func decrement(by amount: Double) { increment(by: -amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    var isEmpty: Bool { value.withLock { $0 == nil } }
    var lines: String { "\(name)\(labels) \(value.withLock { $0 ?? 0 })\n" }
}

/// Counts by size; durations come as nanoseconds and are written as seconds.
final class HistogramSeries: Series, TimerHandler, RecorderHandler {
    private struct State {
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
    }

    private static let bounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    let name: String
    private let dimensions: [(String, String)]
    private let state = Mutex(State())

    init(_ name: String, _ labels: [(String, String)]) {
        self.name = name
        dimensions = labels
    }

    let type: StaticString = "histogram"
    var labels: String { text(dimensions) }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) {
        let index = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock {
            $0.counts[index] += 1
            $0.sum += value
        }
    }

    var isEmpty: Bool { state.withLock { !$0.counts.contains { $0 > 0 } } }
    var lines: String {
        let state = state.withLock { $0 }
        var total = 0
        var result = ""
        for (index, count) in state.counts.enumerated() {
            total += count
            let bound = index < Self.bounds.count ? String(Self.bounds[index]) : "+Inf"
            result += "\(name)_bucket\(text(dimensions + [("le", bound)])) \(total)\n"
        }
        return result + "\(name)_sum\(labels) \(state.sum)\n\(name)_count\(labels) \(total)\n"
    }
}

/// Labels are the program's own words; quotes and backslashes in them are escaped all the same.
private func text(_ labels: [(String, String)]) -> String {
    guard !labels.isEmpty else { return "" }
    let pairs = labels.map { name, value in
        let escaped: String = value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "\(name)=\"\(escaped)\""
    }
    return "{" + pairs.joined(separator: ",") + "}"
}
