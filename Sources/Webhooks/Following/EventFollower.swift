import Core
package import Database
package import Events
import Synchronization

/// Reads the log of events behind those who write it, and queues what hooks of repositories are to be told.
///
/// It remembers how far it has read in the transaction that queues, so that each event is queued once, whatever ends the
/// server, and whichever of several servers reads it. Whoever makes events knows nothing of it.
package struct EventFollower: Sendable {
    /// Says what a hook is told of an event; nil where it is told nothing.
    ///
    /// It is given the event, what it is for hooks, and the address of this server as the hook knows it.
    package typealias Describe = @Sendable (FollowedEvent, HookEvent, String) async throws -> String?

    let database: any Database
    let means: WebhookMeans
    let describe: Describe
    let note: @Sendable (any Error) -> Void
    private let patience = Patience()

    private static let pageLimit = 500
    /// So much is held in memory, and so long is described, before what there is by then is queued.
    private static let budgetBytes = 8 << 20
    private static let budgetTime = Duration.seconds(5)
    private static let pause = Duration.seconds(1)

    /// - Parameters:
    ///   - database: Where the log is, and the queue.
    ///   - means: What rings when something was queued.
    ///   - note: Told of faults of this server; the follower goes on.
    ///   - describe: Says what hooks are told.
    package init(
        _ database: any Database,
        _ means: WebhookMeans,
        note: @escaping @Sendable (any Error) -> Void,
        describe: @escaping Describe
    ) {
        self.database = database
        self.means = means
        self.note = note
        self.describe = describe
    }

    /// Follows until it is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                if try await readOn() { continue }
            } catch is CancellationError {
                return
            } catch {
                note(error)
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    /// Reads the next events and queues what hooks are told of them.
    ///
    /// - Returns: Whether there may be more at once.
    /// - Throws: What keeps it from reading, or from describing what it has read; then nothing was read.
    package func readOn() async throws -> Bool {
        guard let page = try await database.read({ try FollowedPage(limit: Self.pageLimit, in: $0) }) else {
            return false
        }
        let begin = ContinuousClock.now
        var (letters, count, sizeBytes): ([Letter], Int, Int) = ([], 0, 0)
        for followed in page.events {
            let next = try await self.letters(on: followed, page.hooks)
            letters += next
            count += 1
            sizeBytes += next.reduce(0) { $0 + $1.body.utf8.count * $1.hooks.count }
            if sizeBytes >= Self.budgetBytes || begin.duration(to: .now) >= Self.budgetTime { break }
        }
        let (queued, read) = (letters, count)
        try await database.write { connection in
            guard try page.turn(after: read, in: connection) else { return }
            for letter in queued {
                try means.post(letter.event.rawValue, letter.body, to: letter.hooks, in: connection)
            }
        }
        patience.forget()
        return page.isFull || read < page.events.count
    }

    /// Where the log is followed from its end, since nobody was told anything before.
    static func begin(in connection: any Connection) throws {
        // Of two hooks that are made at once as the first, the later must not pass over what the other is to be told.
        _ = try connection.first("SELECT rounds FROM webhook_follower \(.forUpdate)") { _ in true }
        let isFollowed = try connection.first(
            """
            SELECT 1 FROM webhooks
            WHERE kind <> \(WebhookKind.mlflow.rawValue) AND deleted_time IS NULL LIMIT 1
            """
        ) { _ in true }
        guard isFollowed == nil else { return }
        try connection.execute(
            """
            UPDATE webhook_follower
            SET position = \(try EventLog.newestID(in: connection)), rounds = rounds + 1
            """
        )
        try connection.execute("DELETE FROM webhook_gaps")
    }

    private struct Letter {
        let event: HookEvent
        let body: String
        let hooks: [Int64]
    }

    private func letters(
        on followed: FollowedEvent,
        _ hooks: [WorkspaceID: [FollowingHook]]
    ) async throws -> [Letter] {
        var letters: [Letter] = []
        for event in HookEvent.events(of: followed.event.kind) {
            let told = (hooks[followed.workspace] ?? []).filter { $0.isTold(event, of: followed.event) }
            for (server, group) in Dictionary(grouping: told, by: \.server).sorted(by: { $0.key < $1.key }) {
                guard let body = try await body(of: event, followed, server) else { continue }
                letters.append(Letter(event: event, body: body, hooks: group.map(\.key)))
            }
        }
        return letters
    }

    /// Nil for what is gone, and for what cannot be described however often it is tried, so that it holds up nothing else.
    ///
    /// An outage is waited for: whoever passed over what was met then would tell nothing of it, ever.
    private func body(
        of event: HookEvent,
        _ followed: FollowedEvent,
        _ server: String
    ) async throws -> String? {
        do {
            return try await describe(followed, event, server)
        } catch let failure as Failure where [.missing, .invalidParameter].contains(failure.code) {
            note(failure)
            return nil
        } catch {
            guard !error.isOutage, patience.isOver(with: followed.event.id) else { throw error }
            note(error)
            return nil
        }
    }
}

/// How often events could not be described, since something was read last.
private final class Patience: Sendable {
    private static let tries = 5
    private let failures = Mutex<[Int64: Int]>([:])

    func isOver(with event: Int64) -> Bool {
        failures.withLock { failures in
            failures[event, default: 0] += 1
            return failures[event, default: 0] >= Self.tries
        }
    }

    func forget() { failures.withLock { $0 = [:] } }
}

extension Error {
    /// Whether it says nothing of what was asked for.
    fileprivate var isOutage: Bool {
        switch self {
        case is DatabaseError, is CancellationError: true
        case let failure as Failure: failure.code == .unavailable
        default: false
        }
    }
}
