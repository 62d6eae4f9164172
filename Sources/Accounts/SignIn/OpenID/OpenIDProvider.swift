import Core
import FoundationEssentials
internal import JWTKit
import Outbound
import Synchronization

/// What the other server says of itself, and what it says of people.
final class OpenIDProvider: Sendable {
    private static let documentLimitBytes = 1 << 20
    private static let lifetimeMs: Int64 = 3_600_000
    /// A token with a new key is a reason to look for keys again, though not each time.
    private static let leastPauseMs: Int64 = 30_000
    private static let leewaySeconds: Int64 = 60

    private let settings: OpenIDSettings
    private let client: OutboundClient
    private let clock: Clock
    private let known = Mutex<Document?>(nil)

    struct Document: Sendable {
        let authorizationEndpoint: String
        let tokenEndpoint: String
        /// Keys by which tokens are signed; never secrets that both sides know.
        let keys: JWTKeyCollection
        let keyIDs: Set<String>
        let readMs: Int64
    }

    init(_ settings: OpenIDSettings, client: OutboundClient, clock: Clock) {
        self.settings = settings
        self.client = client
        self.clock = clock
    }

    func document() async throws -> Document {
        if let document = known.withLock({ $0 }), document.readMs > clock.nowMs() - Self.lifetimeMs {
            return document
        }
        return try await read()
    }

