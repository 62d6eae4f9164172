/// The text of a filter or of an order term, by code points as MLflow counts them.
package struct FilterText {
    /// Far more than any client writes: some two thousand run ids in a list.
    package static let longest = 100_000

    package let scalars: [Unicode.Scalar]

    package init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.longest else {
            throw .invalid("Filter string is longer than \(Self.longest) bytes.")
        }
        scalars = Array(text.unicodeScalars)
    }

    package subscript(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    package var whole: String { self[scalars.indices] }

    /// What is wrong, followed by where: the number of the character from 1 and the text that stands there.
    package func failure(_ message: String, at span: Range<Int>) -> Failure {
        guard !span.isEmpty else {
            return .invalid("\(message) (at character \(span.lowerBound + 1): end of filter)")
        }
        let shown = span.count > 40 ? self[span.prefix(40)] + "…" : self[span]
        return .invalid("\(message) (at character \(span.lowerBound + 1): `\(shown)`)")
    }
}
