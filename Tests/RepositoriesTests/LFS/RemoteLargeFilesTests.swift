import Core
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Outbound
import Synchronization
import Testing

@testable import Repositories

/// What another server may say of large files, and what comes of it.
@Suite struct RemoteLargeFilesTests {
    private static let oid = String(repeating: "ab", count: 32)
    private let pointer = LFSPointer(oid: oid, sizeBytes: 5)

    @Test(arguments: ["/ann/iris.git", "/ann/iris", "/ann/iris.git/"])
    func `large files are asked for below the repository`(path: String) async throws {
        try await withServer { server in
            server.answers(status: 200, #"{"transfer":"basic","objects":[]}"#)

            let offers = try await server.remote(at: path).offers(.download, [pointer])

            #expect(offers.map(\.refusal) == ["The server says nothing of it."])
            #expect(server.asked.map(\.path) == ["/ann/iris.git/info/lfs/objects/batch"])
            let body =
                #"{"operation":"download","transfers":["basic"],"objects":[{"oid":"\#(Self.oid)","size":5}],"hash_algo":"sha256"}"#
            #expect(server.asked.map(\.body) == [body])
            #expect(server.asked.map(\.authorization) == ["Basic YW5uOnNlY3JldA=="])
        }
    }

    @Test func `the password is shown to the server of the mirror and to no other`() async throws {
        try await withServer { server in
            for (name, shown) in [("127.0.0.1", "Basic YW5uOnNlY3JldA=="), ("elsewhere.example", nil)] {
                let href = "http://\(name):\(server.port)/object"
                server.answers(status: 200, #"{"objects":[\#(Self.object(href))]}"#)
                let offer = try #require(try await server.remote().offers(.download, [pointer]).first)
                let action = try #require(offer.transfer)
                try await server.remote().get(pointer, by: action) { body in for try await _ in body {} }
                #expect(server.asked.last?.path == "/object")
                #expect(server.asked.last?.authorization == shown)
            }
        }
    }

    @Test func `what the server wants to be shown is shown there`() async throws {
        try await withServer { server in
            let href = "http://elsewhere.example:\(server.port)/object"
            let header =
                #"{"Authorization":"Bearer x","Host":"evil","Content-Length":"7","Transfer-Encoding":"chunked"}"#
            server.answers(status: 200, #"{"objects":[\#(Self.object(href, header))]}"#)
            let offer = try #require(try await server.remote().offers(.download, [pointer]).first)
            let action = try #require(offer.transfer)
            #expect(action.headers.map(\.0) == ["Authorization"])
            try await server.remote().get(pointer, by: action) { body in for try await _ in body {} }
            #expect(server.asked.last?.authorization == "Bearer x")
        }
    }

    @Test func `a redirect to another server loses what was shown to the first`() async throws {
        try await withServer { server in
            let first = "http://127.0.0.1:\(server.port)"
            for (path, shown) in [("/near", "Basic YW5uOnNlY3JldA=="), ("/far", nil)] {
                server.answers(status: 200, #"{"objects":[\#(Self.object(first + path))]}"#)
                let offer = try #require(try await server.remote().offers(.download, [pointer]).first)
                let action = try #require(offer.transfer)
                let bytes = Mutex(0)
                try await server.remote().get(pointer, by: action) { body in
                    for try await piece in body { bytes.withLock { $0 += piece.readableBytes } }
                }
                #expect(bytes.withLock { $0 } == 5)
                #expect(server.asked.suffix(2).map(\.path) == [path, "/object"])
                #expect(server.asked.last?.authorization == shown)
            }
        }
    }

    @Test(arguments: [
        ("/round", "sends on from address to address"), ("/odd", "names no host"),
        ("/missing", "it answers 404"), ("/down", "'file'"),
    ])
    func `where nothing is it is said why`(path: String, words: String) async throws {
        try await withServer { server in
            server.answers(
                status: 200,
                #"{"objects":[\#(Self.object("http://127.0.0.1:\(server.port)\(path)"))]}"#
            )
            let offer = try #require(try await server.remote().offers(.download, [pointer]).first)
            let action = try #require(offer.transfer)
            let failure = await #expect(throws: MirrorFailure.self) {
                try await server.remote().get(pointer, by: action) { body in for try await _ in body {} }
            }
            #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
        }
    }

    @Test(arguments: [
        (401, "{}", "The server wants another user name or password (it answers 401)."),
        (404, "", "The server has none (it answers 404)."), (500, "", "The server answers 500."),
        (302, "", "The server answers 302."),
        (200, "<html>", "What the server says of large files is no JSON."),
        (200, "{}", "The server says nothing of the large files that it was asked for."),
        (200, #"{"transfer":"ssh","objects":[]}"#, "The server gives large files only by 'ssh'."),
    ])
    func `a server that gives none is told in words`(status: Int, text: String, words: String) async throws {
        try await withServer { server in
            server.answers(status: status, text)
            let failure = await #expect(throws: MirrorFailure.self) {
                try await server.remote().offers(.download, [pointer])
            }
            #expect(failure?.description == words)
        }
    }

    @Test(arguments: [
        (#""error":{"code":404,"message":"gone\u001b[2J"}"#, "The server says: gone[2J"),
        (#""error":{"code":404}"#, "The server does not give it."),
        (#""actions":{}"#, "The server does not say where it is."),
        (#""actions":{"download":{}}"#, "The server names no address."),
        (
            #""actions":{"download":{"href":"file:///etc/passwd"}}"#,
            "The scheme 'file' is not among those that are allowed: https, http."
        ),
        (
            #""actions":{"download":{"href":"http://ann:x@h.example/"}}"#,
            "The address names a user or a password, which everybody would see who lists addresses."
        ),
        (
            #""actions":{"download":{"href":"http://h.example/","header":{"X":"a\r\nY: b"}}}"#,
            "The server wants a header that cannot be sent."
        ),
    ])
    func `an offer that is none is told in words`(members: String, words: String) async throws {
        try await withServer { server in
            server.answers(status: 200, #"{"objects":[{"oid":"\#(Self.oid)","size":5,\#(members)}]}"#)
            let offers = try await server.remote().offers(.download, [pointer])
            #expect(offers.map(\.refusal) == [words])
            #expect(offers.allSatisfy { $0.transfer == nil })
        }
    }

    @Test func `what is there already is not sent`() async throws {
        try await withServer { server in
            server.answers(status: 200, #"{"objects":[{"oid":"\#(Self.oid)","size":5}]}"#)
            let offers = try await server.remote().offers(.upload, [pointer])
            #expect(offers.allSatisfy { $0.transfer == nil && $0.refusal == nil } && offers.count == 1)
        }
    }

    private static func object(_ href: String, _ header: String = "{}") -> String {
        #"{"oid":"\#(oid)","size":5,"actions":{"download":{"href":"\#(href)","header":\#(header)}}}"#
    }

    private func withServer(_ body: @escaping @Sendable (LargeFileServer) async throws -> Void) async throws {
        let asked = Asked()
        let router = Router()
        router.post("**") { request, _ -> Response in
            try await asked.note(request)
            return asked.batch
        }
        router.get("**") { request, _ -> Response in
            try await asked.note(request)
            switch request.uri.path {
            case "/object": return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "12345")))
            case "/near", "/round":
                let next = request.uri.path == "/near" ? "/object" : "/round"
                return Response(status: .temporaryRedirect, headers: [.location: next])
            case "/far":
                let port = request.head.authority?.split(separator: ":").last ?? ""
                return Response(
                    status: .found,
                    headers: [.location: "http://elsewhere.example:\(port)/object"]
                )
            case "/odd": return Response(status: .found, headers: [.location: "http:///x"])
            case "/down": return Response(status: .found, headers: [.location: "file:///etc/passwd"])
            default: return Response(status: .notFound)
            }
        }
        let application = Application(
            responder: router.buildResponder(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { client in
            try await body(LargeFileServer(port: try #require(client.port), log: asked))
        }
    }
}

/// Another server that has large files, or says that it has.
private struct LargeFileServer: Sendable {
    let port: Int
    let log: Asked

    var asked: [Asked.Request] { log.requests.withLock { $0 } }

    func answers(status: Int, _ text: String) {
        log.answer.withLock { $0 = (status, text) }
    }

    func remote(at path: String = "/ann/iris.git") throws -> RemoteLargeFiles {
        let text = "http://127.0.0.1:\(port)\(path)"
        return RemoteLargeFiles(
            of: try RemoteSource(address: text, userName: "ann", password: "secret"),
            at: try WebAddress(text, schemes: ["http"]),
            by: OutboundClient(
                policy: .mirrors(allowsPrivateAddresses: true),
                resolver: Resolver { _ in [NetworkAddress(bytes: [127, 0, 0, 1])] }
            )
        )
    }
}

private final class Asked: Sendable {
    struct Request: Sendable {
        let path: String
        let authorization: String?
        let body: String
    }

    let requests = Mutex<[Request]>([])
    let answer = Mutex<(status: Int, text: String)>((500, ""))

    var batch: Response {
        let (status, text) = answer.withLock { $0 }
        return Response(
            status: HTTPResponse.Status(code: status),
            headers: [.location: "/elsewhere"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    func note(_ request: Hummingbird.Request) async throws {
        let body = try await request.body.collect(upTo: 1 << 20)
        let seen = Request(
            path: request.uri.path,
            authorization: request.headers[.authorization],
            body: String(buffer: body)
        )
        requests.withLock { $0.append(seen) }
    }
}
