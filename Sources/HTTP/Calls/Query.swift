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
