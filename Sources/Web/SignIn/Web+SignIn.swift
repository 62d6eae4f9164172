import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// Where people come in and go out.
extension Web {
    var signInEndpoints: [Endpoint] {
        [
            Endpoint(.get, "login", in: .site, needs: .open) { call in
                answer(loginPage(returnTo: call.query["return_to"] ?? ""), to: call)
            },
            Endpoint(.post, "login", in: .site, needs: .open) { call in try await signIn(call) },
            Endpoint(.get, "logout", in: .site, needs: .open) { call in
                let page = SignInPage(title: "Sign out", action: root["logout"], button: "Sign out")
                return answer(page, to: call)
            },
            Endpoint(.post, "logout", in: .site, needs: .open) { call in
                try call.checkForm()
                try await end(call)
                return .redirect(to: root["login"].text, setting: means.cookie.removal(for: call.request))
            },
        ]
    }

    private var root: Address { Address(settings.prefix) }

    private func loginPage(returnTo: String, login: String = "", message: String = "") -> SignInPage {
        let path = ReturnAddress(returnTo)?.path
        return SignInPage(
            title: "Sign in",
            message: message,
            action: root["login"],
            fields: """
                \(LineField(
                    name: "login", label: "Name", value: login, autocomplete: "username", isRequired: true
                ).html)\
                \(LineField(
                    name: "password", label: "Password", type: "password", autocomplete: "current-password",
                    isRequired: true
                ).html)\
                <input type="hidden" name="return_to" value="\(path ?? "")">
                """,
            button: "Sign in",
            other: means.elsewhere.map {
                (root.below("login/openid").with("return_to", path), "Sign in at \($0)")
            }
        )
    }

    private func signIn(_ call: Call) async throws -> Answer {
        try call.checkForm()
        let form = try await call.form()
        let (login, returnTo) = (form.text("login"), form.text("return_to"))
        let attempt = PasswordAttempt(
            login: login,
            password: form.text("password"),
            address: call.clientAddress
        )
        do {
            guard let secret = try await means.signIn.begin(attempt, client: call.client) else {
                let message =
                    "The name or the password is wrong, or the name is locked for a while after many attempts."
                let page = loginPage(returnTo: returnTo, login: login, message: message)
                return answer(page, to: call, status: .unauthorized)
            }
            // Security: the session that the browser had ends, whoever gave it.
            try await end(call)
            return enter(secret, call, ReturnAddress(returnTo)?.path ?? settings.prefix + "/")
        } catch let attempts as TooManyAttempts {
            let message = "Too many attempts came from your address: wait a while."
            let page = loginPage(returnTo: returnTo, login: login, message: message)
            var answer = answer(page, to: call, status: .tooManyRequests)
            answer.headers[.retryAfter] = String(attempts.retryAfterSeconds)
            return answer
        }
    }

    /// Sends a browser on that is known by a session from now on.
    func enter(_ session: Secret, _ call: Call, _ address: String) -> Answer {
        .redirect(
            to: address,
            setting: means.cookie.header(
                session.text,
                lifetimeSeconds: SessionStore.lifetimeMs / 1_000,
                for: call.request
            )
        )
    }

    private func end(_ call: Call) async throws {
        if let value = SessionCookie.value(in: call.request) { try await means.signIn.sessions.end(value) }
    }
}

extension Call {
    /// What the sender says of itself.
    var client: String { request.headers[.userAgent] ?? "" }
}
