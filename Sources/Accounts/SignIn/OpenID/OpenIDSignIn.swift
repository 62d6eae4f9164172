package import Core
internal import Crypto
import Database
package import Outbound

/// Lets in who has signed in at another server.
package struct OpenIDSignIn: Sendable {
    private static let roundLifetimeMs: Int64 = 10 * 60_000

    private let settings: OpenIDSettings
    private let signIn: SignIn
    private let provider: OpenIDProvider

    /// - Parameters:
    ///   - settings: Which server.
    ///   - signIn: Lets people in.
    ///   - client: Asks the server.
    ///   - clock: By which tokens end.
    package init(_ settings: OpenIDSettings, _ signIn: SignIn, client: OutboundClient, clock: Clock = .system)
    {
        self.settings = settings
        self.signIn = signIn
        provider = OpenIDProvider(settings, client: client, clock: clock)
    }

    /// The sessions that it begins.
    package var sessions: SessionStore { signIn.sessions }

    private var database: any Database { signIn.authentication.database }

    /// A round that has begun: where the browser goes, and what it must bring back.
    package struct Round: Sendable {
        package let address: String
        /// Kept by the browser, so that nobody else ends its round.
        package let state: String
    }

    /// Begins a round: code flow with PKCE and nonce.
    ///
    /// - Throws: `Failure.unavailable` where the other server cannot be asked.
    package func begin(returnTo: String, redirectURI: String) async throws -> Round {
        let document = try await provider.document()
        let state = Secret(.round)
        let (verifier, nonce) = (Secret(.round).text, Secret(.round).text)
        try await database.write { connection in
            try connection.execute("DELETE FROM sign_in_rounds WHERE expires_ms <= \(connection.nowMs)")
            try connection.execute(
                """
                INSERT INTO sign_in_rounds (hash, verifier, nonce, return_to, expires_ms)
                VALUES (\(state.hash), \(verifier), \(nonce), \(returnTo), \(connection.nowMs + Self.roundLifetimeMs))
                """
            )
        }
        let challenge = Base64.encode(Array(SHA256.hash(data: Array(verifier.utf8))))
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let query = FormText.form([
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", redirectURI),
            ("scope", settings.scopes), ("state", state.text), ("nonce", nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ])
        let separator = document.authorizationEndpoint.contains("?") ? "&" : "?"
        return Round(address: document.authorizationEndpoint + separator + query, state: state.text)
    }

    /// Somebody who has come back and is let in.
    package struct Arrival: Sendable {
        package let session: Secret
        package let returnTo: String
    }

    /// Ends a round.
    ///
    /// - Parameters:
    ///   - code: What the other server gave the browser.
    ///   - state: What the browser kept.
    ///   - redirectURI: As it was when the round began.
    ///   - address: From where the browser asks.
    ///   - client: What it says of itself.
    /// - Returns: The session, and where to go on.
    /// - Throws: `Failure` for a round that is over, for what the other server says that is not so, and for who is shut out.
    package func finish(
        code: String,
        state: String,
        redirectURI: String,
        from address: String,
        client: String
    ) async throws -> Arrival {
        guard let round = try await takeRound(state) else {
            throw Failure.invalid("This sign-in is over: begin again.")
        }
        let claims = try await provider.claims(
            code: code,
            verifier: round.verifier,
            nonce: round.nonce,
            redirectURI: redirectURI
        )
        let visitor = try OutsideVisitor(claims, settings)
        let account = try await database.write { connection in
            try OutsideAccounts(database: database, connection: connection, settings: settings).account(
                of: visitor
            )
        }
        let session = try await signIn.begin(
            account,
            unchangedSinceMs: nil,
            by: "openid",
            from: address,
            client: client
        )
        guard let session else {
            throw Failure(.permissionDenied, "The account is suspended: ask who looks after this server.")
        }
        return Arrival(session: session, returnTo: round.returnTo)
    }

    private func takeRound(
        _ state: String
    ) async throws -> (verifier: String, nonce: String, returnTo: String)? {
        guard let secret = Secret(state, .round) else { return nil }
        // Security: a round ends once, whatever comes of it.
        return try await database.write { connection in
            try connection.first(
                """
                DELETE FROM sign_in_rounds WHERE hash = \(secret.hash) AND expires_ms > \(connection.nowMs)
                RETURNING verifier, nonce, return_to
                """
            ) { ($0.text(0), $0.text(1), $0.text(2)) }
        }
    }
}
