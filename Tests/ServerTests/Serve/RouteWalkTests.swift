import API
import Accounts
import Core
import Database
import FoundationEssentials
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing
import Tracking
import Web

@testable import Server

/// Every route of the table × who asks × what they ask for; a new route is in it by itself.
@Suite struct RouteWalkTests {
    @Test func `every route refuses those who may not, and shows nobody what they may not see`() async throws
    {
        try await withWalk { walk in
            for route in walk.routes {
                switch route.subject {
                case .repository: try await walk.askAboutRepositories(route)
                case .organization: try await walk.askAboutOrganizations(route)
                case .standard: try await walk.askAboutStandard(route)
                case .server: try await walk.askAboutServer(route)
                }
            }
        }
    }

    @Test func `nothing is verified for strangers`() async throws {
        try await withWalk { walk in try await walk.askToVerify() }
    }

    private func withWalk(_ body: @escaping @Sendable (Walk) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/roost-walk-\(UUID().uuidString)"
        let settings = try Settings(
            SettingValues(flags: [(.data, folder), (.enableWorkspaces, "true")], environment: [:])
        )
        let composition = try await Composition(settings, prometheus: Prometheus())
        // Streams of news would never end; here they begin ended.
        let live = Task { await composition.web.runLive(logger: Logger(label: "walk")) }
        live.cancel()
        await live.value
        let people = try await Team(composition.database, artifactRoot: settings.defaultArtifactRoot)
        let routes = Routes(composition.endpoints)
        let gate = Gate { request, _, target, endpoint in
            let identity = people.identity(request.headers[.authorization] ?? "")
            return try await people.accounts.admission.admit(
                identity,
                to: target,
                needing: endpoint.right,
                isOfObjects: endpoint.isOfObjects
            )
        }
        let door = FrontDoor(
            routes: routes,
            gate: gate,
            guards: Guards(isEnabled: false),
            hasWorkspaces: true
        )
        let application = Application(responder: door)
        try await application.test(.router) { client in
            try await body(Walk(client: client, people: people, routes: WalkedRoute.all(of: routes)))
        }
        try await composition.database.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}

/// A route as the walk sees it.
private struct WalkedRoute {
    let method: HTTPRequest.Method
    let pattern: String
    let right: Right

    enum Subject { case repository, organization, standard, server }

    /// What answers at two addresses is asked at one of them.
    static func all(of routes: Routes) -> [WalkedRoute] {
        let all = routes.all.map { WalkedRoute(method: $0.method, pattern: $0.pattern, right: $0.right) }
        let names = Set(all.map(\.description))
        return all.filter { route in
            let twin = route.description.replacing("/ajax-api/", with: "/api/")
            return twin == route.description || !names.contains(twin)
        }.sorted { $0.description < $1.description }
    }

    var description: String { "\(method.rawValue) \(pattern)" }

    var subject: Subject {
        let segments = pattern.split(separator: "/")
        if pattern.contains("/{repository}.") { return .repository }
        if segments.contains(":owner"), segments.contains(":repo") { return .repository }
        if segments.contains(":org") { return .organization }
        return [.read, .write, .admin].contains(right) ? .standard : .server
    }

    var needed: Role? {
        switch right {
        case .read: .read
        case .write: .write
        case .admin: .admin
        default: nil
        }
    }

    /// The address where the parts that name something stand for these; other parameters are 1.
    func path(owner: String = "", repository: String = "", organization: String = "") -> String {
        pattern.replacing("{repository}", with: "\(owner)/\(repository)").split(
            separator: "/",
            omittingEmptySubsequences: false
        ).map { segment -> String in
            switch segment {
            case ":owner": owner
            case ":repo": repository.isEmpty ? "1" : repository
            case ":org": organization
            case "**": "x"
            default: segment.hasPrefix(":") ? "1" : String(segment)
            }
        }.joined(separator: "/")
    }
}

/// The people of the walk, and what is theirs.
private struct Team {
    let accounts: Accounts
    private let people: TestPeople

    /// Who asks, with what they may do in `ann`'s repository.
    static let askers: [(login: String, role: Role?)] = [
        ("", nil), ("sam", nil), ("bob", .read), ("dan", .write), ("ann", .admin),
    ]

