import API
import Metrics
import Testing

@Suite struct PrometheusTests {
    @Test func `what is counted is written as Prometheus reads it`() {
        let prometheus = Prometheus()
        let requests = Counter(label: "requests_total", dimensions: [("route", "a\"b")], factory: prometheus)
        _ = Counter(label: "nothing_total", dimensions: [], factory: prometheus)
        let seconds = Metrics.Timer(label: "seconds", dimensions: [], factory: prometheus)
        let gauge = Gauge(label: "queue", dimensions: [], factory: prometheus)

        requests.increment(by: 2)
        seconds.recordNanoseconds(2_000_000)
        seconds.recordNanoseconds(20_000_000_000)
        gauge.record(3)

        let text = withExtendedLifetime((requests, seconds, gauge)) { prometheus.text }
        #expect(text.contains("# TYPE requests_total counter\nrequests_total{route=\"a\\\"b\"} 2\n"))
        #expect(text.contains("# TYPE queue gauge\nqueue 3.0\n"))
        #expect(text.contains("seconds_bucket{le=\"0.001\"} 0\n"))
        #expect(text.contains("seconds_bucket{le=\"0.0025\"} 1\n"))
        #expect(text.contains("seconds_bucket{le=\"+Inf\"} 2\n"))
        #expect(text.contains("seconds_sum 20.002\nseconds_count 2\n"))
        #expect(!text.contains("nothing"))
    }
}
