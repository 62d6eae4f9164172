/// The names under which this server may be called.
package struct AllowedHosts: Sendable {
    /// Names, with or without a port; a name without one goes for every port.
    private let patterns: [TextPattern]
    private let allowPrivateAddresses: Bool

    /// - Parameter patterns: Names such as `mlflow.example.com`, `host:5000`, `*.example.com`; `*` for every name.
    package init(_ patterns: [String]) {
        self.patterns = patterns.map { TextPattern($0.lowercased()) }
        allowPrivateAddresses = false
    }

    private init() {
        patterns = [TextPattern("localhost")]
        allowPrivateAddresses = true
    }

    /// This machine, and the addresses of private networks: nobody outside can make a name of those.
    package static let standard = AllowedHosts()

    package func allow(_ host: String) -> Bool {
        guard !host.isEmpty else { return false }
        let host = host.lowercased()
        let name = Self.name(of: host)
        return allowPrivateAddresses && Self.isPrivateAddress(name)
            || patterns.contains { $0.matches(name) || $0.matches(host) }
    }

    /// A host without its port.
    private static func name(of host: String) -> Substring {
        guard let colon = host.lastIndex(of: ":") else { return host[...] }
        let port = host[host.index(after: colon)...]
        return port.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && !host.hasSuffix("]")
            ? host[..<colon] : host[...]
    }

    /// Whether it is an address, not a name, of this machine or of a private network.
    private static func isPrivateAddress(_ name: Substring) -> Bool {
        if name.hasPrefix("["), name.hasSuffix("]") {
            let address = name.dropFirst().dropLast()
            let isAddress = address.utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
            return isAddress && (address == "::1" || address.hasPrefix("fc") || address.hasPrefix("fd"))
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.count <= 3 && $0.first != "+" ? UInt8($0) : nil }
        guard parts.count == 4, bytes.count == 4 else { return false }
        switch (bytes[0], bytes[1]) {
        case (127, _), (10, _), (192, 168), (172, 16...31): return true
        default: return bytes == [0, 0, 0, 0]
        }
    }
}
