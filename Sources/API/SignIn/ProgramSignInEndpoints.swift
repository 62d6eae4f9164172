package import Accounts
import Core
import FoundationEssentials
package import HTTP
import HTTPTypes
import Hummingbird
import Synchronization

/// How the `dagshub` client gets a token by a browser, in which its person agrees on a page.
///
/// - Source: `dagshub` 0.7.3, `dagshub/auth/oauth.py`.
package struct ProgramSignInEndpoints: Sendable {
    private static let waitSeconds = 600
    private static let pause = Duration.milliseconds(500)

    private let programs: ProgramSignIn
    private let waiting = Waiting()

    package init(_ programs: ProgramSignIn) {
        self.programs = programs
    }

    /// How many programs wait for their person.
    private final class Waiting: Sendable {
        private static let limit = 200
        /// Security: one address does not take the places of all.
        private static let addressLimit = 10
        private let counts = Mutex<[String: Int]>([:])

        func enter(from address: String) throws {
            let isFull = counts.withLock { counts in
                guard counts.values.reduce(0, +) < Self.limit, counts[address, default: 0] < Self.addressLimit
                else { return true }
                counts[address, default: 0] += 1
                return false
            }
            if isFull { throw TooManyAttempts(retryAfterSeconds: 30) }
        }

        func leave(_ address: String) {
            counts.withLock { counts in
                let left = counts[address, default: 1] - 1
                counts[address] = left > 0 ? left : nil
            }
        }
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(.post, "login/oauth/middleman", in: .root, needs: .open) { call in
                try await wait(for: call.form()["request_id"] ?? "", from: call.clientAddress)
            },
            Endpoint(.post, "login/oauth/access_token", in: .root, needs: .open) { call in
                let form = try await call.form()
                let made = try await programs.token(
                    for: form["code"] ?? "",
                    state: form["state"] ?? "",
                    client: form["client_id"] ?? ""
                )
                let end = Date(timeIntervalSince1970: Double((made.token.expiresMs ?? 0) / 1_000))
                var answer = Answer.json { json in
                    json.field("access_token", made.secret.text)
                    json.field("expiry", end.formatted(.iso8601))
                    json.field("token_type", "bearer")
                }
                answer.headers[.cacheControl] = "no-store"
                return answer
            },
        ]
    }

    /// Answers when the person has agreed.
    private func wait(for id: String, from address: String) async throws -> Answer {
        guard (32...128).contains(id.utf8.count) else {
            throw Failure.invalid("'request_id' must have 32 to 128 characters.")
        }
        try waiting.enter(from: address)
        defer { waiting.leave(address) }
        let end = ContinuousClock.now + .seconds(Self.waitSeconds)
        while ContinuousClock.now < end {
            if let code = try await programs.code(of: id) {
                var writer = JSONWriter(capacityBytes: 128)
                writer.value(code.text)
                return Answer(json: writer)
            }
            try await Task.sleep(for: Self.pause)
        }
        throw Failure(.unavailable, "Nobody agreed in time: begin again.")
    }
}
