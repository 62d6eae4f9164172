import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// Where a person lets a program act for them that opened the browser to ask.
extension Web {
    private static let fields = ["middleman_request_id", "state", "client_id"]

    var programEndpoints: [Endpoint] {
        [
            Endpoint(.get, "login/oauth/authorize", in: .site, needs: .signedIn) { call in
                _ = try request(call.query)
                return answer(approval(call), to: call)
            },
            Endpoint(.post, "login/oauth/authorize", in: .site, needs: .signedIn) { call in
                try call.checkForm()
                try await means.signIn.programs.agree(to: request(call.form()), as: call.access.identity)
                return await answer(ApprovedPage(), for: visit(call))
            },
        ]
    }

    private func request(_ values: Query) throws -> ProgramSignIn.Request {
        try ProgramSignIn.Request(
            id: values.text("middleman_request_id"),
            state: values.text("state"),
            client: values.text("client_id")
        )
    }

    private func approval(_ call: Call) -> SignInPage {
        let query = call.query
        return SignInPage(
            title: "A program asks to act for you",
            text: """
                It gets a token of '\(call.access.identity.login)', which reads and writes what you may, for 30 days. \
                Agree only if you have just started it yourself: whoever sent you this address gets the token.
                """,
            action: Address(settings.prefix).below("login/oauth/authorize"),
            fields: Self.fields.map { name -> HTML in
                "<input type=\"hidden\" name=\"\(name)\" value=\"\(query.text(name))\">"
            }.joined(),
            button: "Give it a token"
        )
    }
}

/// What somebody sees who has let a program act for them.
private struct ApprovedPage: Page {
    var title: String { "The program has its token" }

    var body: HTML {
        """
        <h1>\(title)</h1>
        <p>You may close this page and go back to it. The token is listed in your settings, where it can be revoked.</p>
        """
    }
}
