import HTTP
import HTTPTypes
import Hummingbird

/// A page with one form by which somebody comes in; it runs no script.
struct SignInPage: Page {
    let title: String
    /// What is to be known.
    var text = ""
    /// What went wrong.
    var message = ""
    let action: Address
    var fields: HTML = .empty
    let button: String
    /// A second way, such as that of another server.
    var other: (address: Address, text: String)?

    var styles: [String] { ["settings/settings.css"] }
    var runsScripts: Bool { false }

    var body: HTML {
        """
        <section class="sign-in card"><div class="body">
        <h1>\(title)</h1>
        \(text.isEmpty ? nil : "<p>\(text)</p>" as HTML)
        \(message.isEmpty ? nil : Notice.wrong(message).html)
        <form method="post" action="\(action)">\(fields)\
        <button class="button primary">\(button)</button></form>
        \(other.map { "<a class=\"button\" href=\"\($0.address)\">\($0.text)</a>" as HTML })
        </div></section>
        """
    }
}

extension Web {
    /// Answers a page by which somebody comes in.
    ///
    /// Security: nothing runs here, nothing is sent elsewhere, and nobody shows it in a frame to steal a click. The address
    /// may be the secret of a link that opens once, which no other server is told.
    func answer(
        _ page: SignInPage,
        to call: Call,
        status: HTTPResponse.Status = .ok
    ) -> Answer {
        let frame = Frame(page: page, settings: settings, theme: Theme(call.request), assets: assets)
        var answer = Answer.text(frame.html.text, status: status, type: "text/html; charset=utf-8")
        answer.headers[.cacheControl] = "no-store"
        answer.headers[.contentSecurityPolicy] = ContentPolicy.signIn
        answer.headers[.referrerPolicy] = "same-origin"
        return answer
    }
}

extension ContentPolicy {
    fileprivate static let signIn = """
        default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """
}
