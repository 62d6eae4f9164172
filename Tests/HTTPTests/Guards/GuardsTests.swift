import API
import Core
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOEmbedded
import Testing

@Suite struct GuardsTests {
    @Test(arguments: [
        ("localhost", true), ("localhost:5000", true), ("LOCALHOST:1", true), ("127.0.0.1:5000", true),
        ("127.8.9.10", true), ("[::1]:5000", true), ("[::1]", true), ("0.0.0.0:80", true),
        ("10.1.2.3:5000", true),
        ("192.168.0.7", true), ("172.16.0.1", true), ("172.31.255.255:1", true), ("[fd00::1]:5000", true),
        ("evil.example", false), ("evil.example:5000", false), ("8.8.8.8", false), ("172.32.0.1", false),
        ("10.evil.example", false), ("192.168.evil.example:80", false), ("localhost.evil.example", false),
        ("10.0.0.1.evil.example", false), ("[2001:db8::1]", false), ("[fd00.evil.example]", false),
        ("", false),
        ("127.0.0.1:80@evil.example", false), ("256.0.0.1", false), ("10.0.0", false),
        ("10.0.0.1.", false), ("10..0.1", false), (".10.0.0.1", false), ("10.0.0.1.2", false),
        ("+10.0.0.1", false), ("0010.0.0.1", false), ("4294967306.0.0.1", false), ("10.0.0.a", false),
    ])
    func `only this machine and private addresses are hosts by default`(
        host: String,
        isAllowed: Bool
    ) async throws {
        try await expect(Guards(), host: host, isAllowed: isAllowed)
    }

    @Test(arguments: [
        ("mlflow.example.com", true), ("mlflow.example.com:5000", true), ("app-1.internal.com", true),
        ("exact:5000", true), ("exact:5001", false), ("localhost", false), ("10.0.0.1", false),
        ("xmlflow.example.com", false), ("app-1.internal.com.evil.example", false),
    ])
    func `named hosts replace the default`(host: String, isAllowed: Bool) async throws {
        let hosts = AllowedHosts(["mlflow.example.com", "app-*.internal.com", "exact:5000"])
        try await expect(Guards(hosts: hosts), host: host, isAllowed: isAllowed)
    }

    @Test(arguments: [("/read", true), ("/page", false)])
    func `what pages show is for pages of this server`(path: String, mayBeRead: Bool) async throws {
        let response = try await respond(
            Guards(origins: AllowedOrigins(["*"])),
            .get,
            path,
            fields(["Origin": "http://localhost:3000"]),
            authority: "localhost:5000"
        )

        #expect(response.headers.contains(.accessControlAllowOrigin) == mayBeRead)
    }

    @Test func `a page takes no other method, as if nothing were there`() async throws {
        let response = try await respond(Guards(), .post, "/page", authority: "localhost:5000")

        #expect(response.status == .notFound)
    }

    @Test func `health and version answer under any name`() async throws {
        let response = try await respond(Guards(), .get, "/version", authority: "evil.example")
        #expect(response.status == .ok)
    }

