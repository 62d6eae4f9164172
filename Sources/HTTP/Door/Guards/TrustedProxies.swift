import HTTPTypes
import Hummingbird
import NIOCore
package import Outbound

/// Who is believed, where a request says for whom it asks and how that one was connected.
package struct TrustedProxies: Sendable {
    private let ranges: [NetworkRange]

    package init(_ ranges: [NetworkRange]) {
        self.ranges = ranges
    }

    private init(_ texts: [String]) {
        ranges = texts.map { text in
            guard let range = NetworkRange(text) else { preconditionFailure("\(text) is no range") }
            return range
        }
    }

    private static let local = ["127.0.0.0/8", "::1"]

    /// Programs of this machine.
    package static let thisMachine = TrustedProxies(local)
    /// This machine, and whoever reaches it from a network that is not the internet.
    package static let privateNetworks = TrustedProxies(
        local + ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"]
    )

    private static let names: [HTTPField.Name] = [.xForwardedFor, .xForwardedProto]

    /// A request as it counts, where it says of somebody else what is not believed: without that.
    ///
    /// - Returns: nil where it counts as it came.
    func believed(of request: Request, from peer: SocketAddress?) -> Request? {
        guard Self.names.contains(where: { request.headers.contains($0) }), !trusts(peer) else { return nil }
        var head = request.head
        for name in Self.names { head.headerFields[name] = nil }
        return Request(head: head, body: request.body)
    }

    func trusts(_ peer: SocketAddress?) -> Bool {
        guard let text = peer?.ipAddress?.prefix(while: { $0 != "%" }),
            let address = NetworkAddress(String(text))?.unmapped
        else { return false }
        return ranges.contains { $0.contains(address) }
    }
}

extension TrustedProxies: CustomStringConvertible {
    package var description: String { ranges.map(\.description).joined(separator: ", ") }
}
