/// Markup in which the text of a literal is trusted and the values interpolated into it are escaped.
///
///     let row: HTML = "<td title=\"\(run.name)\">\(run.name)</td>"
///
/// A fragment within a literal stays markup, as do lists of fragments and fragments that may be absent. Attributes are always
/// quoted; nothing is interpolated into a script or a style.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    private(set) var text: String

    /// Security: the one way around escaping; what comes in here was written by us or by a renderer that lets nothing through.
    init(trusted text: String) { self.text = text }

    init(stringLiteral text: String) { self.text = text }

    init(stringInterpolation parts: Interpolation) { text = parts.text }

    /// Text as it is shown.
    init(_ text: some StringProtocol) {
        var parts = Interpolation(literalCapacity: text.utf8.count, interpolationCount: 1)
        parts.appendInterpolation(text)
        self.text = parts.text
    }

    static let empty: HTML = ""

    var isEmpty: Bool { text.isEmpty }

    static func + (first: HTML, second: HTML) -> HTML { HTML(trusted: first.text + second.text) }

    static func += (first: inout HTML, second: HTML) { first.text += second.text }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate(set) var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ fragment: HTML) { text += fragment.text }

        mutating func appendInterpolation(_ fragment: HTML?) { text += fragment?.text ?? "" }

        mutating func appendInterpolation(_ fragments: some Sequence<HTML>) {
            for fragment in fragments { text += fragment.text }
        }

        mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }

        /// Security: all that means something to a browser in text and in quoted attributes.
        mutating func appendInterpolation(_ value: some StringProtocol) {
            guard value.utf8.contains(where: Self.isMarkup) else {
                text += value
                return
            }
            for scalar in value.unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                case "\0": text += "\u{fffd}"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }

        private static func isMarkup(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
                UInt8(ascii: "'"), 0:
                true
            default: false
            }
        }
    }
}

extension Sequence<HTML> {
    func joined(separator: HTML = .empty) -> HTML {
        var result = HTML.empty
        for (place, fragment) in enumerated() {
            if place > 0 { result += separator }
            result += fragment
        }
        return result
    }
}