    @Test(arguments: [
        (["Origin": "http://evil.example"], false), (["Origin": "null"], false),
        (["Origin": "http://localhost.evil.example"], false),
        (["Origin": "http://localhost:80.evil.example"], false),
        (["Sec-Fetch-Site": "cross-site"], false),
        ([:], true), (["Origin": "http://localhost:3000"], true), (["Origin": "http://[::1]"], true),
        (["Origin": "http://10.0.0.1:5000"], true), (["Origin": "http://10.0.0.2:5000"], false),
        (["Sec-Fetch-Site": "same-origin"], true), (["Origin": "https://notebook.example.com"], true),
    ])
    func `a page elsewhere changes nothing`(headers: [String: String], isAllowed: Bool) async throws {
        let guards = Guards(origins: AllowedOrigins(["https://notebook.example.com"]))
        let response = try await respond(
            guards,
            .post,
            "/change",
            fields(headers),
            authority: "10.0.0.1:5000"
        )
        #expect(response.status == (isAllowed ? .ok : .forbidden))
        if !isAllowed { #expect(response.headers[.accessControlAllowOrigin] == nil) }
    }

    @Test func `a page that may call is told so before it does`() async throws {
        let guards = Guards(origins: AllowedOrigins(["https://*.example.com"]))
        try await application(guards).test(.router) { client in
            let asked = ["Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a"]

            let good = try await client.execute(
                uri: "/change",
                method: .options,
                headers: fields(asked.merging(["Origin": "https://app.example.com"]) { $1 })
            )
            let bad = try await client.execute(
                uri: "/change",
                method: .options,
                headers: fields(asked.merging(["Origin": "https://evil.example"]) { $1 })
            )

            #expect(good.status == .noContent)
            #expect(good.headers[.accessControlAllowOrigin] == "https://app.example.com")
            #expect(good.headers[.accessControlAllowCredentials] == "true")
            #expect(good.headers[.accessControlAllowHeaders] == "x-a")
            #expect(bad.status == .badRequest)
            #expect(bad.headers[.accessControlAllowOrigin] == nil)
        }
    }

    @Test func `a page of another port of this machine gets no credentials and acts with no password`()
        async throws
    {
        try await application(Guards()).test(.router) { client in
            let origin = "http://localhost:8888"
            let plain = try await client.execute(uri: "/change", method: .post, headers: [.origin: origin])
            let withPassword = try await client.execute(
                uri: "/change",
                method: .post,
                headers: [.origin: origin, .authorization: "Basic YW5uOnNlY3JldA=="]
            )
            let ofProgram = try await client.execute(
                uri: "/change",
                method: .post,
                headers: [.authorization: "Basic YW5uOnNlY3JldA=="]
            )

            #expect(plain.status == .ok)
            #expect(plain.headers[.accessControlAllowOrigin] == origin)
            #expect(plain.headers[.accessControlAllowCredentials] == nil)
            #expect(withPassword.status == .forbidden)
            #expect(ofProgram.status == .ok)
        }
    }

    @Test func `a server that every page may call gets no credentials`() async throws {
        try await application(Guards(origins: AllowedOrigins(["*"]))).test(.router) { client in
            let response = try await client.execute(
                uri: "/change",
                method: .post,
                headers: [.origin: "https://anywhere.example"]
            )
            #expect(response.status == .ok)
            #expect(response.headers[.accessControlAllowOrigin] == "*")
            #expect(response.headers[.accessControlAllowCredentials] == nil)
        }
    }

    @Test func `every answer forbids sniffing and foreign frames`() async throws {
        try await application(Guards()).test(.router) { client in
            for path in ["/version", "/nothing"] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.headers[fields(["X-Content-Type-Options": ""])[0].name] == "nosniff")
                #expect(response.headers[fields(["X-Frame-Options": ""])[0].name] == "SAMEORIGIN")
            }
        }
    }

    private func expect(_ guards: Guards, host: String, isAllowed: Bool) async throws {
        let response = try await respond(guards, .get, "/read", authority: host)
        #expect(response.status == (isAllowed ? .ok : .forbidden))
    }
}

private func application(_ guards: Guards) -> some ApplicationProtocol {
    Application(responder: door(guards))
}

/// What the test client cannot do: a request to a host of its own choice.
private func respond(
    _ guards: Guards,
    _ method: HTTPRequest.Method,
    _ path: String,
    _ headers: HTTPFields = [:],
    authority: String
) async throws -> Response {
    let head = HTTPRequest(
        method: method,
        scheme: "http",
        authority: authority,
        path: path,
        headerFields: headers
    )
    let source = ApplicationRequestContextSource(
        channel: NIOAsyncTestingChannel(),
        logger: Logger(label: "test")
    )
    return try await door(guards)
        .respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())),
            context: HTTP.Context(source: source)
        )
}

private func door(_ guards: Guards) -> FrontDoor {
    let endpoints = [
        Endpoint(.get, "read", in: .root, needs: .open) { _ in .empty },
        Endpoint(.get, "page", in: .site, needs: .open) { _ in .empty },
        Endpoint(.post, "change", in: .root, needs: .open) { _ in .empty },
    ]
    let routes = Routes(endpoints + ServerEndpoints.endpoints(prometheus: nil))
    return FrontDoor(
        routes: routes,
        gate: Gate(always: Caller(name: "local", workspace: .standard)),
        guards: guards
    )
}

private func fields(_ headers: [String: String]) -> HTTPFields {
    HTTPFields(
        headers.compactMap { name, value in HTTPField.Name(name).map { HTTPField(name: $0, value: value) } }
    )
}
