import API
import Accounts
import Core
import Database
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

@Suite struct FrontDoorTests {
    @Test(arguments: [
        ("/api/2.0/mlflow/things/get", "ann"), ("/ajax-api/2.0/mlflow/things/get", "ann"),
        ("/api/2.0/mlflow/things/a%20b", "thing a b"), ("/api/2.0/mlflow/things/x/parts/y", "part y of x"),
        ("/api/2.0/mlflow/things/get/parts/y", "part y of get"),
        ("/api/2.0/mlflow-artifacts/artifacts/a//b/%2e%2E/c%252e", "rest a//b/../c%2e"),
        ("/health", "OK"), ("/version", "3.17.2"),
    ])
    func `a path finds its endpoint`(path: String, body: String) async throws {
        try await door().test(.router) { client in
            let response = try await client.execute(uri: path, method: .get)

            #expect(response.status == .ok)
            #expect(String(buffer: response.body) == body)
        }
    }

    @Test(arguments: [
        "/api/2.0/mlflow/nothing", "/api/2.0/mlflow/things/get/", "/api/2.0/mlflow//things/get",
        "/ajax-api/3.0/mlflow/things/get", "/api/2.0/mlflow/things/", "/api/2.0/mlflow/things/x/parts",
        "/api/2.0/mlflow/../mlflow/things/get",
    ])
    func `an endpoint that is not served answers as an older server does`(path: String) async throws {
        try await door().test(.router) { client in
            let response = try await client.execute(uri: path, method: .get)

            #expect(response.status == .notFound)
            #expect(
                String(buffer: response.body)
                    == #"{"error_code":"ENDPOINT_NOT_FOUND","message":"This server has no such endpoint."}"#
            )
        }
    }

    @Test func `a request that is cut off is to be asked again`() {
        let answer = Answer(CancellationError(), requestID: "1", logger: Logger(label: "test"))
        #expect(answer.status == .serviceUnavailable)
    }

    @Test func `a method that an endpoint does not have is named`() async throws {
        try await door().test(.router) { client in
            let response = try await client.execute(uri: "/api/2.0/mlflow/things/get", method: .post)

            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == "GET")
        }
    }

    @Test func `HEAD is GET without its body`() async throws {
        try await door().test(.router) { client in
            let response = try await client.execute(uri: "/version", method: .head)

            #expect(response.status == .ok)
            #expect(response.headers[.contentLength] == "6")
            #expect(response.body.readableBytes == 0)
        }
    }

    @Test func `a path that is not percent-encoded UTF-8 is refused`() async throws {
        try await door().test(.router) { client in
            for path in [
                "/api/2.0/mlflow/things/%ff", "/api/2.0/mlflow/things/%2", "/api/2.0/mlflow/things/%zz",
            ] {
                try await expect(client, uri: path, method: .get, .badRequest)
            }
        }
    }

    @Test func `everything stands below the static prefix`() async throws {
        try await door(prefix: "/p").test(.router) { client in
            try await expect(client, uri: "/p/api/2.0/mlflow/things/get", method: .get, .ok)
            try await expect(client, uri: "/p/health", method: .get, .ok)
            try await expect(client, uri: "/health", method: .get, .notFound)
        }
    }

    @Test(
        arguments: [
            ("missing", .notFound, #"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"No \"iris\""}"#),
            ("state", .badRequest, #"{"error_code":"INVALID_STATE","message":"deleted"}"#),
            (
                "gone", .serviceUnavailable,
                #"{"error_code":"TEMPORARILY_UNAVAILABLE","message":"The database is not available for the moment."}"#
            ),
            ("full", 507, #"{"error_code":"RESOURCE_EXHAUSTED","message":"The server's disk is full."}"#),
        ] as [(String, HTTPResponse.Status, String)]
    )
    func `a failure is rendered once`(kind: String, status: HTTPResponse.Status, body: String) async throws {
        try await door().test(.router) { client in
            let response = try await client.execute(uri: "/fail/\(kind)", method: .get)

            #expect(response.status == status)
            #expect(response.headers[.contentType] == "application/json")
            #expect(String(buffer: response.body) == body)
        }
    }

    @Test func `a fault of the server is answered without its details`() async throws {
        try await door().test(.router) { client in
            let response = try await client.execute(uri: "/fail/secret", method: .get)

            #expect(response.status == .internalServerError)
            #expect(String(buffer: response.body).hasPrefix(#"{"error_code":"INTERNAL_ERROR""#))
            #expect(!String(buffer: response.body).contains("password"))
        }
    }

    @Test func `the gate is asked with the right of the row`() async throws {
        let gate = Gate { _, _, _, endpoint in
            guard endpoint.right == .read else { throw Failure(.permissionDenied, "Permission denied") }
            return Access(everythingFor: Caller(name: "ann", workspace: .standard))
        }

        try await door(gate: gate).test(.router) { client in
            try await expect(client, uri: "/api/2.0/mlflow/things/get", method: .get, .ok)
            #expect(
                try await client.execute(uri: "/api/2.0/mlflow/things/set", method: .post).status
                    == .forbidden
            )
        }
    }

    @Test func `a body longer than the limit is refused`() async throws {
        try await door().test(.router) { client in
            let response = try await client.execute(
                uri: "/api/2.0/mlflow/things/set",
                method: .post,
                headers: [.contentType: "application/json"],
                body: ByteBuffer(repeating: 0x20, count: 1_025)
            )

            #expect(response.status == .contentTooLarge)
        }
    }

    @Test(arguments: [
        ("things/open", 64 << 10, "that this call has"),
        ("things/read", 2 << 20, "for who has not signed in"),
    ])
    func `of who is not known a shorter body is read`(path: String, most: Int, reason: String) async throws {
        let gate = Gate { _, _, _, endpoint in
            // Of an open row it does not matter who asks.
            guard endpoint.right != .open else {
                return Access(everythingFor: Caller(name: "ann", workspace: .standard))
            }
            return Access(identity: .anonymous, workspace: .standard, role: .read)
        }

        try await door(gate: gate, bodyLimitBytes: 4 << 20).test(.router) { client in
            for (count, status) in [(most, HTTPResponse.Status.ok), (most + 1, .contentTooLarge)] {
                let response = try await client.execute(
                    uri: "/api/2.0/mlflow/\(path)",
                    method: .post,
                    body: ByteBuffer(repeating: 0x20, count: count)
                )

                #expect(response.status == status)
                let words = "the limit of \(most) bytes \(reason)."
                #expect(String(buffer: response.body).contains(words) == (status != .ok))
            }
        }
    }

    @Test(
        arguments: [
            ("application/json", .ok, "ann: x"), ("application/json; charset=utf-8", .ok, "ann: x"),
            (
                "text/plain", .badRequest,
                #"{"error_code":"INVALID_PARAMETER_VALUE","message":"Bad Request. "#
                    + #"Content-Type must be one of ['application/json']."}"#
            ),
            (
                nil, .badRequest,
                #"{"error_code":"INVALID_PARAMETER_VALUE","message":"Bad Request. Content-Type header is missing."}"#
            ),
        ] as [(String?, HTTPResponse.Status, String)]
    )
    func `a body must say that it is JSON`(
        type: String?,
        status: HTTPResponse.Status,
        body: String
    ) async throws {
        try await door().test(.router) { client in
            var headers = HTTPFields()
            headers[.contentType] = type

            let response = try await client.execute(
                uri: "/api/2.0/mlflow/things/set",
                method: .post,
                headers: headers,
                body: ByteBuffer(string: #"{"name": "x"}"#)
            )

            #expect(response.status == status)
            #expect(String(buffer: response.body) == body)
        }
    }

    @Test func `every request leaves a line`() async throws {
        let lines = Mutex<[RequestLine]>([])

        try await door(log: { line in lines.withLock { $0.append(line) } }).test(.router) { client in
            _ = try await client.execute(uri: "/version?token=secret", method: .get)
        }

        let line = try #require(lines.withLock { $0 }.first)
        #expect(line.path == "/version")
        #expect(line.status == 200)
        #expect(line.bytes == 6)
        #expect(!line.requestID.isEmpty)
    }

    @Test func `a line does not tell what opens something`() async throws {
        let lines = Mutex<[RequestLine]>([])
        let digits = String(repeating: "0123456789abcdef", count: 4)
        let paths = [
            ("/set-up/link_\(digits)", "/set-up/link_…"), ("/set-up/link%5F\(digits)./", "/set-up/link_…/"),
            ("/things/roost_\(digits.prefix(60))", "/things/roost_…"),
            (
                "/api/2.0/mlflow-artifacts/mpu/parts/\(digits.prefix(32))/1",
                "/api/2.0/mlflow-artifacts/mpu/parts/…/1"
            ),
            ("/files/link_list%20of_\(digits)", "/files/link_list%20of_\(digits)"),
        ]

        try await door(log: { line in lines.withLock { $0.append(line) } }).test(.router) { client in
            for (path, _) in paths { _ = try await client.execute(uri: path, method: .get) }
        }

        #expect(lines.withLock { $0 }.map(\.path) == paths.map { $0.1 })
    }
}

private func expect(
    _ client: some TestClientProtocol,
    uri: String,
    method: HTTPRequest.Method,
    _ status: HTTPResponse.Status
) async throws {
    let response = try await client.execute(uri: uri, method: method)
    #expect(response.status == status)
}

private struct Secret: Error, CustomStringConvertible {
    let description = "password"
}

private func door(
    prefix: String = "",
    gate: Gate = Gate(always: Caller(name: "ann", workspace: .standard)),
    bodyLimitBytes: Int = 1_024,
    log: (@Sendable (RequestLine) -> Void)? = nil
) -> some ApplicationProtocol {
    let endpoints: [Endpoint] = [
        Endpoint(.get, "things/get", needs: .read) { call in .text(call.caller.name) },
        Endpoint(.post, "things/set", needs: .write) { call in
            let message = try await call.message()
            return .text("\(call.caller.name): \(try message.requiredString("name"))")
        },
        Endpoint(.post, "things/open", needs: .open) { call in
            .text("\(try await call.body().readableBytes)")
        },
        Endpoint(.post, "things/read", needs: .read) { call in
            .text("\(try await call.body().readableBytes)")
        },
        Endpoint(.get, "things/:name", needs: .read) { call in .text("thing \(call.parameter("name"))") },
        Endpoint(.get, "things/:name/parts/:part", needs: .read) { call in
            .text("part \(call.parameter("part")) of \(call.parameter("name"))")
        },
        Endpoint(.get, "artifacts/**", in: .artifacts, needs: .read) { call in .text("rest \(call.rest)") },
        Endpoint(.get, "fail/:kind", in: .root, needs: .open) { call in
            switch call.parameter("kind") {
            case "missing": throw Failure.missing("No \"iris\"")
            case "state": throw Failure(.invalidState, "deleted")
            case "gone": throw DatabaseError(kind: .connectionLost, message: "no", statement: nil)
            case "full": throw DatabaseError(kind: .diskFull, message: "no", statement: nil)
            default: throw Secret()
            }
        },
    ]
    let routes = Routes(endpoints + ServerEndpoints.endpoints(prometheus: nil), prefix: prefix)
    let door = FrontDoor(routes: routes, gate: gate, bodyLimitBytes: bodyLimitBytes, log: log)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return Application(responder: door, logger: logger)
}
