import Core
import API
import Accounts
import Database
import FoundationEssentials
import HTTP
import HTTPTypes
import Testing

@testable import Server

@Suite struct CompositionTests {
    /// Whoever reaches the server may ask these, and nothing else.
    private static let open: Set<String> = [
        "/", "/health", "/version", "/metrics", "/server-info", "/openapi.json",
        // These hold what whoever asks may read anyway.
        "/api/v1/repos/search", "/api/v1/repos/topics/search", "/api/v1/topics/search", "/:owner",
        // Strangers are shown only whoever has something public, and of theirs only that.
        "/api/v1/users/:name", "/api/v1/users/:name/repos", "/api/v1/orgs/:name", "/api/v1/orgs/:name/repos",
        "/api/v1/org/:name/repos",
    ]

    /// Where people come in before anybody knows them; each checks what it is sent.
    private static let doors: Set<String> = [
        "/login", "/logout", "/set-up/:secret", "/login/oauth/middleman",
        "/login/oauth/access_token", "/api/v1/sign-in", "/api/v1/sign-out",
    ]

    /// What pages are made of, and those that show strangers nothing but what is public.
    private static let frame: Set<String> = [
        "/", "/-/theme", "/-/assets/:mark/**", "/-/parts/:mark/**", "/explore", "/-/repositories.json",
    ]

    /// The address is the secret: clients send parts of an upload without any sign-in.
    private static let signed = "/mpu/parts/:upload/:number"

    /// What is changed here is the account that asks, not what the address names.
    private static let own = [
        "/api/v1/user/", "/:owner/:repo/subscription", "/views.json/",
        "DELETE /api/v1/orgs/:org/members/:name", "DELETE /api/v1/repos/:owner/:repo/collaborators/:name",
    ]

    @Test func `only what says nothing of the data is open`() async throws {
        try await withComposition { composition in
            for route in Routes(composition.endpoints).all
            where route.right == .open && !route.pattern.hasSuffix(Self.signed)
                && !Self.doors.contains(route.pattern) && !Self.frame.contains(route.pattern)
            {
                let name = Self.open.first { route.pattern.hasSuffix($0) }
                #expect(name != nil, "\(route.method) \(route.pattern)")
            }
        }
    }

    @Test func `what deletes or replaces wants more than the right to read`() async throws {
        try await withComposition { composition in
            for route in Routes(composition.endpoints).all
            where [.delete, .put, .patch].contains(route.method) {
                let isSigned = route.method == .put && route.pattern.hasSuffix(Self.signed)
                let isOwn = Self.own.contains { "\(route.method) \(route.pattern)".contains($0) }
                let others: [Right] = isOwn ? [.open] : [.open, .read, .member]
                #expect(
                    isSigned ? route.right == .open : !others.contains(route.right),
                    "\(route.method) \(route.pattern)"
                )
            }
        }
    }

    @Test func `no address is served twice`() async throws {
        try await withComposition { composition in
            let routes = Routes(composition.endpoints).all.map { "\($0.method) \($0.pattern)" }
            #expect(Set(routes).count == routes.count)
        }
    }

    /// What the server serves itself would hide the repositories of an account of that name.
    @Test func `no account is called like the beginning of an address`() async throws {
        try await withComposition { composition in
            let first = Set(
                Routes(composition.endpoints).all.compactMap { $0.pattern.split(separator: "/").first }
            )
            for word in first where !word.hasPrefix(":") && !word.hasPrefix("{") {
                #expect(throws: Failure.self, "\(word)") { try AccountName(String(word)) }
            }
        }
    }

    @Test func `a database of MLflow is not touched`() async throws {
        try await withComposition { composition in
            _ = try await composition.database.write { connection in
                try connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
            }
            let path = composition.folder + "/roost.db"
            let error = await #expect(throws: SettingError.self) {
                try await Composition(try settings(composition.folder), prometheus: Prometheus())
            }
            #expect(error?.description.hasPrefix("\(path) is a database of MLflow") == true)
        }
    }

    @Test func `an organization with the name of the person at this machine is not them`() async throws {
        try await withComposition { composition in
            _ = try await composition.database.write { connection in
                try connection.execute("UPDATE accounts SET kind = 'organization' WHERE login_key = 'local'")
            }
            let error = await #expect(throws: SettingError.self) {
                try await Composition(try settings(composition.folder), prometheus: Prometheus())
            }
            #expect(error?.description.hasPrefix("The organization 'local' has the name") == true)
        }
    }

    private struct Opened {
        let composition: Composition
        let folder: String

        var database: any Database { composition.database }
        var endpoints: [Endpoint] { composition.endpoints }
    }

    private func withComposition(_ body: (Opened) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/roost-composition-\(UUID().uuidString)"
        let composition = try await Composition(try settings(folder), prometheus: Prometheus())
        try await body(Opened(composition: composition, folder: folder))
        try await composition.database.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func settings(_ folder: String) throws -> Settings {
        try Settings(SettingValues(flags: [(.data, folder)], environment: [:]))
    }
}
