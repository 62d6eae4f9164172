package import Accounts
package import Core
import HTTPTypes
package import Hummingbird

/// Finds out who asks, by what a request carries.
package struct Doorkeeper: Sendable {
    private let authentication: Authentication
    private let localPerson: Identity?
    /// What stands before every path.
    private let prefix: String

    /// - Parameters:
    ///   - authentication: Knows credentials.
    ///   - localPerson: Who everybody is that shows nothing known, on a server that only this machine reaches; nil where
    ///     people have accounts.
    ///   - prefix: What stands before every path.
    package init(_ authentication: Authentication, localPerson: Identity?, prefix: String = "") {
        self.authentication = authentication
        self.localPerson = localPerson
        self.prefix = prefix
    }

    /// - Parameters:
    ///   - request: The request.
    ///   - address: From where it came.
    ///   - right: What its row needs.
    /// - Returns: Who asks; `anonymous` for who shows nothing.
    /// - Throws: `Refusal.signIn` for what is nobody's; `TooManyAttempts`; `Refusal.mayNot` for a change by a cookie that
    ///   a page elsewhere may have made the browser send.
    package func identify(_ request: Request, from address: String, for right: Right) async throws -> Identity
    {
        let credentials = CredentialsReader(request, address: address).credentials
        do {
            let identity = try await authentication.identify(credentials)
            if credentials == .none { return localPerson ?? identity }
            if identity.means == .session { try checkOrigin(of: request) }
            // Security: a pass is for large files, and for nothing else of the repository.
            if identity.means == .largeFilePass, !isOfLargeFiles(request) { throw Refusal.signIn }
            return identity
        } catch Refusal.signIn {
            // Clients may carry credentials from elsewhere to a server that asks for none.
            if let localPerson { return localPerson }
            // Security: what is wrong is refused rather than forgotten, or a script would go on as nobody. A cookie is not
            // shown on purpose, and lasts longer than its session.
            if case .session = credentials { return .anonymous }
            if right == .open { return .anonymous }
            throw Refusal.signIn
        } catch let attempts as TooManyAttempts {
            if let localPerson { return localPerson }
            throw attempts
        }
    }

    /// Whether a path is `/{owner}/{name}.git/info/lfs/…`, with or without the ending.
    private func isOfLargeFiles(_ request: Request) -> Bool {
        let segments = request.uri.path.dropFirst(prefix.count).split(separator: "/")
        return segments.count > 4 && segments[2...3] == ["info", "lfs"]
    }

    /// Security: a browser sends its cookie whoever made it ask; a change must come from a page of ours.
    private func checkOrigin(of request: Request) throws {
        guard ![.get, .head, .options].contains(request.method), !request.isFromOurPage else { return }
        throw Refusal.mayNot(
            "The request does not come from a page of this server: send a token, or the header X-Roost-Request."
        )
    }
}
