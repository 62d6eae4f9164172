import API
import Core
import Database
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import ObjectStore
import Registry
import TestSupport
import Testing
import Tracking

private let proxy = "/api/2.0/mlflow-artifacts/artifacts"

@Suite struct ArtifactsTests {
    @Test func `a file goes up, is listed, comes down and goes away`() async throws {
        try await withArtifacts { client in
            let put = try await client.put("\(proxy)/0/r1/artifacts/model/MLmodel", "flavors: {}")
            try await client.put("\(proxy)/0/r1/artifacts/model/data/weights.bin", "123")
            try await client.put("\(proxy)/0/r1/artifacts/model/empty", "")

            #expect(put.status == .ok)
            #expect(put.body.readableBytes == 0)
            try await client.expect(
                "\(proxy)?path=0/r1/artifacts/model",
                #"{"files":[{"path":"MLmodel","is_dir":false,"file_size":11},{"path":"data","is_dir":true},"#
                    + #"{"path":"empty","is_dir":false}]}"#
            )
            try await client.expect(
                "/ajax-api/2.0/mlflow-artifacts/artifacts?path=0%2Fr1%2Fartifacts%2F",
                #"{"files":[{"path":"model","is_dir":true}]}"#
            )
            try await client.expect(proxy, #"{"files":[{"path":"0","is_dir":true}]}"#)
            for nothing in ["0/r1/artifacts/model/MLmodel", "none"] {
                try await client.expect("\(proxy)?path=\(nothing)", "{}")
            }
            try await client.expect("\(proxy)/0/r1/artifacts/model/MLmodel", "flavors: {}")

            let deleted = try await client.execute(uri: "\(proxy)/0/r1/artifacts/model", method: .delete)
            let again = try await client.execute(uri: "\(proxy)/0/r1/artifacts/model", method: .delete)

            #expect(String(buffer: deleted.body) == "{}")
            #expect(again.status == .ok)
            try await client.expect("\(proxy)?path=0/r1/artifacts", "{}")
        }
    }

    @Test func `an upload replaces what was there`() async throws {
        try await withArtifacts { client in
            try await client.put("\(proxy)/a", "old")
            try await client.put("\(proxy)/a", "new")

            try await client.expect("\(proxy)/a", "new")
        }
    }

    @Test(arguments: [
        (
            "\(proxy)/none", HTTPResponse.Status.notFound, "RESOURCE_DOES_NOT_EXIST",
            "No such artifact: 'none'"
        ),
        (
            "\(proxy)/d", .badRequest, "INVALID_PARAMETER_VALUE",
            "Artifact path refers to a directory, not a file: 'd'"
        ),
        (
            "/get-artifact?run_id=r1&path=none", .notFound, "RESOURCE_DOES_NOT_EXIST",
            "No such artifact: '0/r1/artifacts/none'"
        ),
        (
            "/get-artifact?run_id=r9&path=a", .notFound, "RESOURCE_DOES_NOT_EXIST", "Run with id=r9 not found"
        ),
        (
            "/get-artifact?path=a", .notFound, "RESOURCE_DOES_NOT_EXIST", "Run with id=None not found"
        ),
        (
            "/get-artifact?run_id=elsewhere&path=a", .notFound, "RESOURCE_DOES_NOT_EXIST",
            "No such artifact: 'a'"
        ),
        (
            "/model-versions/get-artifact?name=iris&version=2&path=a", .notFound, "RESOURCE_DOES_NOT_EXIST",
            "No such artifact: 'a'"
        ),
        (
            "/model-versions/get-artifact?name=iris&version=4&path=a", .notFound, "RESOURCE_DOES_NOT_EXIST",
            "No such artifact: 'a'"
        ),
        (
            "/model-versions/get-artifact?name=iris&version=9&path=a", .notFound, "RESOURCE_DOES_NOT_EXIST",
            "Model Version (name=iris, version=9) not found"
        ),
        (
            "/ajax-api/2.0/mlflow/logged-models/m-1/artifacts/files", .badRequest, "BAD_REQUEST",
            #"Request must include the \"artifact_file_path\" query parameter."#
        ),
        (
            "/api/2.0/mlflow-artifacts/presigned/a", .notImplemented, "NOT_IMPLEMENTED",
            "Multipart download is not supported for the current artifact repository"
        ),
        (
            "/api/2.0/mlflow/artifacts/list", .badRequest, "INVALID_PARAMETER_VALUE",
            "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters."
        ),
    ])
    func `what is not there is said as the original says it`(
        uri: String,
        status: HTTPResponse.Status,
        code: String,
        message: String
    ) async throws {
        try await withArtifacts { client in
            try await client.put("\(proxy)/d/x", "1")

            let answer = try await client.execute(uri: uri, method: .get)

            #expect(answer.status == status)
            #expect(String(buffer: answer.body) == #"{"error_code":"\#(code)","message":"\#(message)"}"#)
        }
    }

    @Test(arguments: ["", "2", "3"])
    func `a name is a file or a folder, never both, and trying is the caller's mistake`(
        tail: String
    ) async throws {
        try await withArtifacts { client in
            try await client.put("\(proxy)/d/x", "1")

            for path in ["d", "d/x/y"] {
                let answer = try await client.put("\(proxy)/\(path)", "1" + tail)
                #expect(answer.status == .badRequest)
            }
        }
    }

    @Test(arguments: refused)
    func `a path that leads elsewhere is refused at every door`(path: String) async throws {
        try await withArtifacts { client in
            for (method, uri) in doors(path) {
                let answer = try await client.execute(uri: uri, method: method, body: ByteBuffer(string: "x"))

                #expect(answer.status == .badRequest, "\(method) \(uri)")
                #expect(
                    String(buffer: answer.body)
                        == #"{"error_code":"INVALID_PARAMETER_VALUE","message":"Invalid path"}"#,
                    "\(method) \(uri)"
                )
            }
            try await client.expect(proxy, "{}")
        }
    }

