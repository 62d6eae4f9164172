import Core
import Database
import NIOCore
import Repositories
import TestSupport
import Testing

@Suite struct PaceTests {
    /// 500 bytes a second over ten minutes are 300,000 bytes.
    private static let pace = Pace(bytesPerSecond: 500, over: .seconds(600))

    @Test func `who sends now and then a little is given up when the time is over`() throws {
        var meter = Pace.Meter(Self.pace)
        for _ in 0..<599 { try meter.note(499, after: .seconds(1)) }
        #expect(throws: SlowClient.self) { try meter.note(499, after: .seconds(1)) }
    }

    @Test func `a slow line, and one that rests, go on`() throws {
        var meter = Pace.Meter(Self.pace)
        for _ in 0..<10_000 { try meter.note(1_200, after: .seconds(1)) }
        // Nine minutes of nothing, then a line as it was before.
        try meter.note(10, after: .seconds(540))
        for _ in 0..<1_000 { try meter.note(8_000, after: .seconds(1)) }
    }

    @Test func `what was quick before does not pay for what is slow now`() throws {
        var meter = Pace.Meter(Self.pace)
        try meter.note(1 << 30, after: .seconds(601))
        for _ in 0..<59 { try meter.note(1, after: .seconds(10)) }
        #expect(throws: SlowClient.self) { try meter.note(1, after: .seconds(10)) }
    }

    @Test(arguments: Backend.available)
    func `a push that trickles in ends, and nothing is left of it`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let transport = place.repositories.transport(of: iris)
            let pace = Pace(bytesPerSecond: 1_000_000, over: .milliseconds(200))

            await #expect(throws: SlowClient.self) {
                try await transport.receive(
                    PacedRequest(Trickle(start: half), pace),
                    .zero,
                    over: .request,
                    by: Pusher(bob, isAdmin: false)
                ) { _ in }
            }

            #expect(try await place.repositories.refLog.refs(of: iris).isEmpty)
            let left = try await place.database.read { connection in
                try connection.first("SELECT COUNT(*) FROM pushes") { $0.int(0) }
            }
            #expect(left == 0)
            #expect(try await place.git("count-objects", "-v", in: place.path).contains("garbage: 0"))
        }
    }

    @Test func `a conversation ends when it has lasted for too long, whatever is said`() async throws {
        let limits = ConversationLimits(
            quiet: .seconds(60),
            longest: .milliseconds(300),
            pace: Self.pace
        )
        try await withRepositories(conversations: limits) { place -> Void in
            await #expect(throws: GitError.self) {
                try await place.repositories.transport(of: iris).receive(
                    Trickle(start: half),
                    .zero,
                    over: .request,
                    by: Pusher(bob, isAdmin: false)
                ) { _ in }
            }
        }
    }
}

/// The beginning of a push that wishes a branch, and of its objects.
private let half: String = {
    let zeros = String(repeating: "0", count: 40)
    let wish = "\(zeros) \(String(repeating: "1", count: 40)) refs/heads/half\0report-status\n"
    let length = String(wish.utf8.count + 4, radix: 16)
    return String(repeating: "0", count: 4 - length.count) + length + wish + "0000PACK\0\0\0\u{2}\0\0\0\u{1}"
}()

/// A request that goes on for ever, a byte at a time.
private struct Trickle: AsyncSequence, Sendable {
    let start: String

    struct Iterator: AsyncIteratorProtocol {
        var start: String?

        mutating func next() async throws -> ByteBuffer? {
            if let text = start {
                start = nil
                return ByteBuffer(string: text)
            }
            try await Task.sleep(for: .milliseconds(20))
            return ByteBuffer(bytes: [0xFF])
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(start: start) }
}
