/// A value of a metric, as people read it and hold it against another.
struct ComparedMetric: Equatable {
    let number: Double

    init(_ number: Double) { self.number = number }

    static func == (one: ComparedMetric, other: ComparedMetric) -> Bool {
        one.number == other.number || one.number.isNaN && other.number.isNaN
    }

    var text: String { MetricNumber(value: number).text }

    /// How far it lies from another: `▲ +0.02 (+2.1 %)`; nil where there is no number, or no difference.
    func difference(from other: ComparedMetric) -> Difference? {
        let distance = number - other.number
        guard distance.isFinite, distance != 0, number.magnitude < .greatestFiniteMagnitude,
            other.number.magnitude < .greatestFiniteMagnitude
        else { return nil }
        return Difference(
            distance: distance,
            percent: other.number == 0 ? nil : distance / other.number.magnitude * 100
        )
    }

    struct Difference: Equatable {
        let distance: Double
        /// Nil where the other is nought.
        let percent: Double?

        var isUp: Bool { distance > 0 }

        var text: String {
            let mark = isUp ? "▲ +" : "▼ −"
            let size = MetricNumber(value: distance.magnitude, digits: 3).text
            guard let percent else { return mark + size }
            let share = MetricNumber(value: percent.magnitude, digits: 3).text
            return "\(mark)\(size) (\(isUp ? "+" : "−")\(share) %)"
        }
    }
}
