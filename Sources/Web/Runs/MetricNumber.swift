import Glibc

/// A metric with as many digits as tell values apart, as `core/format.js` writes it.
struct MetricNumber {
    private static let digits = 5

    let value: Double

    var text: String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "∞" : "−∞" }
        if value == 0 { return "0" }
        let size = abs(value)
        if size < 1e9, value == value.rounded() { return String(Int64(value)) }
        if size >= 1e6 || size < 1e-4 { return exponential }
        return Self.plain(rounded(to: Self.digits))
    }

    /// All of its digits.
    var exact: String { Self.plain(value) }

    private var exponent: Int { Int(log10(abs(value)).rounded(.down)) }

    private func rounded(to digits: Int) -> Double {
        let scale = pow(10, Double(digits - 1 - exponent))
        return (value * scale).rounded() / scale
    }

    private var exponential: String {
        var exponent = exponent
        var thousandths = Int64((abs(value) / pow(10, Double(exponent)) * 1_000).rounded())
        if thousandths >= 10_000 {
            thousandths /= 10
            exponent += 1
        }
        let digits = String(thousandths)
        let mantissa = digits.prefix(1) + "." + digits.dropFirst()
        return "\(value < 0 ? "-" : "")\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
    }

    private static func plain(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
