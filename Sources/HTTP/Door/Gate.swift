package import Accounts
package import Core
import HTTPTypes
package import Hummingbird

/// Says who asks and whether they may: every request passes it, with the right that its row of the table names.
package struct Gate: Sendable {
    /// Takes a request, from where it came, what it is about and the row that says what it needs.
    ///
    /// Throws `Refusal`, or `Moved` where what was asked for is elsewhere now.
    package let admit: @Sendable (Request, String, Target, Endpoint) async throws -> Access
    /// The page where people sign in; nil where nobody can.
    private let signInPage: String?

    package init(
        signInPage: String? = nil,
        admit: @escaping @Sendable (Request, String, Target, Endpoint) async throws -> Access
    ) {
        self.signInPage = signInPage
        self.admit = admit
    }

    /// Everybody is this one caller, who may do everything in one workspace.
    package init(always caller: Caller) {
        let access = Access(everythingFor: caller)
        self.init { _, _, _, _ in access }
    }

    /// - Parameters:
    ///   - admission: The rules.
    ///   - doorkeeper: Finds out who asks.
    ///   - signInPage: The address of the page where people sign in; nil where nobody need.
    package init(_ admission: Admission, _ doorkeeper: Doorkeeper, signInPage: String?) {
        self.init(signInPage: signInPage) { request, address, target, endpoint in
            let identity = try await doorkeeper.identify(request, from: address, for: endpoint.right)
            return try await admission.admit(
                identity,
                to: target,
                needing: endpoint.right,
                isOfObjects: endpoint.isOfObjects
            )
        }
    }

    /// What somebody is told who must sign in first: a browser that opens a page is shown where.
    package func answerToNobody(_ request: Request) -> Answer {
        if let signInPage, request.method == .get, request.headers[.authorization] == nil,
            request.headers[.accept]?.contains("text/html") == true
        {
            let address = ReturnAddress(request.uri.description)?.escaped ?? "%2F"
            return .redirect(to: "\(signInPage)?return_to=\(address)")
        }
        var answer = Answer(Refusal.signIn)
        // A page of ours asks people itself; the browser need not open a window of its own.
        if request.headers[.secFetchSite] == "same-origin" { answer.headers[.wwwAuthenticate] = nil }
        return answer
    }
}
