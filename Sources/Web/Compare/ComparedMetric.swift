/// A value of a metric, as people read it and hold it against another.
struct ComparedMetric: Equatable {
    let number: Double

    init(_ number: Double) { self.number = number }

    static func == (one: ComparedMetric, other: ComparedMetric) -> Bool {
        one.number == other.number || one.number.isNaN && other.number.isNaN
    }

    /// With five digits that count; infinities are stored as the largest numbers.
    var text: String {
        if number.isNaN { return "NaN" }
        if number.magnitude >= .greatestFiniteMagnitude { return number > 0 ? "∞" : "−∞" }
        if number.magnitude < 1e15, number == number.rounded() { return String(Int64(number)) }
        let rounded = Self.rounded(number, digits: 5)
        let text = rounded.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

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
            let size = ComparedMetric(ComparedMetric.rounded(distance.magnitude, digits: 3)).text
            guard let percent else { return mark + size }
            let share = ComparedMetric(ComparedMetric.rounded(percent.magnitude, digits: 3)).text
            return "\(mark)\(size) (\(isUp ? "+" : "−")\(share) %)"
        }
    }

    static func rounded(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let (low, high) = (powerOfTen(digits - 1), powerOfTen(digits))
        var size = value.magnitude
        var places = 0
        while size >= high, places > -400 {
            size /= 10
            places -= 1
        }
        while size < low, places < 400 {
            size *= 10
            places += 1
        }
        // A power of ten is exact up to 10²²; further out the number is near enough as it is.
        guard (-22...22).contains(places) else { return value }
        let scale = powerOfTen(abs(places))
        return places < 0 ? (value / scale).rounded() * scale : (value * scale).rounded() / scale
    }

    private static func powerOfTen(_ power: Int) -> Double {
        (0..<power).reduce(1) { power, _ in power * 10 }
    }
}
