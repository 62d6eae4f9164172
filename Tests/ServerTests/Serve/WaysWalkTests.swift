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
import Web

@testable import Server

/// Every page of the table: what it shows, a program gets as JSON.
///
/// A new page is in it by itself.
@Suite struct WaysWalkTests {
    /// Pages that show nothing which is anywhere but on them, and why.
    private static let exceptions = [
        "/login": "nobody is there yet who could ask for something",
        "/logout": "it asks whether to sign out, and shows nothing",
        "/set-up/:secret": "a link that opens once is used by opening it",
        "/settings/password": "a password is changed here and told nobody",
        "/new": "a form; it tells the line that makes a repository",
        "/orgs/new": "a form; it tells the line that makes an organization",
        "/:owner/:repo/fork": "a form; it tells the line that forks",
        "/:owner/:repo/new/**": "a form; it tells the line that writes a file",
        "/:owner/:repo/edit/**": "a form; it tells the line that writes a file",
        "/:owner/:repo/upload/**": "a form; it tells the lines that add files",
        "/:owner/:repo/delete/**": "a form; it tells the line that removes a file",
        "/runs/:id/register": "a form; it tells the lines that register",
        "/logged-models/:id/register": "a form; it tells the lines that register",
        "/experiments/:id/models": "MLflow's search is a POST, which the page tells as a line",
    ]

    @Test func `what a page shows a program gets as JSON`() async throws {
        try await withScene { scene in
            var (seen, exceptions): (Int, Set<String>) = (0, [])
            for pattern in scene.patterns {
                let name = WaysScene.outsideRepository(pattern)
                let page = try await scene.get(scene.path(pattern))
                guard page.body.hasPrefix("<!DOCTYPE html>") else { continue }
                seen += 1
                #expect(!page.body.contains("&lt;/"), "\(pattern) shows markup as text")
                if Self.exceptions[name] != nil {
                    exceptions.insert(name)
                    continue
                }
                #expect(page.status == 200, "\(pattern) was asked for what is not there: \(page.status)")
                let addresses = WaysScene.jsonAddresses(page.body)
                #expect(!addresses.isEmpty, "\(pattern) says nowhere how its JSON is had")
                for address in addresses {
                    let answer = try await scene.get(address)
                    #expect(answer.status == 200, "\(pattern): \(address) answers \(answer.status)")
                    #expect(answer.type.contains("json"), "\(pattern): \(address) is \(answer.type)")
                }
            }
            #expect(seen > 60)
            #expect(exceptions == Set(Self.exceptions.keys), "exceptions without a page")
        }
    }

    private func withScene(_ body: @escaping @Sendable (WaysScene) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/roost-ways-\(UUID().uuidString)"
        let settings = try Settings(SettingValues(flags: [(.data, folder)], environment: [:]))
        let composition = try await Composition(settings, prometheus: Prometheus())
        let people = try await TestPeople(["ann"], in: composition.database)
        try await composition.database.write { connection in
            _ = try connection.execute("UPDATE accounts SET is_server_admin = \(true) WHERE login = 'ann'")
        }
        let accounts = Accounts(database: composition.database) { _, _ in }
        let gate = Gate { request, _, target, endpoint in
            try await accounts.admission.admit(
                people.identity(request.headers[.authorization] ?? ""),
                to: target,
                needing: endpoint.right,
                isOfObjects: endpoint.isOfObjects
            )
        }
        let door = FrontDoor(
            routes: Routes(composition.endpoints),
            gate: gate,
            guards: Guards(isEnabled: false),
            hasWorkspaces: true
        )
        let pages = composition.web.endpoints
        try await Application(responder: door).test(.router) { client in
            try await body(WaysScene(client, pages))
        }
        try await composition.database.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}

/// A server with one of everything.
private struct WaysScene: Sendable {
    let client: any TestClientProtocol
    /// The addresses of all that Web answers with GET.
    let patterns: [String]
    private var ids: [String: String] = [:]

    private static let live = ["/live", "/-/live"]

    init(_ client: any TestClientProtocol, _ pages: [Endpoint]) async throws {
        self.client = client
        patterns = Routes(pages).all.filter { $0.method == .get }.map(\.pattern)
            .filter { pattern in !Self.live.contains { pattern.hasSuffix($0) } }.sorted()
        for base in ["", "/ann/code.mlflow"] { try await fill(base) }
        try await fillRepository()
    }

