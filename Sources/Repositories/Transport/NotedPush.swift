import Core
import NIOCore
import Synchronization

/// The request of a push, of which nothing reaches `git` before what it wishes is noted.
struct NotedPush<Request: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Request.Element == ByteBuffer {
    let request: Request
    let notes: PushNotes

    struct Iterator: AsyncIteratorProtocol {
        var request: Request.AsyncIterator
        let notes: PushNotes
        var head = PushHead()
        var held: [ByteBuffer] = []

        mutating func next() async throws -> ByteBuffer? {
            while !head.isComplete {
                guard let bytes = try await request.next() else { break }
                held.append(bytes)
                try head.take(bytes)
                if head.isComplete, !head.changes.isEmpty { try await notes.note(head.changes) }
            }
            return held.isEmpty ? try await request.next() : held.removeFirst()
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(request: request.makeAsyncIterator(), notes: notes)
    }
}

/// What a push has noted, to be recorded when it is over.
final class PushNotes: Sendable {
    private let log: RefLog
    private let caller: Caller
    /// Judges what is wished, before `git` sees it.
    private let judge: @Sendable ([RefChange]) async throws -> Void
    private let keys = Mutex<[Int64]>([])

    init(
        _ log: RefLog,
        _ caller: Caller,
        _ judge: @escaping @Sendable ([RefChange]) async throws -> Void
    ) {
        self.log = log
        self.caller = caller
        self.judge = judge
    }

    /// Whether anything is to be recorded.
    var isEmpty: Bool { keys.withLock(\.isEmpty) }

    /// Takes note of what is wished, and has it judged.
    func note(_ changes: [RefChange]) async throws {
        let key = try await log.note(changes, by: caller)
        keys.withLock { $0.append(key) }
        try await judge(changes)
    }

    /// Records what has changed, also where the client has gone meanwhile.
    @discardableResult
    func record() async throws -> [RefChange] {
        let keys = keys.withLock { $0 }
        guard !keys.isEmpty else { return [] }
        let (log, workspace) = (log, caller.workspace)
        // What is on disk is recorded even if nobody waits for the answer any more.
        return try await Task { try await log.record(workspace, ending: keys) }.value
    }
}