    init(_ database: any Database, artifactRoot: String) async throws {
        let tracking = Tracking(database: database, artifactRoot: artifactRoot)
        accounts = Accounts(database: database) { try tracking.furnish(for: $0, in: $1) }
        people = try await TestPeople(["ann", "bob", "dan", "eve", "sam"], in: database)
        try await makeOrganization("lab")
        let eve = identity("Bearer eve")
        _ = try await accounts.organizations(for: eve).create(AccountName("den"), ProfileChange())
        for (name, visibility) in [("hidden", Visibility.private), ("shown", .public)] {
            _ = try await accounts.repositories(for: eve).create(
                NewRepository(name: RepositoryName(name), visibility: visibility)
            )
        }
        try await makeOwn("iris")
    }

    func identity(_ authorization: String) -> Identity {
        people.identity(authorization)
    }

    /// Makes an organization of `ann`'s with `bob` and `dan` as members.
    func makeOrganization(_ name: String) async throws {
        let organizations = accounts.organizations(for: identity("Bearer ann"))
        let made = try await organizations.create(AccountName(name), ProfileChange())
        for login in ["bob", "dan"] { try await organizations.set(login, to: .member, in: made.id) }
    }

    /// Makes a repository of `ann`'s that `bob` reads and `dan` writes.
    func makeOwn(_ name: String) async throws {
        let ann = identity("Bearer ann")
        let place = try await accounts.repositories(for: ann).create(
            NewRepository(name: RepositoryName(name), visibility: .private)
        )
        for (login, role) in [("bob", Role.read), ("dan", .write)] {
            try await accounts.collaborators(for: ann).set(login, to: role, in: place.workspace)
        }
    }
}

private struct Walk {
    let client: any TestClientProtocol
    let people: Team
    let routes: [WalkedRoute]

    /// These say 403 of themselves to whoever may: the body of the walk asks for nothing that they have, or for what is all
    /// of the server's.
    private static let refusing = [
        "GET /{repository}.git/info/refs", "GET /:owner/:repo/info/refs", "GET /api/3.0/mlflow/roles/list",
    ]

    func askAboutRepositories(_ route: WalkedRoute) async throws {
        for asker in Team.askers {
            let absent = try await ask(route, asker.login, owner: "eve", repository: "nothing")
            let nobody = try await ask(route, asker.login, owner: "noone", repository: "hidden")
            let foreign = try await ask(route, asker.login, owner: "eve", repository: "hidden")
            let said = "\(route.description) by '\(asker.login)'"
            #expect(foreign == absent, "\(said): a foreign repository differs from none")
            #expect(foreign == nobody, "\(said): a foreign repository differs from that of nobody")
            guard let needed = route.needed else { continue }
            #expect(
                foreign.status == 404 || asker.login.isEmpty && foreign.status == 401,
                "\(said): \(foreign)"
            )
            if asker.role == nil {
                #expect(try await ask(route, asker.login, owner: "ann", repository: "iris") == absent)
            }
            try await expect(route, asker.login, asker.role, needed)
            let open = try await ask(route, asker.login, owner: "eve", repository: "shown")
            if needed > .read {
                #expect(open.status == (asker.login.isEmpty ? 401 : 403), "\(said): \(open)")
            } else {
                expectAllowed(open, route, asker.login)
            }
        }
    }

    private func expect(
        _ route: WalkedRoute,
        _ login: String,
        _ role: Role?,
        _ needed: Role
    ) async throws {
        guard let role else { return }
        guard role >= needed else {
            let own = try await ask(route, login, owner: "ann", repository: "iris")
            #expect(own.status == 403, "\(route.description) by '\(login)': \(own)")
            return
        }
        // What may end the repository ends one that nobody else needs.
        var name = "iris"
        if needed == .admin {
            name = "r\(UInt32.random(in: .min ... .max))"
            try await people.makeOwn(name)
        }
        expectAllowed(try await ask(route, login, owner: "ann", repository: name), route, login)
    }

    func askToVerify() async throws {
        let pattern = "/{repository}.mlflow/api/2.0/roost/model-versions/verify"
        let route = try #require(routes.first { $0.pattern == pattern })

        for asker in Team.askers {
            let answer = try await ask(route, asker.login, owner: "eve", repository: "shown")
            #expect(answer.status == (asker.login.isEmpty ? 401 : 400), "'\(asker.login)': \(answer)")
        }
    }

