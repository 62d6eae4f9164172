/// The words after the `?` of an address.
package struct Query: Sendable {
    /// Keys and values in their order, decoded.
    package let pairs: [(key: String, value: String)]

    package init(_ text: String?) {
        pairs = (text ?? "").utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (
                PercentEncoding.formDecoded(pair[..<equals]),
                PercentEncoding.formDecoded(pair[equals...].dropFirst())
            )
        }
    }

    /// Whether it is worth to look for a key: false where no pair of a query begins with it as it stands.
    package static func mayHave(_ key: String, in text: String) -> Bool {
        var rest = text.utf8[...]
        while !rest.starts(with: key.utf8) {
            guard let end = rest.firstIndex(of: UInt8(ascii: "&")) else { return false }
            rest = rest[rest.index(after: end)...]
        }
        return true
    }

    package var isEmpty: Bool { pairs.isEmpty }

    /// The first value of a key, as MLflow reads it.
    package subscript(key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }

    /// Every value of a key.
    package func all(_ key: String) -> [String] {
        pairs.filter { $0.key == key }.map(\.value)
    }
}
