import API
import Core
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import NIOCore
import NIOPosix
import Testing

@testable import Server

@Suite struct LoopChannelTests {
    private static let place = Endpoint(.post, "place", in: .root, needs: .signedIn) { call in
        let length = try await call.body().readableBytes
        // Something to wait for, after which a task goes on wherever it belongs.
        try await NIOThreadPool.singleton.runIfActive {}
        return .text(
            "\(length) \(MultiThreadedEventLoopGroup.currentEventLoop == nil ? "aside" : "on a loop")"
        )
    }

    @Test(arguments: [(0, "on a loop"), (1_000, "on a loop"), (300_000, "aside")])
    func `a request is handled on the loop of its connection, and a long one aside`(
        length: Int,
        place: String
    ) async throws {
        let door = FrontDoor(
            routes: Routes([Self.place]),
            gate: Gate(always: Caller(name: "local", workspace: .standard))
        )
        let application = Application(
            responder: door,
            server: HTTPServerBuilder { LoopChannel(HTTP1Channel(responder: $0)) }
        )
        try await application.test(.live) { client in
            for _ in 0..<2 {
                let answer = try await client.execute(
                    uri: "/place",
                    method: .post,
                    body: ByteBuffer(repeating: 0, count: length)
                )

                #expect(String(buffer: answer.body) == "\(length) \(place)")
            }
        }
    }

    @Test func `a long answer is written aside, and a short one where it is`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let executor = LoopExecutor(loop: loop)
        for (capacity, isOnLoop) in [(1_000, true), (1_000_000, false)] {
            let answer = await withTaskExecutorPreference(executor) {
                await Answer.page(capacityBytes: capacity) { json in
                    json.field("is_on_loop", loop.inEventLoop)
                }
            }
            #expect(try await answer.body.collected == #"{"is_on_loop":\#(isOnLoop)}"#)
        }
    }
}

extension ResponseBody {
    fileprivate var collected: String {
        get async throws {
            let (pieces, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
            try await write(Writer(pieces: continuation))
            var text = ""
            for await piece in pieces { text += String(buffer: piece) }
            return text
        }
    }

    private struct Writer: ResponseBodyWriter {
        let pieces: AsyncStream<ByteBuffer>.Continuation

        mutating func write(_ buffer: ByteBuffer) async throws { pieces.yield(buffer) }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws { pieces.finish() }
    }
}
