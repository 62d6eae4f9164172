package import CoreMetrics
import Synchronization

/// Keeps what the program counts, and writes it as Prometheus reads it.
///
/// It is bootstrapped once, before the routes are made. Series that nothing was counted in are left out.
package final class Prometheus: MetricsFactory {
    private let series = Mutex<[any Series]>([])

    package init() {}

    /// Everything, in Prometheus' text format.
    package var text: String {
        let filled = series.withLock { series in series.filter { !$0.isEmpty } }
        var result = ""
        var lastName = ""
        for series in filled.sorted(by: { ($0.name, $0.labels) < ($1.name, $1.labels) }) {
            if series.name != lastName {
                result += "# TYPE \(series.name) \(series.type)\n"
                lastName = series.name
            }
            result += series.lines
        }
        return result
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        add(CounterSeries(label, dimensions))
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        add(GaugeSeries(label, dimensions))
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return add(HistogramSeries(label, dimensions)) }
        return add(GaugeSeries(label, dimensions))
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        add(HistogramSeries(label, dimensions))
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func add<S: Series>(_ new: S) -> S {
        series.withLock { $0.append(new) }
        return new
    }

    private func remove(_ handler: AnyObject) {
        series.withLock { $0.removeAll { $0 === handler } }
    }
}
