import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import Outbound

@Suite struct StreamTests {
    private let client = OutboundClient(
        policy: OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true)
    )
    private static let lengthBytes = 3 << 20

    @Test func `something long comes in pieces`() async throws {
        try await withServer { server, _ in
            let (count, pieces) = try await client.receive(
                server + "/long",
                headers: [("X-Test", "1")],
                limitBytes: Int64(Self.lengthBytes)
            ) { body in
                var (count, pieces) = (0, 0)
                for try await piece in body { (count, pieces) = (count + piece.readableBytes, pieces + 1) }
                return (count, pieces)
            }
            #expect(count == Self.lengthBytes && pieces > 1)
        }
    }

    @Test func `what is longer than it may be ends`() async throws {
        try await withServer { server, _ in
            await #expect(throws: OutboundError.noAnswer("it is longer than 3145727 bytes")) {
                try await client.receive(server + "/long", limitBytes: Int64(Self.lengthBytes - 1)) { body in
                    for try await _ in body {}
                }
            }
        }
    }

    @Test func `an answer that breaks off is none`() async throws {
        try await withServer { server, _ in
            await #expect(throws: OutboundError.self) {
                try await client.receive(server + "/broken", limitBytes: 1_000) { body in
                    for try await _ in body {}
                }
            }
        }
    }

    @Test func `another status is refused with where it leads`() async throws {
        try await withServer { server, _ in
            await #expect(throws: WebRefusal(status: 302, location: "/long")) {
                try await client.receive(server + "/away", limitBytes: 1_000) { body in
                    for try await _ in body {}
                }
            }
        }
    }

    @Test func `what fails in reading it is thrown as it is`() async throws {
        struct Full: Error {}
        try await withServer { server, _ in
            await #expect(throws: Full.self) {
                try await client.receive(server + "/long", limitBytes: .max) { body in
                    for try await _ in body { throw Full() }
                }
            }
        }
    }

    @Test func `something long is put in pieces`() async throws {
        try await withServer { server, sums in
            let piece = ByteBuffer(repeating: 7, count: 100_000)
            let answer = try await client.put(sizeBytes: 3_000_000, headers: [], to: server + "/put") {
                write in
                for _ in 0..<30 { try await write(piece) }
            }
            #expect(answer.status == 201)
            #expect(sums.all.withLock { $0 } == [3_000_000])
        }
    }

    /// Its answer may be lost when it hangs up; what is thrown then says so.
    @Test func `whoever does not want it is not waited for`() async throws {
        try await withServer { server, _ in
            let piece = ByteBuffer(repeating: 7, count: 1 << 20)
            do {
                let answer = try await client.put(
                    sizeBytes: 1 << 40,
                    headers: [],
                    to: server + "/refused"
                ) { write in
                    for _ in 0..<1 << 20 { try await write(piece) }
                }
                #expect(answer.status == 403)
            } catch OutboundError.noAnswer {
                return
            }
        }
    }

    @Test func `an address that is not public is neither got nor put`() async throws {
        try await withServer { server, sums in
            let guarded = OutboundClient(
                policy: OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: false)
            )
            let refusal = OutboundError.notPublic("127.0.0.1", NetworkAddress(bytes: [127, 0, 0, 1]))
            await #expect(throws: refusal) {
                try await guarded.receive(server + "/long", limitBytes: .max) { _ in }
            }
            await #expect(throws: refusal) {
                try await guarded.put(sizeBytes: 0, headers: [], to: server + "/put") { _ in }
            }
            #expect(sums.all.withLock { $0 }.isEmpty)
        }
    }

    private func withServer(
        _ body: @escaping @Sendable (String, Sums) async throws -> Void
    ) async throws {
        let sums = Sums()
        let router = Router()
        router.get("long") { _, _ -> Response in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<3 { try await writer.write(ByteBuffer(repeating: 1, count: 1 << 20)) }
                    try await writer.finish(nil)
                }
            )
        }
        router.get("broken") { _, _ -> Response in
            Response(
                status: .ok,
                headers: [.contentLength: "100"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "x"))
                    throw CancellationError()
                }
            )
        }
        router.get("away") { _, _ -> Response in Response(status: .found, headers: [.location: "/long"]) }
        router.put("put") { request, _ -> Response in
            var sum = 0
            for try await piece in request.body { sum += piece.readableBytes }
            sums.all.withLock { $0.append(sum) }
            return Response(status: .created)
        }
        router.put("refused") { _, _ -> Response in
            Response(status: .forbidden, headers: [.connection: "close"])
        }
        let application = Application(
            responder: router.buildResponder(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { server in
            try await body("http://127.0.0.1:\(try #require(server.port))", sums)
        }
    }

    private final class Sums: Sendable {
        let all = Mutex<[Int]>([])
    }
}
