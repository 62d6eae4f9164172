internal import Glibc

/// An address of IPv4 or IPv6, as a connection is made to it.
package struct NetworkAddress: Sendable, Hashable {
    /// Four or sixteen, in network order.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16, "an address has 4 or 16 bytes")
        self.bytes = bytes
    }

    /// Reads the one spelling of an IPv4 address (four decimal numbers without leading zeros) and any of IPv6.
    ///
    /// Security: `127.1`, `0x7f.0.0.1`, `0177.0.0.1` and `2130706433` are loopback to some readers and nothing to this one.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: four) { [UInt8]($0) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: six) { [UInt8]($0) })
        } else {
            return nil
        }
        guard bytes.count == 16 || description == text else { return nil }
    }

    /// Whether it is an address of the public internet.
    ///
    /// Security: an IPv4 address that is wrapped in IPv6 (mapped, 6to4, NAT64) is judged as what is within; of IPv6 only
    /// what is given out as global counts, so that a prefix nobody thought of is refused.
    package var isPublic: Bool {
        if bytes.count == 4 { return !Self.reserved4.contains { $0.contains(bytes) } }
        if let embedded { return embedded.isPublic }
        return Self.global6.contains(bytes) && !Self.reserved6.contains { $0.contains(bytes) }
    }

    /// The IPv4 address that a socket of IPv6 shows as one of its own; itself where it is none.
    package var unmapped: NetworkAddress {
        bytes.count == 16 && Self.mapped.contains(bytes) ? NetworkAddress(bytes: Array(bytes[12...])) : self
    }

    /// The IPv4 address that one of IPv6 stands for; nil where it stands for itself.
    var embedded: NetworkAddress? {
        guard bytes.count == 16 else { return nil }
        if Self.mapped.contains(bytes) || Self.nat64.contains(bytes) {
            return NetworkAddress(bytes: Array(bytes[12...]))
        }
        return Self.sixToFour.contains(bytes) ? NetworkAddress(bytes: Array(bytes[2..<6])) : nil
    }

    private static let mapped = range("::ffff:0:0/96")
    private static let nat64 = range("64:ff9b::/96")
    private static let sixToFour = range("2002::/16")

    /// - Source: IANA, IPv4 Special-Purpose Address Registry, and multicast.
    private static let reserved4 = [
        range("0.0.0.0/8"), range("10.0.0.0/8"), range("100.64.0.0/10"), range("127.0.0.0/8"),
        range("169.254.0.0/16"), range("172.16.0.0/12"), range("192.0.0.0/24"),
        range("192.0.2.0/24"),
        range("192.88.99.0/24"), range("192.168.0.0/16"), range("198.18.0.0/15"),
        range("198.51.100.0/24"),
        range("203.0.113.0/24"), range("224.0.0.0/3"),
    ]

    private static let global6 = range("2000::/3")

    /// What is special among the global ones.
    ///
    /// - Source: IANA, IPv6 Special-Purpose Address Registry.
    private static let reserved6 = [
        range("2001::/23"), range("2001:db8::/32"), range("3fff::/20"),
    ]

    private static func range(_ text: String) -> NetworkRange {
        guard let range = NetworkRange(text) else { preconditionFailure("\(text) is no range of addresses") }
        return range
    }
}

extension NetworkAddress: CustomStringConvertible {
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard
            bytes.withUnsafeBytes({ inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) }) != nil
        else { preconditionFailure("an address cannot be written") }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
