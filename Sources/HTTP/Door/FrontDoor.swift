import Accounts
package import Core
import HTTPTypes
package import Hummingbird
import Logging

/// Through here every request goes in and every answer goes out: guards, route, gate, handler, failure, headers,
/// measures and the line in the log.
///
/// One responder rather than a chain of middleware, because each link of a chain costs an allocation per request.
package struct FrontDoor: HTTPResponder {
    package typealias Context = HTTP.Context
    /// Shows a person what went wrong: the answer to a program becomes a page.
    package typealias FailurePage = @Sendable (Failure, Answer, Request) -> Answer

    private let routes: Routes
    private let gate: Gate
    private let guards: Guards
    private let bodyLimitBytes: Int
    private let hasWorkspaces: Bool
    private let isBehindProxy: Bool
    private let proxies: TrustedProxies
    private let speaksHTTPS: Bool
    private let failurePage: FailurePage?
    private let log: (@Sendable (RequestLine) -> Void)?
    private let unheard = Once()
    private let unmatched = RouteMeasures(method: "", route: "none")

    /// - Parameters:
    ///   - routes: What is served.
    ///   - gate: Who may ask.
    ///   - guards: What is refused before anybody looks at it.
    ///   - bodyLimitBytes: How long a body may be that is read into memory; streams have no limit.
    ///   - hasWorkspaces: Whether MLflow's clients may name workspaces.
    ///   - isBehindProxy: Whether all requests come by a proxy, which says for whom it asks.
    ///   - proxies: Who is believed for whom they ask, and how.
    ///   - speaksHTTPS: Whether this server speaks HTTPS itself.
    ///   - failurePage: Shows people what went wrong; nil where nothing is shown to people.
    ///   - log: Takes a line for each request; nil for none.
    package init(
        routes: Routes,
        gate: Gate,
        guards: Guards = Guards(),
        bodyLimitBytes: Int = 64 << 20,
        hasWorkspaces: Bool = false,
        isBehindProxy: Bool = false,
        proxies: TrustedProxies = .thisMachine,
        speaksHTTPS: Bool = false,
        failurePage: FailurePage? = nil,
        log: (@Sendable (RequestLine) -> Void)? = nil
    ) {
        self.routes = routes
        self.gate = gate
        self.guards = guards
        self.bodyLimitBytes = bodyLimitBytes
        self.hasWorkspaces = hasWorkspaces
        self.isBehindProxy = isBehindProxy
        self.proxies = proxies
        self.speaksHTTPS = speaksHTTPS
        self.failurePage = failurePage
        self.log = log
    }

    package func respond(to request: Request, context: Context) async throws -> Response {
        let start = ContinuousClock.now
        let request = heard(request, context)
        let path = request.uri.path
        var measures = unmatched
        var answer: Answer
        if let refusal = guards.refusal(of: request, path: path) {
            answer = refusal
        } else {
            switch routes.match(request.method, path) {
            case .found(let route, let parameters, let target):
                measures = route.measures
                answer = await self.answer(request, route, parameters, target, context)
                if route.endpoint.failsInText { answer.tellInText() }
                if route.endpoint.place.isPage {
                    // Security: what pages of this server show, pages elsewhere have no business to read.
                    answer.isForOurPages = true
                    show(&answer, request)
                }
            case .otherMethods(let methods): answer = .methodNotAllowed(methods)
            case .malformed: answer = Answer(.invalid("The path is not percent-encoded UTF-8."))
            case .nothing:
                if request.method == .get || request.method == .head, let meant = routes.intended(by: path) {
                    answer = .elsewhere(meant, request)
                } else {
                    answer = .nothingHere(at: path)
                    show(&answer, request)
                }
            }
        }
        guards.addHeaders(to: &answer, for: request)
        let duration = ContinuousClock.now - start
        measures.record(status: answer.status, duration)
        if let log {
            log(RequestLine(request, path: path, answer: answer, duration: duration, requestID: context.id))
        }
        let response = answer.response
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// A request without what it says of somebody else, where that is not believed; the first time is told to who serves.
    private func heard(_ request: Request, _ context: Context) -> Request {
        guard let believed = proxies.believed(of: request, from: context.peer) else { return request }
        if isBehindProxy, unheard.isFirst() {
            context.logger.warning(
                "who says for whom they ask is not believed: if it is the proxy, name it with --trusted-proxies",
                metadata: ["address": "\(context.peer?.ipAddress ?? "unknown")"]
            )
        }
        return believed
    }

    /// Makes an error a page where a person looks at it.
    private func show(_ answer: inout Answer, _ request: Request) {
        guard let failurePage, let failure = answer.failure,
            request.headers[.accept]?.contains("text/html") == true
        else { return }
        var page = failurePage(failure, answer, request)
        if let after = answer.headers[.retryAfter] { page.headers[.retryAfter] = after }
        page.isForOurPages = true
        answer = page
    }

    private func answer(
        _ request: Request,
        _ route: Routes.Route,
        _ parameters: PathParameters,
        _ target: Target,
        _ context: Context
    ) async -> Answer {
        do {
            let target = try self.target(target, of: request, route.endpoint)
            let address = ClientAddress.of(request, context, isBehindProxy: isBehindProxy)
            let access = try await gate.admit(request, address, target, route.endpoint)
            let asked = Call(
                access: access,
                request: request,
                parameters: parameters,
                logger: context.logger,
                bodyLimitBytes: bodyLimitBytes,
                clientAddress: address,
                isSecure: speaksHTTPS || request.cameByHTTPS,
                isOpen: route.endpoint.right == .open
            ) { _ = try await gate.admit(request, address, target, route.endpoint) }
            let call = try await route.endpoint.checked(asked)
            guard call.mayBeLong else { return try await route.endpoint.handler(call) }
            return try await aside { try await route.endpoint.handler(call) }
        } catch let moved as Moved {
            return .moved(from: target, to: moved.place, request)
        } catch Refusal.signIn where route.endpoint.place == .hub && route.endpoint.right == .read {
            // Who has not signed in and asks for what is not public is told what strangers are told.
            return Answer(Refusal.absent(target), requestID: context.id, logger: context.logger)
        } catch Refusal.signIn {
            return gate.answerToNobody(request)
        } catch let failure as Failure where route.endpoint.place == .hub && failure.isOfTheBody {
            return Answer(failure, status: .unprocessableContent)
        } catch {
            return Answer(error, requestID: context.id, logger: context.logger)
        }
    }
}

extension FrontDoor {
    /// What a request is about where its client names a workspace: that of the header in place of the default one.
    ///
    /// - Source: MLflow 3.17, `mlflow/server/workspace_helpers.py`.
    private func target(_ target: Target, of request: Request, _ endpoint: Endpoint) throws -> Target {
        guard endpoint.place.isOfWorkspace, endpoint.right != .open,
            let header = request.headers[.mlflowWorkspace]
        else { return target }
        let name = header.filter { !$0.isWhitespace }
        guard !name.isEmpty else { return target }
        guard hasWorkspaces, target == .standard else {
            throw Failure(
                .featureDisabled,
                "Workspace APIs are not available: workspaces are not enabled on this server"
            )
        }
        return .workspace(try WorkspaceName(name))
    }
}

extension HTTPField.Name {
    fileprivate static let mlflowWorkspace = named("X-MLFLOW-WORKSPACE")
}

extension Failure {
    /// Whether what was sent cannot be done as it is, for which clients of the hub expect a status of its own.
    fileprivate var isOfTheBody: Bool { code == .invalidParameter || code == .alreadyExists }
}

extension Answer {
    /// An endpoint that is not served answers as an older MLflow server does, so that clients fall back as they do there.
    fileprivate static func nothingHere(at path: String) -> Answer {
        path.contains("/api/") || path.contains("/ajax-api/")
            ? Answer(Failure(.endpointNotFound, "This server has no such endpoint."))
            : .nowhere
    }

    private static var nowhere: Answer {
        var answer = Answer.text("Not found\n", status: .notFound)
        answer.failure = .missing("There is nothing at this address.")
        return answer
    }

    /// Sends a client on to where a repository is now; it asks the same again there.
    fileprivate static func moved(
        from target: Target,
        to place: RepositoryPlace,
        _ request: Request
    ) -> Answer {
        guard let path = place.path(inPlaceOf: target, in: request.uri.path) else {
            return Answer(Refusal.absent(target))
        }
        return elsewhere(path, request)
    }

    /// Sends a client on to another path of this server for good, with what stood behind the first.
    fileprivate static func elsewhere(_ path: String, _ request: Request) -> Answer {
        let address = request.uri.query.map { "\(path)?\($0)" } ?? path
        return Answer(
            status: .permanentRedirect,
            headers: [.location: address, .cacheControl: "no-store"],
            body: ResponseBody()
        )
    }

    fileprivate static func methodNotAllowed(_ methods: [HTTPRequest.Method]) -> Answer {
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        var answer = Answer(
            Failure(.badRequest, "This endpoint answers \(allowed)."),
            status: .methodNotAllowed
        )
        answer.headers[.allow] = allowed
        return answer
    }
}
