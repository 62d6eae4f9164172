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
        guard let address = fourBytes(name) else { return false }
        switch (address >> 24, address >> 16 & 0xFF) {
        case (127, _), (10, _), (192, 168), (172, 16...31): return true
        default: return address == 0
        }
    }

    /// An address of IPv4 as one number; nil for what is none.
    private static func fourBytes(_ name: Substring) -> UInt32? {
        var (address, part, digits, parts): (UInt32, UInt32, Int, Int) = (0, 0, 0, 1)
        for byte in name.utf8 {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, parts < 4 else { return nil }
                (address, part, digits, parts) = (address << 8 | part, 0, 0, parts + 1)
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digits < 3 else { return nil }
                (part, digits) = (part * 10 + UInt32(byte - UInt8(ascii: "0")), digits + 1)
                guard part <= 255 else { return nil }
            }
        }
        return digits > 0 && parts == 4 ? address << 8 | part : nil
    }
}
