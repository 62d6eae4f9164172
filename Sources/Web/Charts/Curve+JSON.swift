import Core
import Tracking

extension Curve {
    /// Writes a column for each thing of the points; times count from the first point.
    func write(to json: inout JSONWriter) {
        let start = points.first?.timestamp ?? 0
        json.object { json in
            json.field("run", run)
            json.field("key", key)
            json.field("thinned", isThinned)
            json.field("start", start)
            json.array("step") { json in for point in points { json.value(point.step) } }
            json.array("time") { json in for point in points { json.value(point.timestamp &- start) } }
            json.array("value") { json in for point in points { json.value(Self.shown(point.value)) } }
            guard points.contains(where: { $0.range != nil }) else { return }
            json.array("low") { json in
                for point in points { Self.write(point.range?.lowerBound, to: &json) }
            }
            json.array("high") { json in
                for point in points { Self.write(point.range?.upperBound, to: &json) }
            }
        }
    }

    private static func write(_ end: Double?, to json: inout JSONWriter) {
        if let end { json.value(shown(end)) } else { json.null() }
    }

    /// The largest numbers are how infinities are stored.
    fileprivate static func shown(_ value: Double) -> Double {
        switch value {
        case .greatestFiniteMagnitude: .infinity
        case -.greatestFiniteMagnitude: -.infinity
        default: value
        }
    }
}

extension Run {
    /// Charts tell values apart by so many letters; longer ones would make the answer too large for a browser.
    ///
    /// Which ones are cut is told beside them.
    private static let mostLetters = 200

    /// Writes what charts place a run by.
    func writeForCharts(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", info.id)
            json.field("name", info.shownName.text)
            json.field("experiment", String(info.experimentID))
            json.field("status", info.status.word)
            json.field("user", info.userID)
            json.field("start", info.startTime)
            if let end = info.endTime { json.field("end", end) }
            json.object("params") { json in
                for param in params {
                    json.key(param.key)
                    json.value(param.value.shortened(to: Self.mostLetters))
                }
            }
            let cut =
                params.filter { $0.value.count > Self.mostLetters }.map { "params.\($0.key)" }
                + tags.filter { $0.value.count > Self.mostLetters }.map { "tags.\($0.key)" }
            if !cut.isEmpty { json.array("cut") { json in for name in cut { json.value(name) } } }
            json.object("metrics") { json in
                for metric in metrics {
                    json.key(metric.key)
                    json.value(Curve.shown(metric.value))
                }
            }
            json.object("tags") { json in
                for tag in tags where !tag.key.hasPrefix("mlflow.") || tag.key == "mlflow.parentRunId" {
                    json.key(tag.key)
                    json.value(tag.value.shortened(to: Self.mostLetters))
                }
            }
        }
    }
}
