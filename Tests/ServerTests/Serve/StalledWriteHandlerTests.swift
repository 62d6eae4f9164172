import Core
import HTTP
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import NIOCore
import NIOPosix
import Testing

@testable import Server

@Suite struct StalledWriteHandlerTests {
    /// Else whoever writes holds what they have for as long as the client likes.
    @Test(.timeLimit(.minutes(1)))
    func `a client that does not read is given up, and one that reads slowly is not`() async throws {
        let (ends, note) = AsyncStream.makeStream(of: Bool.self)
        let door = FrontDoor(
            routes: Routes([Self.download(note)]),
            gate: Gate(always: Caller(name: "local", workspace: .standard))
        )
        let application = Application(
            responder: door,
            server: HTTPServerBuilder {
                LoopChannel(HTTP1Channel(responder: $0), patience: .milliseconds(400))
            },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { server in
            let port = try #require(server.port)
            var ended = ends.makeAsyncIterator()

            let silent = try await Self.ask(port, readsEvery: nil)
            #expect(await ended.next() == false)
            try await silent.close()

            // For much longer than the other was waited for.
            let slow = try await Self.ask(port, readsEvery: .milliseconds(4))
            #expect(await ended.next() == true)
            try await slow.close()
        }
    }

    /// More than the buffers of two sockets hold; tells whether all of it could be written.
    private static func download(_ note: AsyncStream<Bool>.Continuation) -> Endpoint {
        Endpoint(.get, "large", in: .root, needs: .open) { _ in
            Answer(
                body: ResponseBody { writer in
                    do {
                        for _ in 0..<256 {
                            try await writer.write(ByteBuffer(repeating: 0, count: 128 << 10))
                        }
                        try await writer.finish(nil)
                        note.yield(true)
                    } catch {
                        note.yield(false)
                        throw error
                    }
                }
            )
        }
    }

    private static func ask(_ port: Int, readsEvery pause: TimeAmount?) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 << 10))
            .channelOption(.socketOption(.so_rcvbuf), value: 64 << 10)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        if let pause {
            channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: pause) { task in
                if channel.isActive { channel.read() } else { task.cancel() }
            }
        }
        return channel
    }
}