    @Test(
        arguments: [
            ("bytes=0-3", HTTPResponse.Status.partialContent, "0123", "bytes 0-3/10"),
            ("bytes=8-", .partialContent, "89", "bytes 8-9/10"),
            ("bytes=-3", .partialContent, "789", "bytes 7-9/10"),
            ("bytes=-99", .partialContent, "0123456789", "bytes 0-9/10"),
            ("bytes=5-99999999999999999999", .ok, "0123456789", nil),
            ("bytes=9-9", .partialContent, "9", "bytes 9-9/10"),
            ("bytes=5-9223372036854775807", .partialContent, "56789", "bytes 5-9/10"),
            ("bytes=10-", .rangeNotSatisfiable, "", "bytes */10"),
            ("bytes=-0", .rangeNotSatisfiable, "", "bytes */10"),
            ("bytes=9223372036854775807-", .rangeNotSatisfiable, "", "bytes */10"),
            ("bytes=3-1", .ok, "0123456789", nil), ("bytes=0-1,3-4", .ok, "0123456789", nil),
            ("bytes=a-b", .ok, "0123456789", nil), ("bytes=+1-2", .ok, "0123456789", nil),
            ("bytes=-", .ok, "0123456789", nil),
            ("lines=0-1", .ok, "0123456789", nil),
        ] as [(String, HTTPResponse.Status, String, String?)]
    )
    func `a range is served to the byte`(
        range: String,
        status: HTTPResponse.Status,
        body: String,
        contentRange: String?
    ) async throws {
        try await withArtifacts { client in
            try await client.put("\(proxy)/digits.txt", "0123456789")

            let answer = try await client.execute(
                uri: "\(proxy)/digits.txt",
                method: .get,
                headers: [.range: range]
            )

            #expect(answer.status == status)
            #expect(String(buffer: answer.body) == body)
            #expect(answer.headers[.contentRange] == contentRange)
        }
    }

