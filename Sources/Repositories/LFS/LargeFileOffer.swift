import Core
import Outbound

/// What another server says of a large file that it was asked for.
struct LargeFileOffer: Sendable {
    let pointer: LFSPointer
    /// Where its bytes come from or go to; nil where there is nothing to do.
    let transfer: LargeFileAction?
    /// Where the server is told that all has been sent.
    let verification: LargeFileAction?
    /// Why it cannot be had or sent.
    let refusal: String?
}

/// An address that another server names, and what is to be shown there.
struct LargeFileAction: Sendable {
    let address: String
    let headers: [(String, String)]

    private static let headerLimit = 32
    private static let headerLimitBytes = 8_192
    /// Security: these decide where a request ends and the next begins, or who is meant; nobody else decides that.
    private static let ownHeaders: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect",
        "proxy-authorization", "user-agent",
    ]

    /// - Parameters:
    ///   - json: An action as Git LFS writes it.
    ///   - credentials: What is shown at the server that was asked, and nowhere else.
    ///   - origin: Which server that is.
    /// - Throws: `MirrorFailure` for an address or a header that is none.
    init(_ json: JSON, credentials: String?, origin: String) throws {
        guard case .string(let text)? = json["href"] else {
            throw MirrorFailure("The server names no address.")
        }
        let web = try MirrorFailure.telling { try WebAddress(text, schemes: ["https", "http"]) }
        address = web.text
        var headers: [(String, String)] = []
        if case .object(let members)? = json["header"] {
            guard members.count <= Self.headerLimit else {
                throw MirrorFailure("The server wants more than \(Self.headerLimit) headers.")
            }
            for member in members where !Self.ownHeaders.contains(member.key.lowercased()) {
                guard case .string(let value) = member.value, Self.isSound(member.key, value) else {
                    throw MirrorFailure("The server wants a header that cannot be sent.")
                }
                headers.append((member.key, value))
            }
        }
        // Security: the password of a mirror is for the server of the mirror; what others are shown, they have named.
        if let credentials, web.origin == origin,
            !headers.contains(where: { $0.0.lowercased() == "authorization" })
        {
            headers.append(("Authorization", credentials))
        }
        self.headers = headers
    }

    /// Security: a line end would begin another header.
    private static func isSound(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.count + value.utf8.count <= headerLimitBytes
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
            && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