    /// An experiment with a run, a logged model, an artifact and a version.
    private mutating func fill(_ base: String) async throws {
        let mlflow = "\(base)/api/2.0/mlflow"
        if !base.isEmpty {
            _ = try await post("/api/v1/user/repos", #"{"name": "code", "auto_init": true}"#)
        }
        let experiment = try await post("\(mlflow)/experiments/create", #"{"name": "e"}"#, "experiment_id")
        let run = try await post(
            "\(mlflow)/runs/create",
            #"{"experiment_id": "\#(experiment)", "run_name": "r"}"#,
            "run_id"
        )
        _ = try await post(
            "\(mlflow)/runs/log-metric",
            #"{"run_id": "\#(run)", "key": "m", "value": 1, "timestamp": 1}"#
        )
        let model = try await post(
            "\(mlflow)/logged-models",
            #"{"experiment_id": "\#(experiment)", "name": "l", "source_run_id": "\#(run)"}"#,
            "model_id"
        )
        let file = "\(base)/api/2.0/mlflow-artifacts/artifacts/\(experiment)/\(run)/artifacts/model/MLmodel"
        #expect(try await ask(.put, file, "flavors: {}").status == 200)
        _ = try await post("\(mlflow)/registered-models/create", #"{"name": "m"}"#)
        for _ in 0..<2 {
            _ = try await post(
                "\(mlflow)/model-versions/create",
                #"{"name": "m", "source": "mlflow-artifacts:/\#(experiment)/\#(run)/artifacts/model", "run_id": "\#(run)"}"#
            )
        }
        ids["\(base.isEmpty ? "" : "/:owner/:repo")/experiments"] = experiment
        ids["\(base.isEmpty ? "" : "/:owner/:repo")/runs"] = run
        ids["\(base.isEmpty ? "" : "/:owner/:repo")/logged-models"] = model
    }

    private mutating func fillRepository() async throws {
        let api = "/api/v1/repos/ann/code"
        ids["sha"] = try await post("\(api)/branches", #"{"new_branch_name": "side"}"#, "id")
        ids["hook"] = try await post(
            "\(api)/hooks",
            #"{"type": "gitea", "config": {"url": "https://93.184.216.34/", "content_type": "json"}, "events": ["push"]}"#,
            "id"
        )
        ids["model-hook"] = try await post(
            "/ann/code.mlflow/api/2.0/mlflow/webhooks",
            #"{"name": "w", "url": "https://93.184.216.34/", "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]}"#,
            "webhook_id"
        )
        _ = try await post("/api/v1/orgs", #"{"username": "lab"}"#)
        ids["team"] = try await post(
            "/api/v1/orgs/lab/teams",
            #"{"name": "ml", "permission": "write"}"#,
            "id"
        )
    }

    struct Answer {
        let status: Int
        let type: String
        let body: String
    }

    func get(_ path: String) async throws -> Answer { try await ask(.get, path, nil) }

    private func ask(_ method: HTTPRequest.Method, _ path: String, _ body: String?) async throws -> Answer {
        let headers: HTTPFields = [
            .authorization: "Bearer ann", .accept: "text/html", .contentType: "application/json",
            .xRoostRequest: "walk",
        ]
        return try await client.execute(
            uri: path,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code,
                type: response.headers[.contentType] ?? "",
                body: String(buffer: response.body)
            )
        }
    }

    /// What a new thing is called by: the text or the number of a field.
    @discardableResult
    private func post(_ path: String, _ body: String, _ field: String? = nil) async throws -> String {
        let answer = try await ask(.post, path, body)
        #expect((200...201).contains(answer.status), "\(path): \(answer.status) \(answer.body)")
        guard let field else { return "" }
        let mark = try #require(answer.body.firstRange(of: "\"\(field)\":"), "\(path): \(answer.body)")
        return String(
            answer.body[mark.upperBound...].drop { $0 == "\"" || $0 == " " }.prefix { !"\",}".contains($0) }
        )
    }

    static func outsideRepository(_ pattern: String) -> String {
        for piece in ["/experiments/", "/runs/", "/logged-models/", "/models/"] {
            if let start = pattern.firstRange(of: piece), pattern.hasPrefix("/:owner/:repo") {
                return String(pattern[start.lowerBound...])
            }
        }
        return pattern
    }

    /// The address of what the scene has at a pattern.
    func path(_ pattern: String) -> String {
        let base = pattern.hasPrefix("/:owner/:repo") ? "/:owner/:repo" : ""
        var segments = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for place in segments.indices {
            let before = place > 0 ? segments[place - 1] : ""
            switch (before, segments[place]) {
            case (_, ":owner"): segments[place] = "ann"
            case (_, ":repo"): segments[place] = "code"
            case (_, ":org"): segments[place] = "lab"
            case (_, ":team"): segments[place] = ids["team"] ?? ""
            case (_, ":login"): segments[place] = "ann"
            case (_, ":name"): segments[place] = "m"
            case (_, ":number"): segments[place] = "1"
            case (_, ":sha"): segments[place] = ids["sha"] ?? ""
            case ("hooks", _) where segments[place].hasPrefix(":"): segments[place] = ids["hook"] ?? ""
            case ("model-hooks", _) where segments[place].hasPrefix(":"):
                segments[place] = ids["model-hook"] ?? ""
            case (let kind, ":id"): segments[place] = ids["\(base)/\(kind)"] ?? "1"
            case ("artifacts", "**"): segments[place] = "model/MLmodel"
            case ("compare", "**"): segments[place] = "main...side"
            case (_, "**"):
                segments[place] = ["commits", "new", "upload"].contains(before) ? "main" : "main/README.md"
            default: break
            }
        }
        let path = segments.joined(separator: "/")
        if pattern.hasSuffix("/models/:name/compare") { return path + "?a=1&b=2" }
        if pattern.hasSuffix("/runs/compare") { return path + "?run=\(ids["\(base)/runs"] ?? "")" }
        return path
    }

    /// Where a page says that its JSON is.
    static func jsonAddresses(_ body: String) -> [String] {
        guard let start = body.firstRange(of: "<details class=\"ways\">") else { return [] }
        let mark = "<h3>JSON</h3><p><a href=\""
        return body[start.upperBound...].ranges(of: mark).map { range in
            String(body[range.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
        }
    }
}
