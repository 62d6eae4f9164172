import Core
import Database
import Events

/// A hook, as far as it decides what it is told.
struct FollowingHook: Sendable {
    let key: Int64
    let server: String
    /// The newest event when it was made; what happened before is none of its business.
    let afterEvent: Int64
    let events: Set<String>
    let branches: BranchFilter

    func isTold(_ event: HookEvent, of happened: Event) -> Bool {
        events.contains(event.rawValue) && happened.id > afterEvent && isOfBranches(event, happened)
    }

    private func isOfBranches(_ event: HookEvent, _ happened: Event) -> Bool {
        guard [.push, .create, .delete].contains(event), happened.subject.hasPrefix(Self.branch) else {
            return true
        }
        return branches.matches(String(happened.subject.dropFirst(Self.branch.count)))
    }

    /// What events call a branch begins so.
    private static let branch = "branch/"
}

/// The next events of the log, and who may be told of them.
struct FollowedPage: Sendable {
    /// First those that were passed over before and have appeared since.
    let events: [FollowedEvent]
    let hooks: [WorkspaceID: [FollowingHook]]
    /// Whether there is more behind it.
    let isFull: Bool
    private let rounds: Int64
    private let position: Int64
    private let gaps: [FollowedGap]
    private let lateCount: Int
    private let nowMs: Int64

    /// An id that has not appeared for so long was given to a transaction that did not end well.
    private static let gapMs: Int64 = 600_000

    /// Nil where nobody is to be told anything, or nothing has happened.
    init?(limit: Int, in connection: any Connection) throws {
        let isFollowed = try connection.first(
            """
            SELECT 1 FROM webhooks
            WHERE kind <> \(WebhookKind.mlflow.rawValue) AND deleted_time IS NULL LIMIT 1
            """
        ) { _ in true }
        guard isFollowed == true else { return nil }
        let place = try connection.first("SELECT position, rounds FROM webhook_follower") {
            (position: $0.int(0), rounds: $0.int(1))
        }
        guard let place else { preconditionFailure("the follower has no place") }
        (position, rounds) = (place.position, place.rounds)
        gaps = try connection.rows("SELECT first_id, last_id, seen_ms FROM webhook_gaps ORDER BY first_id") {
            FollowedGap(ids: $0.int(0)...$0.int(1), seenMs: $0.int(2))
        }
        let late = try EventLog.find(in: gaps.map(\.ids), limit: limit, in: connection)
        let next = try EventLog.following(position, limit: limit - late.count, in: connection)
        guard !late.isEmpty || !next.isEmpty else { return nil }
        lateCount = late.count
        nowMs = try connection.sharedNowMs()
        events = late + next
        isFull = events.count == limit
        hooks = try Self.hooks(of: Set(events.map(\.workspace.key)), in: connection)
    }

    /// Remembers that it was read, up to somewhere.
    ///
    /// - Parameters:
    ///   - count: How many of its events were read.
    ///   - connection: The transaction that queues what they say.
    /// - Returns: False where another has read on since.
    /// - Throws: `DatabaseError` where the database fails.
    func turn(after count: Int, in connection: any Connection) throws -> Bool {
        let ids = events.prefix(count).map(\.event.id)
        let (late, next) = (ids.prefix(lateCount), ids.dropFirst(lateCount))
        let last = next.last ?? position
        let isOurs =
            try connection.execute(
                """
                UPDATE webhook_follower SET position = \(last), rounds = rounds + 1 WHERE rounds = \(rounds)
                """
            ) == 1
        guard isOurs else { return false }
        try connection.execute("DELETE FROM webhook_gaps WHERE seen_ms < \(nowMs - Self.gapMs)")
        let filled = gaps.filter { gap in late.contains { gap.ids.contains($0) } }
        if !filled.isEmpty {
            try connection.execute(
                "DELETE FROM webhook_gaps WHERE first_id \(anyOf: filled.map(\.ids.lowerBound))"
            )
        }
        var missing = filled.flatMap { $0.without(late) }
        if last > position { missing += FollowedGap(ids: position + 1...last, seenMs: nowMs).without(next) }
        if !missing.isEmpty {
            try connection.insert(
                into: "webhook_gaps",
                ["first_id", "last_id", "seen_ms"],
                values: missing.flatMap {
                    [.integer($0.ids.lowerBound), .integer($0.ids.upperBound), .integer($0.seenMs)] as [Value]
                }
            )
        }
        return true
    }

    private static func hooks(
        of workspaces: Set<Int64>,
        in connection: any Connection
    ) throws -> [WorkspaceID: [FollowingHook]] {
        let rows = try connection.rows(
            """
            SELECT w.webhook_key, w.workspace_id, w.server, w.after_event, e.event, w.branch_filter
            FROM webhooks w
            JOIN webhook_events e ON e.webhook_key = w.webhook_key
            WHERE w.kind <> \(WebhookKind.mlflow.rawValue) AND w.status = 'ACTIVE' AND w.deleted_time IS NULL
                AND w.workspace_id \(anyOf: workspaces.sorted())
            ORDER BY w.webhook_key
            """
        ) {
            (
                key: $0.int(0), workspace: WorkspaceID(key: $0.int(1)), server: $0.text(2),
                afterEvent: $0.int(3), event: $0.text(4), branches: $0.text(5)
            )
        }
        var hooks: [WorkspaceID: [FollowingHook]] = [:]
        for (workspace, ofWorkspace) in Dictionary(grouping: rows, by: \.workspace) {
            let byKey = Dictionary(grouping: ofWorkspace, by: \.key)
            hooks[workspace] = try byKey.keys.sorted().compactMap { key in
                try byKey[key]?.first.map { first in
                    FollowingHook(
                        key: key,
                        server: first.server,
                        afterEvent: first.afterEvent,
                        events: Set((byKey[key] ?? []).map(\.event)),
                        branches: try BranchFilter(first.branches)
                    )
                }
            }
        }
        return hooks
    }
}

/// Ids that were passed over, of events that may appear yet.
private struct FollowedGap: Sendable {
    let ids: ClosedRange<Int64>
    /// When they were passed over first.
    let seenMs: Int64

    /// What is left of it when some of its ids have appeared.
    func without(_ found: some Sequence<Int64>) -> [FollowedGap] {
        var left: [FollowedGap] = []
        var next = ids.lowerBound
        for id in found where ids.contains(id) {
            if id > next { left.append(FollowedGap(ids: next...id - 1, seenMs: seenMs)) }
            next = id + 1
        }
        if next <= ids.upperBound { left.append(FollowedGap(ids: next...ids.upperBound, seenMs: seenMs)) }
        return left
    }
}
