import Glibc

/// A metric with as many digits as tell values apart, as `core/format.js` writes it.
struct MetricNumber {
    let value: Double
    var digits = 5

    /// Infinities are stored as the largest numbers.
    var text: String {
        if value.isNaN { return "NaN" }
        if value.magnitude >= .greatestFiniteMagnitude { return value > 0 ? "∞" : "−∞" }
        if value == 0 { return "0" }
        let size = abs(value)
        if size < 1e9, value == value.rounded() { return String(Int64(value)) }
        if size >= 1e6 || size < 1e-4 { return exponential }
        return Self.plain(rounded)
    }

    /// All of its digits.
    var exact: String { Self.plain(value) }

    private var exponent: Int { Int(log10(abs(value)).rounded(.down)) }

    private var rounded: Double {
        let scale = pow(10, Double(digits - 1 - exponent))
        return (value * scale).rounded() / scale
    }

    private var exponential: String {
        var exponent = exponent
        let parts = pow(10, Double(digits - 2))
        // The power that belongs to the smallest numbers is none of them.
        let (number, power) = exponent < -300 ? (abs(value) * 1e20, exponent + 20) : (abs(value), exponent)
        var size = Int64((number / pow(10, Double(power)) * parts).rounded())
        if size >= Int64(parts) * 10 {
            size /= 10
            exponent += 1
        }
        let text = String(size)
        let mantissa = text.prefix(1) + "." + text.dropFirst()
        return "\(value < 0 ? "-" : "")\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
    }

    private static func plain(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
