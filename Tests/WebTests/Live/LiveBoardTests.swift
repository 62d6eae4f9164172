import Core
import NIOCore
import Synchronization
import Testing

@testable import Web

@Suite struct LiveBoardTests {
    private var topic: LiveBoard.Topic { LiveBoard.Topic(workspace: .standard, kind: .run, id: "r") }

    private final class Reads: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a change is read once for all who watch, and told once`() async throws {
        let board = LiveBoard()
        let reads = Reads()
        let streams = (0..<100).map { _ in board.listen(to: [topic]) }

        try await withThrowingTaskGroup { group in
            group.addTask {
                await board.run { _ in
                    Array("\(min(reads.next(), 2))".utf8)
                } failed: { _ in
                }
            }
            for stream in streams {
                var messages = stream.makeAsyncIterator()
                for data in ["1", "2"] {
                    let message = try #require(await messages.next())
                    #expect(String(buffer: message) == "event: run\ndata: \(data)\n\n")
                }
            }
            group.cancelAll()
        }

        #expect(reads.next() < 100)
    }

    @Test func `who stops listening is forgotten, and what nobody watches is not read`() async {
        let board = LiveBoard()
        do {
            let stream = board.listen(to: [topic])
            #expect(board.listenerCount == 1 && board.topics == [topic])
            withExtendedLifetime(stream) {}
        }

        #expect(board.listenerCount == 0 && board.topics.isEmpty)
    }

    @Test func `an ended board ends every stream and begins none`() async {
        let board = LiveBoard()
        let before = board.listen(to: [topic])

        board.end()

        for await _ in before { Issue.record("nothing is told any more") }
        for await _ in board.listen(to: [topic]) { Issue.record("nothing is told any more") }
        #expect(board.listenerCount == 0)
    }
}
