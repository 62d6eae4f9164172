import HTTPTypes
package import Hummingbird

/// What is refused before anybody looks at it: requests that a page elsewhere made a browser send.
///
/// - Source: MLflow, `mlflow/server/security_utils.py`; the texts of the refusals are its.
package struct Guards: Sendable {
    private let hosts: AllowedHosts
    private let origins: AllowedOrigins
    private let frameOptions: String?
    private let isEnabled: Bool
    private let openPaths: [String]

    /// - Parameters:
    ///   - hosts: Names by which browsers may call this server.
    ///   - origins: Pages of other servers that may call it.
    ///   - frameOptions: `SAMEORIGIN`, `DENY`, or nil for no such header.
    ///   - prefix: What stands before every address.
    ///   - isEnabled: Whether anything is checked at all.
    package init(
        hosts: AllowedHosts = .standard,
        origins: AllowedOrigins = AllowedOrigins([]),
        frameOptions: String? = "SAMEORIGIN",
        prefix: String = "",
        isEnabled: Bool = true
    ) {
        self.hosts = hosts
        self.origins = origins
        self.frameOptions = frameOptions
        self.isEnabled = isEnabled
        openPaths = [prefix + "/health", prefix + "/version"]
    }

    /// An answer in place of what was asked for; nil where nothing speaks against it.
    package func refusal(of request: Request, path: String) -> Answer? {
        guard isEnabled else { return nil }
        // Security: another name that resolves to this address is an attempt at DNS rebinding.
        if !hosts.allow(request.head.authority ?? ""), !openPaths.contains(path) {
            return .text("Invalid Host header - possible DNS rebinding attack detected", status: .forbidden)
        }
        if request.method == .options { return preflight(request) }
        // Security: a page elsewhere may not change anything here, whatever its request looks like.
        if request.method != .get, request.method != .head,
            isForeign(request) || isOfAnotherPort(request) && bringsPassword(request)
        {
            return .text("Cross-origin request blocked", status: .forbidden)
        }
        return nil
    }

    package func addHeaders(to answer: inout Answer, for request: Request) {
        guard isEnabled else { return }
        answer.headers[.xContentTypeOptions] = "nosniff"
        if let frameOptions, !answer.mayBeFramed { answer.headers[.xFrameOptions] = frameOptions }
        guard let origin = request.headers[.origin], !answer.isForOurPages else { return }
        answer.headers[.vary] = "Origin"
        guard origins.allow(origin) else { return }
        answer.headers[.accessControlAllowOrigin] = origins.allowAll ? "*" : origin
        // Security: what the browser knows of the user is for pages that somebody named, and for no server that answers all.
        if origins.trust(origin) { answer.headers[.accessControlAllowCredentials] = "true" }
        answer.headers[.accessControlExposeHeaders] = "*"
    }

    private func isForeign(_ request: Request) -> Bool {
        guard let origin = request.headers[.origin] else {
            return request.headers[.secFetchSite] == "cross-site"
        }
        return !origins.allow(origin) && !isSame(origin, request.head.authority)
    }

    /// Whether it comes from a page of this machine that is neither ours nor named.
    private func isOfAnotherPort(_ request: Request) -> Bool {
        guard let origin = request.headers[.origin], !origins.allowAll else { return false }
        return !origins.trust(origin) && !isSame(origin, request.head.authority)
    }

    /// Security: a browser sends a password that it remembers whoever made it ask.
    private func bringsPassword(_ request: Request) -> Bool {
        request.headers[.authorization]?.prefix(6).lowercased() == "basic "
    }

    /// Whether a page came from this very server, whose name has been checked before.
    private func isSame(_ origin: String, _ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return false }
        return origin == "http://" + authority || origin == "https://" + authority
    }

    private func preflight(_ request: Request) -> Answer? {
        guard let origin = request.headers[.origin], request.headers[.accessControlRequestMethod] != nil
        else {
            return nil
        }
        guard origins.allow(origin) else { return .text("Disallowed CORS origin", status: .badRequest) }
        var headers: HTTPFields = [
            .accessControlAllowMethods: "GET, POST, PUT, DELETE, OPTIONS, PATCH", .accessControlMaxAge: "600",
        ]
        headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders]
        return Answer(status: .noContent, headers: headers, body: ResponseBody())
    }
}

extension HTTPField.Name {
    fileprivate static let xFrameOptions = named("X-Frame-Options")
}
