import Core
import Database
import Events

/// A hook, as far as it decides what it is told.
struct FollowingHook: Sendable {
    let key: Int64
    let server: String
    let createdMs: Int64
    let events: Set<String>

    /// What happened before there was the hook is none of its business.
    func isTold(_ event: HookEvent, of happened: Event) -> Bool {
        events.contains(event.rawValue) && happened.atMs >= createdMs
    }
}

/// The next events of the log, and who may be told of them.
struct FollowedPage: Sendable {
    let events: [FollowedEvent]
    let hooks: [WorkspaceID: [FollowingHook]]
    /// Whether there is more behind it.
    let isFull: Bool
    private let rounds: Int64
    private let position: Int64
    /// Ids that were passed over before and have appeared since.
    private let filled: [Int64]
    /// Ids that are passed over.
    private let gaps: [Int64]
    private let nowMs: Int64

    /// An id that has not appeared for so long was given to a transaction that did not end well.
    private static let gapMs: Int64 = 600_000
    /// So many ids are waited for at the most; those that were given last.
    private static let gapLimit = 1_000

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
        let waited = try connection.rows("SELECT event_id FROM webhook_gaps ORDER BY event_id") { $0.int(0) }
        let late = try EventLog.find(waited, in: connection)
        let next = try EventLog.following(place.position, limit: limit, in: connection)
        guard !late.isEmpty || !next.isEmpty else { return nil }
        rounds = place.rounds
        position = next.last?.event.id ?? place.position
        filled = late.map(\.event.id)
        gaps = Self.gaps(after: place.position, next.map(\.event.id))
        nowMs = try connection.sharedNowMs()
        events = late + next
        isFull = next.count == limit
        hooks = try Self.hooks(of: Set(events.map(\.workspace.key)), in: connection)
    }

    /// Remembers that it was read.
    ///
    /// - Returns: False where another has read on since.
    func turn(in connection: any Connection) throws -> Bool {
        let isOurs =
            try connection.execute(
                """
                UPDATE webhook_follower SET position = \(position), rounds = rounds + 1 WHERE rounds = \(rounds)
                """
            ) == 1
        guard isOurs else { return false }
        if !filled.isEmpty {
            try connection.execute("DELETE FROM webhook_gaps WHERE event_id \(anyOf: filled)")
        }
        try connection.execute("DELETE FROM webhook_gaps WHERE seen_ms < \(nowMs - Self.gapMs)")
        if !gaps.isEmpty {
            try connection.insert(
                into: "webhook_gaps",
                ["event_id", "seen_ms"],
                values: gaps.flatMap { [.integer($0), .integer(nowMs)] as [Value] },
                "ON CONFLICT DO NOTHING"
            )
        }
        return true
    }

    private static func gaps(after position: Int64, _ ids: [Int64]) -> [Int64] {
        var gaps: [Int64] = []
        var last = position
        for id in ids {
            let missing = max(last + 1, id - Int64(gapLimit))..<id
            gaps += missing
            last = id
        }
        return gaps.suffix(gapLimit)
    }

    private static func hooks(
        of workspaces: Set<Int64>,
        in connection: any Connection
    ) throws -> [WorkspaceID: [FollowingHook]] {
        let rows = try connection.rows(
            """
            SELECT w.webhook_key, w.workspace_id, w.server, w.creation_time, e.event
            FROM webhooks w
            JOIN webhook_events e ON e.webhook_key = w.webhook_key
            WHERE w.kind <> \(WebhookKind.mlflow.rawValue) AND w.status = 'ACTIVE' AND w.deleted_time IS NULL
                AND w.workspace_id \(anyOf: workspaces.sorted())
            ORDER BY w.webhook_key
            """
        ) {
            (
                key: $0.int(0), workspace: WorkspaceID(key: $0.int(1)), server: $0.text(2),
                createdMs: $0.int(3), event: $0.text(4)
            )
        }
        var hooks: [WorkspaceID: [FollowingHook]] = [:]
        for (workspace, ofWorkspace) in Dictionary(grouping: rows, by: \.workspace) {
            let byKey = Dictionary(grouping: ofWorkspace, by: \.key)
            hooks[workspace] = byKey.keys.sorted().compactMap { key in
                byKey[key]?.first.map { first in
                    FollowingHook(
                        key: key,
                        server: first.server,
                        createdMs: first.createdMs,
                        events: Set((byKey[key] ?? []).map(\.event))
                    )
                }
            }
        }
        return hooks
    }
}
