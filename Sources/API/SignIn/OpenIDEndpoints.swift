package import Accounts
import Core
package import HTTP
import HTTPTypes
import Hummingbird

/// Sends people to another server to sign in, and takes them back.
package struct OpenIDEndpoints: Sendable {
    private let openID: OpenIDSignIn
    private let cookie: SessionCookie
    private let prefix: String

    /// - Parameters:
    ///   - openID: Lets in who has signed in there.
    ///   - cookie: How browsers are known.
    ///   - prefix: What stands before every address.
    package init(_ openID: OpenIDSignIn, cookie: SessionCookie, prefix: String) {
        self.openID = openID
        self.cookie = cookie
        self.prefix = prefix
    }

    /// They are pages in that a person opens them, who is told in a page what went wrong.
    package var endpoints: [Endpoint] {
        [
            Endpoint(.get, "login/openid", in: .site, needs: .open) { call in
                let round = try await openID.begin(
                    returnTo: ReturnAddress(call.query["return_to"] ?? "")?.path ?? "",
                    redirectURI: redirectURI(call)
                )
                return .redirect(
                    to: round.address,
                    setting: cookie.roundHeader(round.state, for: call.request)
                )
            },
            Endpoint(.get, "login/openid/callback", in: .site, needs: .open) { call in try await finish(call)
            },
        ]
    }

    private func finish(_ call: Call) async throws -> Answer {
        let query = call.query
        guard query["error"] == nil else {
            throw Failure(.unauthenticated, "The sign-in server refused: go back to \(prefix)/login.")
        }
        guard let code = query["code"], let state = query["state"],
            // Security: the round of another browser would sign this one in as somebody else.
            state == SessionCookie.round(in: call.request)
        else {
            throw Failure.invalid("This sign-in did not begin in this browser: go back to \(prefix)/login.")
        }
        let arrival = try await openID.finish(
            code: code,
            state: state,
            redirectURI: redirectURI(call),
            from: call.clientAddress,
            client: call.request.headers[.userAgent] ?? ""
        )
        // The session that the browser had ends, whoever gave it.
        if let former = SessionCookie.value(in: call.request) { try await openID.sessions.end(former) }
        var answer = Answer.redirect(
            to: ReturnAddress(arrival.returnTo)?.path ?? prefix + "/",
            setting: cookie.header(
                arrival.session.text,
                lifetimeSeconds: SessionStore.lifetimeMs / 1_000,
                for: call.request
            )
        )
        answer.headers.append(HTTPField(name: .setCookie, value: cookie.roundHeader("", for: call.request)))
        answer.headers[.referrerPolicy] = "no-referrer"
        return answer
    }

    /// Where the other server sends the browser: this server by the name by which it was called, which has been checked.
    private func redirectURI(_ call: Call) -> String {
        let scheme = cookie.isSecure(for: call.request) ? "https" : "http"
        return "\(scheme)://\(call.request.head.authority ?? "")\(prefix)/login/openid/callback"
    }
}