    /// Changes a code for what the server says of a person.
    ///
    /// - Throws: `Failure` for a code that is refused, and for a token that is not for us, of now, and of this round.
    func claims(code: String, verifier: String, nonce: String, redirectURI: String) async throws -> JSON {
        let document = try await document()
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
            ("code_verifier", verifier),
        ]
        var headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if let secret = settings.clientSecret {
            let pair = "\(FormText.escaped(settings.clientID)):\(FormText.escaped(secret))"
            headers.append(("Authorization", "Basic " + Base64.encode(Array(pair.utf8))))
        } else {
            form.append(("client_id", settings.clientID))
        }
        let answer = try await ask(document.tokenEndpoint, posting: Array(FormText.form(form).utf8), headers)
        guard case .string(let token)? = answer["id_token"] else {
            throw Failure.invalid("The sign-in server gave no id_token.")
        }
        let claims = try await verified(token, document)
        try check(claims, nonce: nonce)
        return claims
    }

    // MARK: Tokens

    /// Nothing is read of it; what is checked is its signature.
    private struct Signed: JWTPayload {
        init(from decoder: any Decoder) throws {}
        func encode(to encoder: any Encoder) throws {}
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private func verified(_ token: String, _ document: Document) async throws -> JSON {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.json(parts[0]), let claims = Self.json(parts[1]) else {
            throw Failure.invalid("The sign-in server gave an id_token that cannot be read.")
        }
        // Security: only signatures by a key that the server keeps to itself; `none` and shared secrets are no proof.
        let algorithms = [
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
        ]
        guard case .string(let algorithm)? = header["alg"], algorithms.contains(algorithm) else {
            throw Failure.invalid("The sign-in server gave an id_token that nobody signed.")
        }
        var keys = document.keys
        if case .string(let id)? = header["kid"], !document.keyIDs.contains(id),
            document.readMs <= clock.nowMs() - Self.leastPauseMs
        {
            keys = try await read().keys
        }
        do {
            _ = try await keys.verify(token, as: Signed.self, iteratingKeys: header["kid"] == nil)
        } catch {
            throw Failure(
                .invalidParameter,
                "The id_token of the sign-in server is not signed by it.",
                cause: error
            )
        }
        return claims
    }

    /// - Source: OpenID Connect Core 1.0, 3.1.3.7.
    private func check(_ claims: JSON, nonce: String) throws {
        guard claims["iss"] == .string(settings.issuer) else {
            throw Failure.invalid("The id_token is of another issuer.")
        }
        let audiences: [JSON] =
            if case .array(let all)? = claims["aud"] { all } else { [claims["aud"] ?? .null] }
        let me = JSON.string(settings.clientID)
        guard audiences.contains(me), audiences.count == 1 || claims["azp"] == me else {
            throw Failure.invalid("The id_token is for another client.")
        }
        guard case .integer(let end)? = claims["exp"], end + Self.leewaySeconds > clock.nowMs() / 1_000 else {
            throw Failure.invalid("The id_token has ended.")
        }
        // Security: a token of another round, which somebody may have caught, does not end this one.
        guard claims["nonce"] == .string(nonce) else {
            throw Failure.invalid("The id_token is of another sign-in.")
        }
    }

    private static func json(_ part: Substring) -> JSON? {
        let text = String(part).replacing("-", with: "+").replacing("_", with: "/")
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Base64.decode(padded).flatMap { try? JSON(parsing: $0) }
    }

    // MARK: Documents

    private func read() async throws -> Document {
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let found = try await ask(base + "/.well-known/openid-configuration")
        // Security: a document that speaks for another server would let it sign for this one.
        guard found["issuer"] == .string(settings.issuer) else {
            throw Failure(.unavailable, "The sign-in server does not call itself '\(settings.issuer)'.")
        }
        func address(_ name: String) throws -> String {
            guard case .string(let text)? = found[name] else {
                throw Failure(.unavailable, "The sign-in server does not say its \(name).")
            }
            return text
        }
        let (keys, ids) = try await keys(of: ask(address("jwks_uri")))
        let document = Document(
            authorizationEndpoint: try address("authorization_endpoint"),
            tokenEndpoint: try address("token_endpoint"),
            keys: keys,
            keyIDs: ids,
            readMs: clock.nowMs()
        )
        known.withLock { $0 = document }
        return document
    }

    private func keys(of document: JSON) async throws -> (JWTKeyCollection, Set<String>) {
        guard case .array(let all)? = document["keys"] else {
            throw Failure(.unavailable, "The sign-in server has no keys.")
        }
        let keys = JWTKeyCollection()
        var ids: Set<String> = []
        for (index, key) in all.enumerated() {
            guard case .object(var members) = key, case .string(let type)? = key["kty"],
                ["RSA", "EC", "OKP"].contains(type), key["use"] != .string("enc")
            else { continue }
            if key["kid"] == nil { members.append(JSON.Member(key: "kid", value: .string("key \(index)"))) }
            do {
                let jwk = try JSONDecoder().decode(JWK.self, from: Data(JSON.object(members).text.utf8))
                try await keys.add(jwk: jwk)
            } catch {
                // A kind of key that is not known here signs nothing that is believed.
                continue
            }
            if case .string(let id)? = key["kid"] { ids.insert(id) }
        }
        return (keys, ids)
    }

    private func ask(
        _ address: String,
        posting body: [UInt8]? = nil,
        _ headers: [(String, String)] = []
    ) async throws -> JSON {
        let page: OutboundClient.Page
        do {
            page = try await client.fetch(
                address,
                posting: body,
                headers: headers,
                limitBytes: Self.documentLimitBytes
            )
        } catch let error as OutboundError {
            throw Failure(.unavailable, "The sign-in server cannot be asked.", cause: error)
        }
        guard page.status == 200 else {
            let refused = body != nil && (400..<500).contains(page.status)
            let cause = Refused(
                status: page.status,
                body: String(decoding: page.body.prefix(500), as: UTF8.self)
            )
            throw refused
                ? Failure(.invalidParameter, "The sign-in server refused: sign in again.", cause: cause)
                : Failure(.unavailable, "The sign-in server answered \(page.status).", cause: cause)
        }
        do {
            return try JSON(parsing: page.body)
        } catch {
            throw Failure(.unavailable, "The sign-in server answered no JSON.", cause: error)
        }
    }
}

/// What the other server said in place of an answer, for the log.
private struct Refused: Error {
    let status: Int
    let body: String
}

/// Texts as forms and queries have them.
enum FormText {
    static func form(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }

    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
