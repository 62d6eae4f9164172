/// A number with as many digits as tell values apart, as `core/format.js` has it.
struct RoundedNumber {
    let value: Double

    var text: String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }
        let size = value.magnitude
        if value == value.rounded(), size < 1e9 { return "\(Int64(value))" }
        guard (1e-4..<1e6).contains(size) else { return "\(value)" }
        var scale = 1.0
        while size * scale < 10_000 { scale *= 10 }
        let text = "\((value * scale).rounded() / scale)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension Int {
    /// With a comma after each thousand: `100,000`.
    var grouped: String {
        let digits = Array(String(magnitude))
        let groups = stride(from: digits.count, to: 0, by: -3).map {
            String(digits[Swift.max(0, $0 - 3)..<$0])
        }
        return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }
}
