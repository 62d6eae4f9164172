import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Outbound

@Suite struct FetchTests {
    private let client = OutboundClient(
        policy: OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true)
    )

    @Test func `a page is read whole and an answer to a post as well`() async throws {
        let router = Router()
        router.get("page") { _, _ in String(repeating: "a", count: 10_000) }
        router.post("echo") { request, _ in
            let body = try await request.body.collect(upTo: 100)
            return "\(request.headers[.authorization] ?? "") \(String(buffer: body))"
        }
        try await Application(router: router).test(.live) { server in
            let port = try #require(server.port)
            for _ in 0..<50 {
                let page = try await client.fetch("http://127.0.0.1:\(port)/page", limitBytes: 10_000)
                #expect(page.status == 200 && page.body.count == 10_000)
            }
            let echo = try await client.fetch(
                "http://127.0.0.1:\(port)/echo",
                posting: Array("a=b".utf8),
                headers: [("Authorization", "Basic x")],
                limitBytes: 100
            )
            #expect(String(decoding: echo.body, as: UTF8.self) == "Basic x a=b")
            let missing = try await client.fetch("http://127.0.0.1:\(port)/missing", limitBytes: 1_000)
            #expect(missing.status == 404)
        }
    }

    @Test func `a page that is longer than it may be is none`() async throws {
        let router = Router()
        router.get("page") { _, _ in String(repeating: "a", count: 10_001) }
        try await Application(router: router).test(.live) { server in
            let port = try #require(server.port)
            await #expect(throws: OutboundError.self) {
                try await client.fetch("http://127.0.0.1:\(port)/page", limitBytes: 10_000)
            }
        }
    }
}
