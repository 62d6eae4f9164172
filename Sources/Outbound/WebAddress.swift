/// The address of a request to somebody else, read once: what is checked is what is asked.
///
/// Security: what two readers could take for different hosts (backslashes, control characters, users before the host,
/// percent signs in it) is refused instead of interpreted.
package struct WebAddress: Sendable, Hashable {
    /// In small letters.
    package let scheme: String
    /// A name in small letters, or an IP address without brackets.
    package let host: String
    package let port: Int
    /// Path and query, as the first line of a request has them.
    let target: String

    /// - Parameters:
    ///   - text: What was given; a fragment is left out.
    ///   - schemes: Which schemes are allowed.
    /// - Throws: `OutboundError`.
    package init(_ text: String, schemes: [String]) throws(OutboundError) {
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { throw .blank }
        scheme = Self.scheme(of: text)
        guard schemes.contains(scheme) else { throw .scheme(scheme, allowed: schemes) }
        let rest = text.dropFirst(scheme.count + 1)
        guard rest.hasPrefix("//") else { throw .noHost }
        let isSound = rest.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "\\" }
        guard isSound else { throw .malformed("holds spaces, control characters or backslashes") }
        let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw .malformed("names a user or a password, which everybody would see who lists addresses")
        }
        let (host, digits) = try Self.split(authority)
        guard !host.isEmpty else { throw .noHost }
        self.host = host
        port = try Self.port(digits) ?? (scheme == "https" ? 443 : 80)
        // Security: no mail, name or login server is ever spoken to, whose lines a body could imitate.
        guard [80, 443].contains(port) || port >= 1_024 else { throw .closedPort(port) }
        target = Self.target(rest.dropFirst(2 + authority.count).prefix { $0 != "#" })
        try checkHost()
    }

    /// The address of the host, where it is spelled as one.
    package var literal: NetworkAddress? { NetworkAddress(host) }

    /// The address as it was read, for programs that read it once more: nothing in it can be read in two ways.
    package var text: String { "\(scheme)://\(hostField)\(target)" }

    /// Scheme, host and port: what belongs together for who shows a password.
    package var origin: String { "\(scheme)://\(hostField)" }

    /// What the header `Host` says.
    var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// What stands before the first colon; empty where that is no scheme.
    private static func scheme(of text: String) -> String {
        guard let colon = text.firstIndex(of: ":") else { return "" }
        let scheme = text[..<colon]
        let isWord = scheme.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }
        return isWord ? scheme.lowercased() : ""
    }

    private static func split(
        _ authority: Substring
    ) throws(OutboundError) -> (host: String, port: Substring?) {
        guard authority.hasPrefix("[") else {
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts.first?.lowercased() ?? "", parts.count == 2 ? parts[1] : nil)
        }
        guard let end = authority.firstIndex(of: "]") else {
            throw .malformed("has a bracket that is not closed")
        }
        let host = String(authority[..<end].dropFirst())
        let behind = authority[end...].dropFirst()
        guard host.contains(":"), NetworkAddress(host) != nil, behind.isEmpty || behind.hasPrefix(":") else {
            throw .oddAddress(host)
        }
        return (host.lowercased(), behind.isEmpty ? nil : behind.dropFirst())
    }

    private static func port(_ digits: Substring?) throws(OutboundError) -> Int? {
        guard let digits, !digits.isEmpty else { return nil }
        guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let port = Int(digits),
            1...65_535 ~= port
        else { throw .malformed("has '\(digits)' for a port") }
        return port
    }

    /// Security: only visible ASCII gets into the first line of a request.
    private static func target(_ text: Substring) -> String {
        var target = text.hasPrefix("/") ? "" : "/"
        for byte in text.utf8 {
            if byte < 0x7F, !#""<>^`{|}"#.utf8.contains(byte) {
                target.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                target += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return target
    }

    private func checkHost() throws(OutboundError) {
        guard literal == nil else { return }
        let isName = host.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || "-_.".utf8.contains($0)
        }
        guard isName, host.utf8.count <= 253 else {
            throw .malformed("has '\(host)' for a host, which is no name in ASCII")
        }
        // A last part that is a number makes it an address to resolvers, however it is spelled.
        let last = host.split(separator: ".").last ?? ""
        guard !last.isEmpty, last.first?.isNumber != true else { throw .oddAddress(host) }
    }
}
