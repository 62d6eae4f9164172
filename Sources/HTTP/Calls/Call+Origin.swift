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
        let isSecure = request.headers[.forwardedProto] == "https" || request.head.scheme == "https"
        return "\(isSecure ? "https" : "http")://\(host)"
    }
}

extension HTTPField.Name {
    fileprivate static var forwardedProto: HTTPField.Name {
        guard let name = HTTPField.Name("X-Forwarded-Proto") else { preconditionFailure("it is a name") }
        return name
    }
}
