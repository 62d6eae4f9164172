package import HTTPTypes
import Metrics

/// How often a route was asked, how that went, and how long it took.
///
/// Labels are patterns of routes, never what callers wrote, so their number has a bound.
package struct RouteMeasures: Sendable {
    private let byStatusClass: [Counter]
    private let seconds: Metrics.Timer

    package init(method: String, route: String) {
        let labels = [("method", method), ("route", route)]
        byStatusClass = (1...5).map {
            Counter(label: "roost_http_requests_total", dimensions: labels + [("status", "\($0)xx")])
        }
        seconds = Metrics.Timer(label: "roost_http_request_seconds", dimensions: labels)
    }

    package func record(status: HTTPResponse.Status, _ duration: Duration) {
        let index = status.code / 100 - 1
        if byStatusClass.indices.contains(index) { byStatusClass[index].increment() }
        let (seconds, attoseconds) = duration.components
        self.seconds.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