    @Test func `what the caller has already is not sent again`() async throws {
        try await withArtifacts { client in
            try await client.put("\(proxy)/a.txt", "0123456789")
            let first = try await client.execute(uri: "\(proxy)/a.txt", method: .get)
            let tag = try #require(first.headers[.eTag])
            let date = try #require(first.headers[.lastModified])
            let old = "Mon, 23 Nov 2020 17:57:47 GMT"

            for (headers, status, length) in [
                ([.ifNoneMatch: tag], .notModified, 0), ([.ifNoneMatch: "\"x\", W/\(tag)"], .notModified, 0),
                ([.ifNoneMatch: "*"], .notModified, 0), ([.ifNoneMatch: "\"x\""], .ok, 10),
                ([.ifModifiedSince: date], .notModified, 0), ([.ifModifiedSince: old], .ok, 10),
                ([.ifModifiedSince: "yesterday"], .ok, 10),
                ([.ifNoneMatch: "\"x\"", .ifModifiedSince: date], .ok, 10),
                ([.ifMatch: tag], .ok, 10), ([.ifMatch: "\"x\", \(tag)"], .ok, 10),
                ([.ifMatch: "*"], .ok, 10),
                ([.ifMatch: "\"x\""], .preconditionFailed, 0),
                ([.ifMatch: "W/\(tag)"], .preconditionFailed, 0),
                ([.ifUnmodifiedSince: date], .ok, 10), ([.ifUnmodifiedSince: old], .preconditionFailed, 0),
                ([.ifMatch: tag, .ifUnmodifiedSince: old], .ok, 10),
                ([.range: "bytes=0-1", .ifRange: tag], .partialContent, 2),
                ([.range: "bytes=0-1", .ifRange: date], .partialContent, 2),
                ([.range: "bytes=0-1", .ifRange: "\"x\""], .ok, 10),
                ([.range: "bytes=0-1", .ifRange: old], .ok, 10),
            ] as [(HTTPFields, HTTPResponse.Status, Int)] {
                let answer = try await client.execute(uri: "\(proxy)/a.txt", method: .get, headers: headers)

                #expect(answer.status == status, "\(headers)")
                #expect(answer.body.readableBytes == length, "\(headers)")
            }
        }
    }

