import Core
import Tracking

/// A metric's history as a small line, for browsers that run no script and until a chart is there.
struct MetricSketch {
    private static let (width, height, margin) = (320.0, 90.0, 4.0)

    let points: [Metric]
    let mark: RunMark

    var html: HTML {
        let shown = points.filter(\.value.isFinite)
        guard let first = shown.first else { return "<p class=\"quiet\">No numbers to draw.</p>" }
        let values = shown.map(\.value)
        let (low, high) = (values.min() ?? first.value, values.max() ?? first.value)
        return """
            <svg class="metric-sketch run-ink-\(mark.colour)" viewBox="0 0 320 90" preserveAspectRatio="none" role="img" \
            aria-label="From \(MetricNumber(value: first.value).text) to \(MetricNumber(value: values.last ?? 0).text), \
            lowest \(MetricNumber(value: low).text), highest \(MetricNumber(value: high).text)">\
            \(shown.count == 1 ? dot : line(shown, low, high))</svg>
            """
    }

    private var dot: HTML { "<circle cx=\"160\" cy=\"45\" r=\"3\" fill=\"currentColor\"/>" }

    private func line(_ points: [Metric], _ low: Double, _ high: Double) -> HTML {
        let steps = points.map { Double($0.step) }
        let (start, end) = (steps.min() ?? 0, steps.max() ?? 0)
        let places = points.enumerated().map { place, point in
            let along =
                end > start
                ? (Double(point.step) - start) / (end - start) : Double(place) / Double(points.count - 1)
            // Halves, since the distance of the largest numbers is none.
            let up = high > low ? (point.value / 2 - low / 2) / (high / 2 - low / 2) : 0.5
            let (x, y) = (Self.scaled(along, Self.width), Self.scaled(1 - up, Self.height))
            return "\(x),\(y)"
        }
        return """
            <polyline points="\(places.joined(separator: " "))" fill="none" stroke="currentColor" \
            stroke-width="1.5" vector-effect="non-scaling-stroke"/>
            """
    }

    private static func scaled(_ share: Double, _ size: Double) -> Double {
        ((margin + share * (size - 2 * margin)) * 10).rounded() / 10
    }
}
