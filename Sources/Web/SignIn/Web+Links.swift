import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// Links that open once: they make the first account, and set passwords that were lost or never were.
extension Web {
    var linkEndpoints: [Endpoint] {
        [
            Endpoint(.get, "set-up/:secret", in: .site, needs: .open) { call in try await linkPage(call) },
            Endpoint(.post, "set-up/:secret", in: .site, needs: .open) { call in try await openLink(call) },
        ]
    }

    private func linkPage(_ call: Call, login: String = "", message: String = "") async throws -> Answer {
        let root = Address(settings.prefix)
        let secret = call.parameter("secret")
        guard let link = try await means.signIn.links(for: call.caller).find(secret) else {
            let page = SignInPage(
                title: "This link opens nothing",
                message: "It has been used, has ended, or was replaced by a newer one.",
                action: root["login"],
                button: "Sign in"
            )
            return answer(page, to: call, status: .notFound)
        }
        let isSetUp = link.purpose == .setUp
        let name = LineField(
            name: "login",
            label: "Your name here",
            value: login,
            hint: "The first part of the addresses of your repositories.",
            autocomplete: "username",
            isRequired: true
        )
        let password = LineField(
            name: "password",
            label: "Password",
            type: "password",
            hint: "At least \(NewPassword.leastCharacters) characters.",
            autocomplete: "new-password",
            isRequired: true
        )
        let page = SignInPage(
            title: isSetUp ? "Set up this server" : "Set the password of \(link.login ?? "")",
            text: isSetUp ? "The account that you make looks after this server." : "",
            message: message,
            action: root["set-up"][secret],
            fields: "\(isSetUp ? name.html : nil)\(password.html)",
            button: isSetUp ? "Make the account" : "Set the password"
        )
        return answer(page, to: call, status: message.isEmpty ? .ok : .badRequest)
    }

    private func openLink(_ call: Call) async throws -> Answer {
        try call.checkForm()
        let form = try await call.form()
        let secret = call.parameter("secret")
        let links = means.signIn.links(for: call.caller)
        guard let link = try await links.find(secret) else { return try await linkPage(call) }
        do {
            let login = link.login ?? form.text("login")
            let password = try NewPassword(form.text("password"), for: login)
            switch link.purpose {
            case .setUp: _ = try await links.setUp(secret, NewPerson(login: AccountName(login)), password)
            case .password: _ = try await links.reset(secret, password)
            }
        } catch let failure as Failure {
            return try await linkPage(call, login: form.text("login"), message: failure.message)
        }
        return .redirect(to: Address(settings.prefix)["login"].text)
    }
}