    @Test func `a file is an attachment that no browser runs`() async throws {
        try await withArtifacts { client in
            try await client.put("\(proxy)/r/%C3%A9%20%22q%22.html", "<script>alert(1)</script>")

            for method in [HTTPRequest.Method.get, .head] {
                let answer = try await client.execute(uri: "\(proxy)/r/%C3%A9%20%22q%22.html", method: method)

                #expect(answer.headers[.contentType] == "text/html")
                #expect(answer.headers[.contentLength] == "25")
                #expect(answer.headers[.acceptRanges] == "bytes")
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
                #expect(
                    answer.headers[.contentDisposition]
                        == #"attachment; filename="e \"q\".html"; filename*=UTF-8''%C3%A9%20%22q%22.html"#
                )
                #expect(answer.body.readableBytes == (method == .get ? 25 : 0))
            }
        }
    }

    @Test func `the artifacts of a run and of a model are listed and fetched below their roots`() async throws
    {
        try await withArtifacts { client in
            try await client.put("\(proxy)/0/r1/artifacts/plots/loss.png", "png")
            try await client.put("\(proxy)/0/models/m-1/artifacts/MLmodel", "model")

            try await client.expect(
                "/api/2.0/mlflow/artifacts/list?run_id=r1",
                #"{"root_uri":"mlflow-artifacts:/0/r1/artifacts","files":[{"path":"plots","is_dir":true}]}"#
            )
            try await client.expect(
                "/ajax-api/2.0/mlflow/artifacts/list?run_uuid=r1&path=plots",
                #"{"root_uri":"mlflow-artifacts:/0/r1/artifacts","#
                    + #""files":[{"path":"plots/loss.png","is_dir":false,"file_size":3}]}"#
            )
            try await client.expect(
                "/api/2.0/mlflow/artifacts/list?run_id=elsewhere",
                #"{"root_uri":"s3://bucket/elsewhere"}"#
            )
            try await client.expect(
                "/api/2.0/mlflow/logged-models/m-1/artifacts/directories",
                #"{"root_uri":"mlflow-artifacts:/0/models/m-1/artifacts","#
                    + #""files":[{"path":"MLmodel","is_dir":false,"file_size":5}]}"#
            )
            try await client.expect("/get-artifact?run_uuid=r1&path=plots/loss.png", "png")
            try await client.expect("/model-versions/get-artifact?name=iris&version=1&path=MLmodel", "model")
            try await client.expect("/model-versions/get-artifact?name=iris&version=3&path=loss.png", "png")
            try await client.expect(
                "/ajax-api/2.0/mlflow/logged-models/m-1/artifacts/files?artifact_file_path=MLmodel",
                "model"
            )
        }
    }

    @Test func `a page uploads a small file to a run`() async throws {
        let place = "/ajax-api/2.0/mlflow/upload-artifact"
        try await withArtifacts { client in
            let done = try await client.execute(
                uri: "\(place)?run_uuid=r1&path=notes/n.md",
                method: .post,
                headers: [.contentType: "text/markdown"],
                body: ByteBuffer(string: "# Note")
            )

            #expect(done.status == .ok)
            try await client.expect("\(proxy)/0/r1/artifacts/notes/n.md", "# Note")
            for (uri, type, body, message) in [
                ("\(place)?path=a", "text/plain", "x", "Request must specify run_uuid."),
                ("\(place)?run_uuid=r1", "text/plain", "x", "Request must specify path."),
                ("\(place)?run_uuid=r1&path=a", "text/plain", "", "Request must specify data."),
                (
                    "\(place)?run_uuid=r1&path=a", "application/x-www-form-urlencoded", "x",
                    "Request must specify data."
                ),
                (
                    "\(place)?run_uuid=r1&path=a", "text/plain",
                    String(repeating: "x", count: (10 << 20) + 1),
                    "Artifact size is too large. Max size is 10MB."
                ),
            ] {
                let answer = try await client.execute(
                    uri: uri,
                    method: .post,
                    headers: [.contentType: type],
                    body: ByteBuffer(string: body)
                )
                #expect(answer.status == .badRequest)
                #expect(
                    String(buffer: answer.body)
                        == #"{"error_code":"INVALID_PARAMETER_VALUE","message":"\#(message)"}"#
                )
            }
        }
    }

    @Test func `a client uploads in parts to the addresses that it is given`() async throws {
        let place = "/ajax-api/2.0/mlflow-artifacts/mpu"
        try await withArtifacts { client in
            let created = try await client.post(
                "\(place)/create/0/r1/artifacts/model",
                #"{"path": "C:\\data\\weights.bin", "num_parts": 2}"#
            )
            let answer = try JSON(parsing: String(buffer: created.body))
            guard case .string(let id)? = answer["upload_id"],
                case .array(let credentials)? = answer["credentials"]
            else { throw Unexpected() }
            var parts: [String] = []
            for (index, credential) in credentials.enumerated() {
                let address = "http://localhost\(place)/parts/\(id)/\(index + 1)"
                #expect(credential.text == #"{"url":"\#(address)","part_number":\#(index + 1)}"#)
                let sent = try await client.put(
                    String(address.dropFirst("http://localhost".count)),
                    "part \(index)"
                )
                let tag = try #require(sent.headers[.eTag])
                parts.append(
                    #"{"part_number":\#(index + 1),"etag":\#(JSON.string(tag).text),"url":"\#(address)"}"#
                )
            }

            let body =
                #"{"path":"weights.bin","upload_id":"\#(id)","parts":[\#(parts.joined(separator: ","))]}"#
            let completed = try await client.post("\(place)/complete/0/r1/artifacts/model", body)

            #expect(String(buffer: completed.body) == "{}")
            try await client.expect("\(proxy)/0/r1/artifacts/model/weights.bin", "part 0part 1")
        }
    }

    @Test(arguments: [
        ("create/a", "{}", HTTPResponse.Status.badRequest),
        ("create/a", #"{"path":"x","num_parts":0}"#, .badRequest),
        ("create/a", #"{"path":"x","num_parts":10001}"#, .badRequest),
        ("create/a", #"{"path":"/"}"#, .badRequest),
        ("create/..%2fa", #"{"path":"x"}"#, .badRequest), ("create/a", #"{"path":".."}"#, .badRequest),
        ("complete/a", #"{"path":"x","upload_id":"../../x","parts":[]}"#, .notFound),
        ("complete/a", #"{"path":"x","upload_id":"0123456789abcdef0123456789abcdef","parts":[]}"#, .notFound),
        ("complete/a", #"{"path":"x","upload_id":"0123456789abcdef0123456789abcdef"}"#, .badRequest),
        ("abort/a", #"{"path":"x"}"#, .badRequest),
        ("abort/a", #"{"path":"x","upload_id":"0123456789abcdef0123456789abcdef"}"#, .ok),
    ])
    func `an upload in parts that cannot be is refused`(
        address: String,
        body: String,
        status: HTTPResponse.Status
    ) async throws {
        try await withArtifacts { client in
            let answer = try await client.post("/api/2.0/mlflow-artifacts/mpu/\(address)", body)
            #expect(answer.status == status)
        }
    }

    @Test(arguments: [
        "..%2f..%2fx/1", "0123456789abcdef0123456789abcdef/1", "0123456789abcdef0123456789abcdef/x",
    ])
    func `a part of an upload that is not known is not taken`(part: String) async throws {
        try await withArtifacts { client in
            let answer = try await client.put("/api/2.0/mlflow-artifacts/mpu/parts/\(part)", "x")
            #expect(answer.status == .notFound)
        }
    }

    @Test func `a large file streams through`() async throws {
        try await withArtifacts(.live) { client in
            let content = ByteBuffer(repeating: 7, count: 6 << 20)

            let put = try await client.execute(uri: "\(proxy)/big", method: .put, body: content)
            let got = try await client.execute(uri: "\(proxy)/big", method: .get)

            #expect(put.status == .ok)
            #expect(got.body == content)
        }
    }

    /// Where in its body an upload breaks off, and what it sends until then.
    enum Break: String, CaseIterable {
        case beforeItsLength = "Content-Length: 200000\r\n\r\n"
        case withinAChunk = "Transfer-Encoding: chunked\r\n\r\n30D40\r\n"
        case betweenChunks = "Transfer-Encoding: chunked\r\n\r\n186A0\r\n"

        var sent: String {
            rawValue + String(repeating: "x", count: 100_000) + (self == .betweenChunks ? "\r\n" : "")
        }
    }

    @Test(arguments: Break.allCases, [false, true])
    func `an upload whose connection breaks leaves what was there`(
        where place: Break,
        byReset: Bool
    ) async throws {
        try await withArtifacts(.live) { client in
            try await client.put("\(proxy)/a", "old")
            let port = try #require(client.port)

            // On a thread of its own: it waits for the server.
            try await NIOThreadPool.singleton.runIfActive {
                let socket = Socket(port: port)
                socket.send("PUT \(proxy)/a HTTP/1.1\r\nHost: localhost\r\n" + place.sent)
                byReset ? socket.reset() : socket.finishAndWait()
            }

            try await client.expect("\(proxy)/a", "old")
        }
    }
}

private let refused = [
    "..", "../x", "a/../../x", "..%2fx", "%2e%2e/x", "%252e%252e%252fx", "a/%252e%252e/x",
    "%25252e%25252e%25252f",
    "%2fetc/passwd", "/etc/passwd", "a//b", "a/./b", "a%5cb", "..%5c..%5cx", "C:%5cx", "C:/x",
    "%00", "a%00b",
    "a%0ab", "a%23b", "%ef%bc%8fetc", "a%ef%bc%bcb", "file:///etc/passwd",
    "path;/../../x",
    "%3f/../../x", ".", "a/..",
]

private func doors(_ path: String) -> [(HTTPRequest.Method, String)] {
    [
        (.get, "\(proxy)/\(path)"), (.put, "\(proxy)/\(path)"), (.delete, "\(proxy)/\(path)"),
        (.get, "/api/2.0/mlflow-artifacts/presigned/\(path)"), (.get, "\(proxy)?path=\(path)"),
        (.get, "/get-artifact?run_id=r1&path=\(path)"),
        (.get, "/model-versions/get-artifact?name=iris&version=1&path=\(path)"),
        (.get, "/api/2.0/mlflow/artifacts/list?run_id=r1&path=\(path)"),
        (.post, "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=r1&path=\(path)"),
        (.get, "/api/2.0/mlflow/logged-models/m-1/artifacts/directories?artifact_directory_path=\(path)"),
        (.get, "/ajax-api/2.0/mlflow/logged-models/m-1/artifacts/files?artifact_file_path=\(path)"),
    ]
}

private func withArtifacts(
    _ kind: TestingSetup = .router,
    _ body: @Sendable (any TestClientProtocol) async throws -> Void
) async throws {
    try await withDatabase(on: .sqlite, migrations: ObjectStoreMigrations.all) { database in
        let folder = try TemporaryFolder()
        let pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
        let store = FileStore(
            database: database,
            objects: try await DiskObjectStore.open(root: folder.path, pool: pool)
        )
        let roots = ArtifactRoots(
            run: { id, _ in
                switch id {
                case "r1": return "mlflow-artifacts:/0/r1/artifacts"
                case "elsewhere": return "s3://bucket/elsewhere"
                default: throw Failure.missing("Run with id=\(id) not found")
                }
            },
            loggedModel: { id, _ in "mlflow-artifacts:/0/models/\(id)/artifacts" },
            modelVersion: { name, version, _ in
                switch (name, version) {
                case ("iris", "1"): return "mlflow-artifacts:/0/models/m-1/artifacts"
                case ("iris", "2"): return "s3://bucket/elsewhere"
                case ("iris", "3"): return "runs:/r1/plots"
                case ("iris", "4"): return "runs:/r1/../r2"
                default:
                    throw Failure.missing("Model Version (name=\(name), version=\(version)) not found")
                }
            }
        )
        let owners = ArtifactOwners(
            Tracking(database: database, artifactRoot: "mlflow-artifacts:/"),
            Registry(database: database)
        )
        let routes = Routes(ArtifactEndpoints.endpoints(store: store, roots: roots, owners: owners))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let door = FrontDoor(routes: routes, gate: Gate(always: Caller(name: "local", workspace: .standard)))
        try await Application(
            responder: door,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: logger
        ).test(kind) { try await body($0) }
        try await pool.shutdownGracefully()
        try folder.remove()
    }
}

extension TestClientProtocol {
    @discardableResult
    fileprivate func put(_ uri: String, _ body: String) async throws -> TestResponse {
        try await execute(uri: uri, method: .put, body: ByteBuffer(string: body))
    }

    fileprivate func post(_ uri: String, _ body: String) async throws -> TestResponse {
        try await execute(
            uri: uri,
            method: .post,
            headers: [.contentType: "application/json"],
            body: ByteBuffer(string: body)
        )
    }

    fileprivate func expect(_ uri: String, _ body: String) async throws {
        let answer = try await execute(uri: uri, method: .get)
        #expect(answer.status == .ok, "\(uri)")
        #expect(String(buffer: answer.body) == body, "\(uri)")
    }
}

/// A connection that can be broken.
private struct Socket {
    let descriptor: Int32

    init(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(connected == 0)
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    }

    /// Says that nothing more will come, and reads until the server closes too.
    func finishAndWait() {
        shutdown(descriptor, Int32(SHUT_WR))
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
        close(descriptor)
    }

    /// Closes without a farewell, as a crash does.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }
}

private struct Unexpected: Error {}