    /// Whether who asks has an account decides about the foreign one; whoever has one may know that it is there.
    func askAboutOrganizations(_ route: WalkedRoute) async throws {
        for asker in Team.askers {
            let absent = try await ask(route, asker.login, organization: "nothing")
            let foreign = try await ask(route, asker.login, organization: "den")
            // Who manages one may end it, so that they have one that nobody else needs.
            var name = "lab"
            if route.right == .manage, asker.login == "ann" {
                name = "o\(UInt32.random(in: .min ... .max))"
                try await people.makeOrganization(name)
            }
            let own = try await ask(route, asker.login, organization: name)
            if asker.login.isEmpty {
                #expect(
                    [absent.status, foreign.status, own.status] == [401, 401, 401],
                    "\(route.description)"
                )
                continue
            }
            let said = "\(route.description) by '\(asker.login)'"
            #expect(absent.status == 404, "\(said): \(absent)")
            #expect(foreign.status == 403, "\(said): \(foreign)")
            let isAllowed = route.right == .manage ? asker.login == "ann" : asker.login != "sam"
            if isAllowed {
                expectAllowed(own, route, asker.login)
            } else {
                #expect(own.status == 403, "\(said): \(own)")
            }
        }
    }

    func askAboutStandard(_ route: WalkedRoute) async throws {
        for asker in Team.askers {
            let answer = try await ask(route, asker.login)
            if asker.login.isEmpty {
                #expect(answer.status == 401, "\(route.description): \(answer)")
            } else if route.right == .admin {
                #expect(answer.status == 403, "\(route.description) by '\(asker.login)': \(answer)")
            } else {
                expectAllowed(answer, route, asker.login)
            }
        }
    }

    func askAboutServer(_ route: WalkedRoute) async throws {
        for asker in Team.askers {
            let answer = try await ask(route, asker.login)
            switch route.right {
            case .open: #expect(answer.status < 500, "\(route.description): \(answer)")
            case _ where asker.login.isEmpty:
                #expect(answer.status == 401, "\(route.description): \(answer)")
            case .serverAdmin:
                #expect(answer.status == 403, "\(route.description) by '\(asker.login)': \(answer)")
            default: expectAllowed(answer, route, asker.login)
            }
        }
    }

    private func expectAllowed(_ answer: WalkedAnswer, _ route: WalkedRoute, _ login: String) {
        let said: Comment = "\(route.description) by '\(login)': \(answer)"
        // What MLflow's servers do not do either is no fault.
        #expect(answer.status < 500 || answer.status == 501, said)
        // What is for everybody to read may still need an account to act in.
        #expect(answer.status != 401 || login.isEmpty, said)
        #expect(answer.status != 403 || Self.refusing.contains(route.description), said)
    }

    private func ask(
        _ route: WalkedRoute,
        _ login: String,
        owner: String = "",
        repository: String = "",
        organization: String = ""
    ) async throws -> WalkedAnswer {
        // Forms are taken only from pages of this server, or from who says so.
        var headers: HTTPFields = [.contentType: "application/json", .xRoostRequest: "walk"]
        if !login.isEmpty { headers[.authorization] = "Bearer \(login)" }
        let hasBody = [.post, .put, .patch].contains(route.method)
        let response = try await client.execute(
            uri: route.path(owner: owner, repository: repository, organization: organization),
            method: route.method,
            headers: headers,
            body: hasBody ? ByteBuffer(string: "{}") : nil
        )
        return WalkedAnswer(response, without: [owner, repository])
    }
}

/// An answer without what was asked for, so that two can be compared.
private struct WalkedAnswer: Equatable, CustomStringConvertible {
    let status: Int
    let body: String
    let challenge: String?

    init(_ response: TestResponse, without names: [String]) {
        status = response.status.code
        challenge = response.headers[.wwwAuthenticate]
        body = names.filter { !$0.isEmpty }.reduce(String(buffer: response.body)) {
            $0.replacing($1, with: "…")
        }
    }

    var description: String { "\(status) \(body.prefix(200))" }
}
