/// What stood in a path where its pattern has parameters, decoded exactly once.
package struct PathParameters: Sendable {
    private let names: [Substring]
    private var values: [String] = []

    /// - Returns: nil where a value is not percent-encoded UTF-8.
    package init?(names: [Substring], values: [Substring]) {
        self.names = names
        for value in values {
            guard let decoded = PercentEncoding.decoded(value.utf8) else { return nil }
            self.values.append(decoded)
        }
    }

    package subscript(name: String) -> String? {
        names.firstIndex { $0 == name }.map { values[$0] }
    }
}
