import API
import Core
import FoundationEssentials
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite struct MLflowUITests {
    @Test(arguments: [
        ("/mlflow/", "text/html; charset=utf-8", "no-cache", "<html>"),
        ("/mlflow/static-files/static/js/main.js", "text/javascript; charset=utf-8", "max-age=2419200", "js"),
    ])
    func `pages are served from where they lie`(
        path: String,
        type: String,
        cache: String,
        body: String
    ) async throws {
        try await withPages { client in
            let response = try await client.execute(uri: path, method: .get)

            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == type)
            #expect(response.headers[.cacheControl] == cache)
            #expect(String(buffer: response.body) == body)
        }
    }

    @Test(arguments: [
        "nothing.js", "../secret", "..%2fsecret", "%2e%2e/secret", "static/../../secret", "/etc/passwd",
        "%2fetc%2fpasswd",
        "static", "static/", "", ".", "..%5csecret", "static//js/main.js", "./index.html", "index.html%00",
        "%ff",
    ])
    func `a path that is no file of the pages leads nowhere`(path: String) async throws {
        try await withPages { client in
            let response = try await client.execute(uri: "/mlflow/static-files/" + path, method: .get)

            #expect([.notFound, .badRequest].contains(response.status))
            #expect(!String(buffer: response.body).contains("secret words"))
        }
    }

    @Test func `only what notebooks show may be framed`() async throws {
        try await withPages { client in
            let name = try #require(HTTPField.Name("X-Frame-Options"))

            let renderer = try await client.execute(
                uri: "/mlflow/static-files/lib/notebook-trace-renderer/index.html",
                method: .get
            )
            let page = try await client.execute(uri: "/mlflow/", method: .get)

            #expect(renderer.status == .ok)
            #expect(renderer.headers[name] == nil)
            #expect(page.headers[name] == "SAMEORIGIN")
        }
    }

    @Test func `telemetry is off`() async throws {
        try await withPages { client in
            let response = try await client.execute(uri: "/ajax-api/3.0/mlflow/ui-telemetry", method: .get)
            #expect(
                String(buffer: response.body)
                    == #"{"disable_ui_telemetry":true,"disable_ui_events":[],"ui_rollout_percentage":0}"#
            )
        }
    }

    @Test func `a folder without pages is none`() {
        #expect(MLflowUI(folder: "/nowhere") == nil)
    }

    private func withPages(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/roost-pages-\(UUID().uuidString)"
        let pages = folder + "/build"
        let files = [
            "/secret": "secret words", "/build/index.html": "<html>", "/build/static/js/main.js": "js",
            "/build/lib/notebook-trace-renderer/index.html": "renderer",
        ]
        for (path, text) in files {
            let parent = (folder + path).split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: "/" + parent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: folder + path))
        }
        let ui = try #require(MLflowUI(folder: pages))
        let routes = Routes(ui.endpoints)
        try await Application(
            responder: FrontDoor(
                routes: routes,
                gate: Gate(always: Caller(name: "local", workspace: .standard))
            )
        ).test(.router) {
            try await body($0)
        }
        try FileManager.default.removeItem(atPath: folder)
    }
}
