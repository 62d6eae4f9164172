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
        let streams = try (0..<100).map { _ in try board.listen(to: [topic], by: "ann") { true } }

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

    @Test func `who stops listening is forgotten, and what nobody watches is not read`() async throws {
        let board = LiveBoard()
        do {
            let stream = try board.listen(to: [topic], by: "ann") { true }
            #expect(board.listenerCount == 1 && board.topics == [topic])
            withExtendedLifetime(stream) {}
        }

        #expect(board.listenerCount == 0 && board.topics.isEmpty)
    }

    @Test func `an ended board ends every stream and begins none`() async throws {
        let board = LiveBoard()
        let before = try board.listen(to: [topic], by: "ann") { true }

        board.end()

        for await _ in before { Issue.record("nothing is told any more") }
        for await _ in try board.listen(to: [topic], by: "ann", while: { true }) {
            Issue.record("nothing is told any more")
        }
        #expect(board.listenerCount == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a stream ends with the right to it, and others go on`() async throws {
        let board = LiveBoard(pauseBetweenPings: .milliseconds(1))
        let lost = try board.listen(to: [topic], by: "ann") { false }
        let kept = try board.listen(to: [topic], by: "bob") { true }

        let looking = Task {
            await board.run { _ in
                nil
            } failed: { _ in
            }
        }
        for await message in lost { Issue.record("\(String(buffer: message))") }

        #expect(board.listenerCount == 1)
        var messages = kept.makeAsyncIterator()
        #expect(await messages.next().map { String(buffer: $0) } == ": still here\n\n")
        looking.cancel()
        await looking.value
    }

    @Test func `one person has so many streams and no more`() throws {
        let board = LiveBoard()
        let streams = try (0..<LiveBoard.Bounds.person.streams).map { _ in
            try board.listen(to: [topic], by: "ann") { true }
        }

        #expect(throws: Failure.self) { try board.listen(to: [topic], by: "ann") { true } }
        _ = try board.listen(to: [topic], by: "bob") { true }
        withExtendedLifetime(streams) {}
    }

    @Test func `an address of strangers has fewer streams`() throws {
        let board = LiveBoard()
        let streams = try (0..<LiveBoard.Bounds.strangers.streams).map { _ in
            try board.listen(to: [topic], by: "192.0.2.1", within: .strangers) { true }
        }

        #expect(throws: Failure.self) {
            try board.listen(to: [topic], by: "192.0.2.1", within: .strangers) { true }
        }
        withExtendedLifetime(streams) {}
    }

    @Test func `one person watches so many things and no more, in however many tabs`() throws {
        let board = LiveBoard()
        func tab(_ number: Int) throws -> AsyncStream<ByteBuffer> {
            let topics = (0..<100).map { place in
                LiveBoard.Topic(workspace: .standard, kind: .run, id: "\(number) \(place)")
            }
            return try board.listen(to: Set(topics), by: "ann") { true }
        }
        var tabs = try (0..<5).map { try tab($0) }
        // The same things again are read no more often.
        tabs += try (0..<5).map { try tab($0) }

        #expect(throws: Failure.self) { try tab(5) }
        #expect(board.topics.count == 500)
        _ = try board.listen(to: [topic], by: "bob") { true }
        tabs = []
        #expect(board.listenerCount == 0)
        tabs.append(try tab(5))
        #expect(board.topics.count == 100)
        withExtendedLifetime(tabs) {}
    }
}
