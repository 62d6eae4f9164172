import HTTP

/// An address on this server, put together from pieces that are each escaped.
///
///     Address("/ann/iris")["experiments"]["7"].with("filter", "metrics.acc > 0.9")
struct Address: Sendable, Hashable, CustomStringConvertible {
    private let path: String
    private var query: String = ""

    /// - Parameter path: A path of ours, escaped already; empty for the root.
    init(_ path: String) { self.path = path }

    private init(_ path: String, _ query: String) {
        self.path = path
        self.query = query
    }

    /// One segment more; what it holds stays within it.
    subscript(segment: String) -> Address { Address(path + "/" + PercentEncoding.segment(segment)) }

    /// Segments more, split at the slashes of a path.
    func below(_ path: String) -> Address {
        path.split(separator: "/").reduce(self) { $0[String($1)] }
    }

    /// With a word of the query; without it where the value is nil.
    func with(_ key: String, _ value: String?) -> Address {
        guard let value else { return self }
        let pair = PercentEncoding.segment(key) + "=" + PercentEncoding.segment(value)
        return Address(path, query + (query.isEmpty ? "?" : "&") + pair)
    }

    var text: String { (path.isEmpty ? "/" : path) + query }
    var description: String { text }
}

extension HTML.Interpolation {
    mutating func appendInterpolation(_ address: Address) { appendInterpolation(address.text) }
}
