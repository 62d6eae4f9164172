import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import Outbound

@Suite struct OutboundClientTests {
    private static let open = OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true)
    private static let guarded = OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: false)
    private static let loopback = NetworkAddress(bytes: [127, 0, 0, 1])

    @Test func `a body is posted with its headers, and the status comes back`() async throws {
        try await withReceiver { port, seen in
            let client = OutboundClient(policy: Self.open)

            let answer = try await client.post(
                Array("{}".utf8),
                headers: [("X-Test", "1")],
                to: "http://127.0.0.1:\(port)/hook?a=b"
            )

            #expect(answer == OutboundClient.Answer(status: 202, retryAfter: "7"))
            #expect(seen.all == ["POST /hook?a=b host=127.0.0.1:\(port) test=1 {}"])
        }
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        try await withReceiver { port, seen in
            let answer = try await OutboundClient(policy: Self.open).post(
                [],
                headers: [],
                to: "http://127.0.0.1:\(port)/away"
            )

            #expect(answer.status == 307)
            #expect(seen.all.count == 1)
        }
    }

    /// Whoever waited for the end of it would wait for twelve seconds or for ever, or hear of no answer.
    @Test(arguments: ["/endless", "/silent", "/broken"])
    func `the head of an answer counts, however its body goes on`(path: String) async throws {
        try await withReceiver { port, _ in
            let start = ContinuousClock.now
            let answer = try await OutboundClient(policy: Self.open).post(
                [],
                headers: [],
                to: "http://127.0.0.1:\(port)\(path)"
            )
            #expect(answer.status == 200)
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test func `an address is located for a program that connects by itself`() async throws {
        let here = NetworkAddress(bytes: [8, 8, 8, 8])
        let client = OutboundClient(policy: Self.guarded, resolver: Resolver { _ in [here] })

        let (address, places) = try await client.locate("HTTP://Git.Example:80/a<b#c")
        #expect(address.text == "http://git.example/a%3Cb")
        #expect(try WebAddress(address.text, schemes: ["http"]) == address)
        #expect(places == [here])
        #expect(
            try await client.locate("http://[2606:4700::1]:8080/x").address.text
                == "http://[2606:4700::1]:8080/x"
        )
        let inside = OutboundClient(policy: Self.guarded, resolver: Resolver { _ in [here, Self.loopback] })
        await #expect(throws: OutboundError.notPublic("git.example", Self.loopback)) {
            _ = try await inside.locate("http://git.example/x")
        }
    }

    @Test(arguments: ["http://127.0.0.1", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://10.0.0.1"])
    func `an address that is not public is not asked`(place: String) async throws {
        try await withReceiver { port, seen in
            let error = await #expect(throws: OutboundError.self) {
                try await OutboundClient(policy: Self.guarded).post([], headers: [], to: "\(place):\(port)/")
            }
            guard case .notPublic? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(seen.all.isEmpty)
        }
    }

    @Test func `one address of several that is not public refuses the host`() async {
        let resolver = Resolver { _ in [NetworkAddress(bytes: [8, 8, 8, 8]), Self.loopback] }
        let client = OutboundClient(policy: Self.guarded, resolver: resolver)

        await #expect(throws: OutboundError.notPublic("h.x", Self.loopback)) {
            try await client.check("http://h.x/")
        }
    }

    @Test func `a name that changes its address after the check does not reach loopback`() async throws {
        try await withReceiver { port, seen in
            let asked = Mutex(0)
            let resolver = Resolver { _ in
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                return count == 1 ? [NetworkAddress(bytes: [8, 8, 8, 8])] : [Self.loopback]
            }
            let client = OutboundClient(policy: Self.guarded, resolver: resolver)

            _ = try await client.check("http://rebind.example:\(port)/")
            await #expect(throws: OutboundError.notPublic("rebind.example", Self.loopback)) {
                try await client.post([], headers: [], to: "http://rebind.example:\(port)/")
            }

            #expect(asked.withLock { $0 } == 2)
            #expect(seen.all.isEmpty)
        }
    }

    @Test func `the connection goes to the address that was checked`() async throws {
        try await withReceiver { port, seen in
            // The name is known to no resolver but this one, which is asked once.
            let asked = Mutex(0)
            let resolver = Resolver { _ in
                asked.withLock { $0 += 1 }
                return [Self.loopback]
            }
            let client = OutboundClient(policy: Self.open, resolver: resolver)

            _ = try await client.post([], headers: [], to: "http://nowhere.invalid:\(port)/hook")

            #expect(asked.withLock { $0 } == 1)
            #expect(seen.all == ["POST /hook host=nowhere.invalid:\(port) test= "])
        }
    }

    @Test func `another address is tried where nobody listens`() async throws {
        try await withReceiver { port, seen in
            let resolver = Resolver { _ in [NetworkAddress(bytes: [127, 0, 0, 2]), Self.loopback] }
            let client = OutboundClient(policy: Self.open, resolver: resolver)

            _ = try await client.post([], headers: [], to: "http://h.x:\(port)/hook")

            #expect(seen.all.count == 1)
        }
    }

    @Test func `nobody there is said in words`() async {
        await #expect(throws: OutboundError.unreachable("connection refused")) {
            try await OutboundClient(policy: Self.open).post([], headers: [], to: "http://127.0.0.1:65535/")
        }
    }

    @Test func `a name that nobody knows is said in words`() async {
        let error = await #expect(throws: OutboundError.self) {
            try await OutboundClient(policy: Self.guarded).check("http://nope.invalid/")
        }
        guard case .unresolved("nope.invalid", _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// A server that says what it was asked.
    private func withReceiver(
        _ body: @escaping @Sendable (Int, Seen) async throws -> Void
    ) async throws {
        let seen = Seen()
        let router = Router()
        router.post("**") { request, _ -> Response in
            let body = try await request.body.collect(upTo: 1 << 20)
            let test = HTTPField.Name("X-Test").flatMap { request.headers[$0] } ?? ""
            seen.add(
                "POST \(request.uri) host=\(request.head.authority ?? "") test=\(test) \(String(buffer: body))"
            )
            switch request.uri.path {
            case "/away": return Response(status: .temporaryRedirect, headers: [.location: "/hook"])
            case "/endless":
                return Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        while true { try await writer.write(ByteBuffer(repeating: 120, count: 1 << 20)) }
                    }
                )
            case "/silent":
                return Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        try await writer.write(ByteBuffer(string: "x"))
                        try await Task.sleep(for: .seconds(12))
                        try await writer.finish(nil)
                    }
                )
            case "/broken":
                return Response(
                    status: .ok,
                    headers: [.contentLength: "100"],
                    body: ResponseBody { writer in
                        try await writer.write(ByteBuffer(string: "x"))
                        throw CancellationError()
                    }
                )
            default: return Response(status: .accepted, headers: [.retryAfter: "7"])
            }
        }
        let application = Application(
            responder: router.buildResponder(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { client in
            guard let port = client.port else { preconditionFailure("it listens nowhere") }
            try await body(port, seen)
        }
    }

    private final class Seen: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }
}
