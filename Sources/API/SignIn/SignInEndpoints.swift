package import Accounts
import Core
package import HTTP
import HTTPTypes
import Hummingbird

/// Where programs that keep cookies sign people in and out, and where passwords are changed.
package struct SignInEndpoints: Sendable {
    private let signIn: SignIn
    private let cookie: SessionCookie

    /// - Parameters:
    ///   - signIn: Lets people in.
    ///   - cookie: How they are known afterwards.
    package init(_ signIn: SignIn, cookie: SessionCookie) {
        self.signIn = signIn
        self.cookie = cookie
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(.post, "sign-in", in: .hub, needs: .open) { call in try await signIn(call) },
            Endpoint(.post, "sign-out", in: .hub, needs: .open) { call in
                try call.checkForm()
                try await end(call)
                var answer = Answer.empty
                answer.headers[.setCookie] = cookie.removal(for: call.request)
                return answer
            },
            Endpoint(.post, "user/password", in: .hub, needs: .signedIn) { call in
                try await changePassword(call)
            },
        ]
    }

    private func signIn(_ call: Call) async throws -> Answer {
        try call.checkForm()
        let message = try await call.message()
        let attempt = PasswordAttempt(
            login: try message.requiredString("login"),
            password: try message.requiredString("password"),
            address: call.clientAddress
        )
        guard let secret = try await signIn.begin(attempt, client: call.client) else { throw Refusal.signIn }
        try await end(call)
        var answer = Answer.empty
        answer.headers[.setCookie] = cookie.header(
            secret.text,
            lifetimeSeconds: SessionStore.lifetimeMs / 1_000,
            for: call.request
        )
        return answer
    }

    private func changePassword(_ call: Call) async throws -> Answer {
        let identity = call.access.identity
        // Security: who found a token must not take the account with it.
        guard identity.means == .session || identity.means == .password else {
            throw Refusal.mayNot("A password is changed by who signed in with it, not by a token.")
        }
        let message = try await call.message()
        let attempt = PasswordAttempt(
            login: identity.login,
            password: try message.requiredString("current_password"),
            address: call.clientAddress
        )
        let password = try NewPassword(message.requiredString("password"), for: identity.login)
        try await signIn.passwords(for: call.caller).change(attempt, to: password)
        return .empty
    }

    private func end(_ call: Call) async throws {
        if let value = SessionCookie.value(in: call.request) { try await signIn.sessions.end(value) }
    }
}

extension Call {
    /// What the sender says of itself.
    fileprivate var client: String { request.headers[.userAgent] ?? "" }
}
