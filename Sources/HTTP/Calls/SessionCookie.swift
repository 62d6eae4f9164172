import HTTPTypes
package import Hummingbird

/// The cookie that a browser is known by.
package struct SessionCookie: Sendable {
    private static let name = "roost_session"
    private static let roundName = "roost_round"

    private let isSecure: Bool

    /// - Parameter isSecure: Whether this server speaks HTTPS itself; a proxy says so with each request.
    package init(isSecure: Bool) {
        self.isSecure = isSecure
    }

    package static func value(in request: Request) -> String? { value(of: name, in: request) }

    /// What the browser keeps while its person signs in at another server.
    package static func round(in request: Request) -> String? { value(of: roundName, in: request) }

    private static func value(of name: String, in request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                if pair.hasPrefix(name + "=") { return String(pair.dropFirst(name.count + 1)) }
            }
        }
        return nil
    }

    /// The header that sets it.
    ///
    /// Security: no script reads it, no page elsewhere makes it go along with a change, and no plain connection carries it.
    package func header(_ value: String, lifetimeSeconds: Int64, for request: Request) -> String {
        field(Self.name, value, lifetimeSeconds: lifetimeSeconds, for: request)
    }

    package func roundHeader(_ value: String, for request: Request) -> String {
        field(Self.roundName, value, lifetimeSeconds: value.isEmpty ? 0 : 600, for: request)
    }

    /// Whether the browser speaks HTTPS.
    package func isSecure(for request: Request) -> Bool { isSecure || request.cameByHTTPS }

    private func field(
        _ name: String,
        _ value: String,
        lifetimeSeconds: Int64,
        for request: Request
    ) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(lifetimeSeconds); HttpOnly; SameSite=Lax"
            + (isSecure(for: request) ? "; Secure" : "")
    }

    package func removal(for request: Request) -> String { header("", lifetimeSeconds: 0, for: request) }
}
