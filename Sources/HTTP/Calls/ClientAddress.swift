import Glibc
package import Hummingbird
package import NIOCore

/// From where a request came, as text without a port; what attempts to sign in are counted by.
package enum ClientAddress {
    /// - Parameters:
    ///   - request: The request.
    ///   - context: Where it arrived.
    ///   - isBehindProxy: Whether all requests come by a proxy, which says for whom it asks.
    /// - Returns: The address.
    package static func of(_ request: Request, _ context: Context, isBehindProxy: Bool) -> String {
        guard isBehindProxy, let forwarded = request.headers[values: .xForwardedFor].last else {
            return context.clientAddress
        }
        // Security: the last is what the proxy itself saw; those before it are whatever the client wrote.
        let last = forwarded.split(separator: ",").last.map { $0.filter { !$0.isWhitespace } } ?? ""
        return normalized(last) ?? context.clientAddress
    }

    /// An address as `text(of:)` tells it; some proxies write brackets around it, or a port behind.
    ///
    /// - Returns: Nil for what is no address.
    package static func normalized(_ written: String) -> String? {
        guard written.utf8.count <= 64 else { return nil }
        if let open = written.firstIndex(of: "["), let close = written.firstIndex(of: "]"), open < close {
            return normalized(String(written[written.index(after: open)..<close]))
        }
        if let address = try? SocketAddress(ipAddress: written, port: 0) { return text(of: address) }
        let parts = written.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2
            ? (try? SocketAddress(ipAddress: String(parts[0]), port: 0)).map { text(of: $0) } : nil
    }

    /// - Returns: For IPv6 the first half alone, since a client has all addresses of its second.
    package static func text(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "unknown" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard text.utf8.contains(UInt8(ascii: ":")), inet_pton(AF_INET6, text, &bytes) == 1 else {
            return text
        }
        if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255] {
            return bytes.suffix(4).map(String.init).joined(separator: ".")
        }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }
}
