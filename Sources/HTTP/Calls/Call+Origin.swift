import Core
import HTTPTypes
import Hummingbird

extension Call {
    /// How the client calls this server: the beginning of every address that it is sent to next.
    ///
    /// Security: the host is the one that the front door has allowed; it goes back to the one who named it, and to nobody
    /// else.
    ///
    /// - Throws: `Failure.invalid` where the request names no host.
    package func origin() throws -> String {
        guard let host = request.head.authority, !host.isEmpty else {
            throw Failure.invalid("The request names no host that more could be sent to.")
        }
        return "\(isSecure ? "https" : "http")://\(host)"
    }
}

extension Request {
    /// Whether a proxy says that it was asked by HTTPS; one that is not believed is not heard either.
    var cameByHTTPS: Bool { headers[.xForwardedProto]?.lowercased() == "https" }
}
