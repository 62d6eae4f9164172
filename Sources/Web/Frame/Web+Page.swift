package import Core
package import HTTP
import HTTPTypes
package import Hummingbird

extension Web {
    func visit(_ call: Call) -> Visit { Visit(call: call, settings: settings) }

    /// Answers a page in its frame.
    ///
    /// - Parameters:
    ///   - page: What it shows.
    ///   - visit: Who looks at it.
    ///   - status: The status of the answer.
    /// - Returns: The answer; a page is never kept, since what it shows changes and depends on who looks.
    func answer(
        _ page: some Page,
        for visit: Visit,
        status: HTTPResponse.Status = .ok
    ) async -> Answer {
        guard page.takesLong else { return framed(page, for: visit, status) }
        return await aside { framed(page, for: visit, status) }
    }

    private func framed(_ page: some Page, for visit: Visit, _ status: HTTPResponse.Status) -> Answer {
        var answer = Answer.text(
            Frame(page: page, visit: visit, assets: assets).html.text,
            status: status,
            type: "text/html; charset=utf-8"
        )
        answer.headers[.cacheControl] = "no-store"
        answer.headers[.contentSecurityPolicy] = ContentPolicy.page
        answer.headers[.referrerPolicy] = "same-origin"
        return answer
    }

    /// A piece of a page, for the script that asked for it.
    func answer(fragment: HTML) -> Answer {
        var answer = Answer.text(fragment.text, type: "text/html; charset=utf-8")
        answer.headers[.cacheControl] = "no-store"
        answer.headers[.contentSecurityPolicy] = ContentPolicy.page
        return answer
    }

    /// A row whose answer is a page.
    ///
    /// - Parameters:
    ///   - path: Below its place.
    ///   - place: Where it is.
    ///   - right: What it needs.
    ///   - page: Loads what the page shows.
    /// - Returns: The row.
    func page(
        _ path: String,
        in place: Endpoint.Place,
        needs right: Right = .read,
        _ page: @escaping @Sendable (Visit) async throws -> any Page
    ) -> Endpoint {
        Endpoint(.get, path, in: place, needs: right) { call in
            let visit = visit(call)
            return await answer(try await page(visit), for: visit)
        }
    }

    /// A row that takes a form and then sends the browser on, which works without script.
    ///
    /// - Parameters:
    ///   - path: Below its place.
    ///   - place: Where it is.
    ///   - right: What it needs.
    ///   - act: Does what the form says; returns where the browser goes on.
    /// - Returns: The row.
    func form(
        _ path: String,
        in place: Endpoint.Place,
        needs right: Right = .write,
        _ act: @escaping @Sendable (Visit, Query) async throws -> Address
    ) -> Endpoint {
        Endpoint(.post, path, in: place, needs: right) { call in
            try call.checkForm()
            let visit = visit(call)
            return .redirect(to: try await act(visit, try await call.form()).text)
        }
    }

    /// Shows a person what went wrong.
    package func failurePage(_ failure: Failure, _ answer: Answer, _ request: Request) -> Answer {
        let page = FailurePage(failure: failure, status: answer.status, home: Address(settings.prefix))
        var shown = Answer.text(
            Frame(
                page: page,
                settings: settings,
                theme: Theme(request),
                assets: assets
            ).html.text,
            status: answer.status,
            type: "text/html; charset=utf-8"
        )
        shown.headers[.cacheControl] = "no-store"
        shown.headers[.contentSecurityPolicy] = ContentPolicy.page
        return shown
    }
}

extension Answer {
    /// JSON that is true for now.
    static func fresh(_ json: JSON) -> Answer {
        var answer = Answer.text(json.text, type: "application/json")
        answer.headers[.cacheControl] = "no-store"
        return answer
    }
}

/// What a browser may load and run.
enum ContentPolicy {
    /// Security: nothing of another host, no script or style within the markup, no frame of another host around it.
    static let page = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
        connect-src 'self'; media-src 'self' blob:; frame-src 'self' blob:; worker-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'self'
        """

    /// For what users wrote: it may draw itself, and reaches neither this server nor another.
    ///
    /// Security: `sandbox` without `allow-same-origin` gives it an origin of its own.
    static let usersContent = """
        sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; \
        style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:
        """
}

/// What went wrong, for a person.
struct FailurePage: Page {
    let failure: Failure
    let status: HTTPResponse.Status
    let home: Address

    var title: String { "\(status.code) \(status.reasonPhrase)" }

    var body: HTML {
        """
        <section class="failure">
        <p class="failure-status">\(status.code)</p>
        <h1>\(heading)</h1>
        <p>\(failure.message)</p>
        <p><a class="button" href="\(home)">Home</a></p>
        </section>
        """
    }

    private var heading: String {
        switch status.code {
        case 401: "Sign in first"
        case 403: "You may not do this"
        case 404: "Nothing here"
        case 413: "Too large"
        case 429: "Too many attempts"
        case 500...: "The server failed"
        default: "This cannot be done"
        }
    }
}
