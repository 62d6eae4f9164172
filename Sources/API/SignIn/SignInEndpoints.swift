package import Accounts
import Core
package import HTTP
import HTTPTypes
import Hummingbird

/// Where people come in: small forms, and the same for programs.
package struct SignInEndpoints: Sendable {
    private let signIn: SignIn
    private let cookie: SessionCookie
    private let prefix: String
    private let elsewhere: String?

    /// - Parameters:
    ///   - signIn: Lets people in.
    ///   - cookie: How browsers are known.
    ///   - prefix: What stands before every address.
    ///   - elsewhere: The name of another server at which people sign in; nil for none.
    package init(_ signIn: SignIn, cookie: SessionCookie, prefix: String, elsewhere: String?) {
        self.signIn = signIn
        self.cookie = cookie
        self.prefix = prefix
        self.elsewhere = elsewhere
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(.get, "login", in: .root, needs: .open) { call in
                loginPage(returnTo: call.query["return_to"] ?? "").answer()
            },
            Endpoint(.post, "login", in: .root, needs: .open) { call in try await login(call) },
            Endpoint(.get, "login/style.css", in: .root, needs: .open) { _ in style },
            Endpoint(.get, "logout", in: .root, needs: .open) { _ in
                FormPage(
                    title: "Sign out",
                    action: prefix + "/logout",
                    button: "Sign out",
                    style: styleAddress
                )
                .answer()
            },
            Endpoint(.post, "logout", in: .root, needs: .open) { call in
                try call.checkForm()
                try await end(call)
                return .redirect(to: prefix + "/login", setting: cookie.removal(for: call.request))
            },
            Endpoint(.get, "set-up/:secret", in: .root, needs: .open) { call in try await linkPage(call) },
            Endpoint(.post, "set-up/:secret", in: .root, needs: .open) { call in try await openLink(call) },
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

    // MARK: Forms

    private var style: Answer {
        var answer = Answer.text(FormPage.css, type: "text/css; charset=utf-8")
        answer.headers[.cacheControl] = "max-age=3600"
        return answer
    }

    private var styleAddress: String { prefix + "/login/style.css" }

    private func loginPage(returnTo: String, login: String = "", message: String = "") -> FormPage {
        FormPage(
            title: "Sign in",
            message: message,
            action: prefix + "/login",
            fields: [
                .init(name: "login", label: "Name", value: login, autocomplete: "username"),
                .init(
                    name: "password",
                    label: "Password",
                    type: "password",
                    autocomplete: "current-password"
                ),
                .init(
                    name: "return_to",
                    label: "",
                    type: "hidden",
                    value: ReturnAddress(returnTo)?.path ?? ""
                ),
            ],
            button: "Sign in",
            link: elsewhere.map {
                let returnTo = ReturnAddress(returnTo).map { "?return_to=" + $0.escaped } ?? ""
                return ("\(prefix)/login/openid\(returnTo)", "Sign in at \($0)")
            },
            style: styleAddress
        )
    }

    private func login(_ call: Call) async throws -> Answer {
        try call.checkForm()
        let form = try await call.form()
        let (login, returnTo) = (form["login"] ?? "", form["return_to"] ?? "")
        let attempt = PasswordAttempt(
            login: login,
            password: form["password"] ?? "",
            address: call.clientAddress
        )
        do {
            if let secret = try await signIn.begin(attempt, client: call.client) {
                // Security: the session that the browser had ends, whoever gave it.
                try await end(call)
                return enter(secret, call, returnTo: returnTo)
            }
            return loginPage(
                returnTo: returnTo,
                login: login,
                message:
                    "The name or the password is wrong, or the name is locked for a while after many attempts."
            ).answer(status: .unauthorized)
        } catch let attempts as TooManyAttempts {
            var answer = loginPage(
                returnTo: returnTo,
                login: login,
                message: "Too many attempts came from your address: wait a while."
            ).answer(status: .tooManyRequests)
            answer.headers[.retryAfter] = String(attempts.retryAfterSeconds)
            return answer
        }
    }

    private func linkPage(_ call: Call, message: String = "") async throws -> Answer {
        let text = call.parameter("secret")
        guard let link = try await signIn.links(for: call.caller).find(text) else {
            return FormPage(
                title: "This link opens nothing",
                message: "It has been used, has ended, or was replaced by a newer one.",
                action: prefix + "/login",
                button: "Sign in",
                style: styleAddress
            ).answer(status: .notFound)
        }
        let password = FormPage.Field(
            name: "password",
            label: "Password, of at least \(NewPassword.leastCharacters) characters",
            type: "password",
            autocomplete: "new-password"
        )
        let isSetUp = link.purpose == .setUp
        return FormPage(
            title: isSetUp ? "Set up this server" : "Set the password of \(link.login ?? "")",
            message: message,
            action: prefix + "/set-up/" + text,
            fields: (isSetUp ? [.init(name: "login", label: "Your name here", autocomplete: "username")] : [])
                + [password],
            button: isSetUp ? "Make the account that looks after this server" : "Set the password",
            style: styleAddress
        ).answer(status: message.isEmpty ? .ok : .badRequest)
    }

    private func openLink(_ call: Call) async throws -> Answer {
        try call.checkForm()
        let form = try await call.form()
        let text = call.parameter("secret")
        let links = signIn.links(for: call.caller)
        guard let link = try await links.find(text) else { return try await linkPage(call) }
        do {
            let login = link.login ?? form["login"] ?? ""
            let password = try NewPassword(form["password"] ?? "", for: login)
            switch link.purpose {
            case .setUp: _ = try await links.setUp(text, NewPerson(login: AccountName(login)), password)
            case .password: _ = try await links.reset(text, password)
            }
        } catch let failure as Failure {
            return try await linkPage(call, message: failure.message)
        }
        return .redirect(to: prefix + "/login")
    }

    // MARK: Programs

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

    // MARK: What they have in common

    private func enter(_ secret: Secret, _ call: Call, returnTo: String) -> Answer {
        .redirect(
            to: ReturnAddress(returnTo)?.path ?? prefix + "/",
            setting: cookie.header(
                secret.text,
                lifetimeSeconds: SessionStore.lifetimeMs / 1_000,
                for: call.request
            )
        )
    }

    private func end(_ call: Call) async throws {
        if let value = SessionCookie.value(in: call.request) { try await signIn.sessions.end(value) }
    }
}

extension Call {
    /// What the sender says of itself.
    fileprivate var client: String { request.headers[.userAgent] ?? "" }
}
