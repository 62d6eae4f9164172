package import Accounts
import Core
import HTTPTypes
package import Hummingbird

/// Reads what a request carries to show who sends it, in each of the ways that clients have.
package struct CredentialsReader {
    package let credentials: Credentials

    /// - Parameters:
    ///   - request: The request; its `Authorization` goes before the cookie, and that before `?token=`: a link must not make somebody
    ///     who has signed in somebody else.
    ///   - address: From where it came.
    package init(_ request: Request, address: String) {
        if let header = request.headers[.authorization] {
            credentials = Self.read(header, address)
        } else if let cookie = SessionCookie.value(in: request) {
            credentials = .session(cookie)
        } else if let token = Self.queryToken(request) {
            credentials = .token(token)
        } else {
            credentials = .none
        }
    }

    private static func read(_ header: String, _ address: String) -> Credentials {
        let scheme = header.prefix { $0 != " " }
        let rest = String(header.dropFirst(scheme.count).drop { $0 == " " })
        switch scheme.lowercased() {
        case "bearer", "token": return .token(rest)
        case "basic": return basic(rest, address)
        // As `git lfs` sends what it was given over SSH.
        case "remoteauth": return .largeFilePass(rest)
        // What is not known is nobody's, and not nobody.
        default: return .token(header)
        }
    }

    /// `user:password`, `user:token`, `token:token` and `token:`; a token goes before the name beside it.
    private static func basic(_ text: String, _ address: String) -> Credentials {
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(padded), let pair = String(validating: bytes, as: UTF8.self),
            let colon = pair.firstIndex(of: ":")
        else { return .token(text) }
        let (name, password) = (String(pair[..<colon]), String(pair[pair.index(after: colon)...]))
        if Secret.isToken(password) { return .token(password) }
        if Secret.isToken(name) { return .token(name) }
        return .password(PasswordAttempt(login: name, password: password, address: address))
    }

    /// Only what looks like a token: other things are called so too.
    private static func queryToken(_ request: Request) -> String? {
        guard let query = request.uri.query, Query.mayHave("token", in: query) else { return nil }
        return Query(query)["token"].flatMap { Secret.isToken($0) ? $0 : nil }
    }
}
