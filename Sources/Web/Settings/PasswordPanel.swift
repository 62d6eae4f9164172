import Accounts
import Core
import HTTP

/// Where somebody changes their password.
struct PasswordPanel: Panel {
    /// Whether they have one, or sign in at another server.
    let hasPassword: Bool
    let place: Address

    var title: String { "Password" }

    var body: HTML {
        guard hasPassword else {
            return """
                <p>You sign in at another server and have no password here. Who looks after this server can send you a link
                by which you set one.</p>
                """
        }
        return """
            <p class="quiet">With the password all of your sessions end, but for this one. Tokens and keys go on to count.</p>
            \(FormBox(action: place, deed: "change", button: "Change the password", fields: fields).html)
            """
    }

    private var fields: HTML {
        """
        \(LineField(
            name: "current_password", label: "Present password", type: "password",
            autocomplete: "current-password", isRequired: true
        ).html)
        \(LineField(
            name: "password", label: "New password", type: "password",
            hint: "At least \(NewPassword.leastCharacters) characters.", autocomplete: "new-password",
            isRequired: true
        ).html)
        """
    }
}

extension Web {
    var passwordSettings: [Endpoint] {
        ownDesk("password") { visit, _ in
            PasswordPanel(hasPassword: try await needsPassword(visit), place: visit.place)
        } take: { visit, form in
            let login = visit.identity.login
            let address = visit.call.clientAddress
            let present = PasswordAttempt(
                login: login,
                password: form.text("current_password"),
                address: address
            )
            let password = try NewPassword(form.text("password"), for: login)
            try await means.signIn.passwords(for: visit.caller).change(present, to: password)
            let new = PasswordAttempt(login: login, password: form.text("password"), address: address)
            let session = try await means.signIn.begin(new, client: visit.call.client)
            // Whoever shut the account or changed it once more meanwhile has ended this session, too.
            guard let session else { throw Refusal.signIn }
            return .answer(enter(session, visit.call, visit.place.after(.saved).text))
        }
    }
}
