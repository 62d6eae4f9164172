import Glibc
import Hummingbird
import NIOCore

/// From where a request came, as text without a port; what attempts to sign in are counted by.
enum ClientAddress {
    /// - Parameters:
    ///   - request: The request.
    ///   - context: Where it arrived.
    ///   - isBehindProxy: Whether all requests come by a proxy, which says for whom it asks.
    /// - Returns: The address.
    static func of(_ request: Request, _ context: Context, isBehindProxy: Bool) -> String {
        guard isBehindProxy, let forwarded = request.headers[values: .xForwardedFor].last else {
            return context.clientAddress
        }
        // Security: the last is what the proxy itself saw; those before it are whatever the client wrote.
        let last = forwarded.split(separator: ",").last.map { $0.filter { !$0.isWhitespace } } ?? ""
        return last.utf8.count <= 64 && last.utf8.allSatisfy(isAddressCharacter)
            ? last : context.clientAddress
    }

    /// - Returns: For IPv6 the first half alone, since a client has all addresses of its second.
    static func text(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "unknown" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard text.contains(":"), inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
        if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255] {
            return bytes.suffix(4).map(String.init).joined(separator: ".")
        }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    private static func isAddressCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["),
            UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
