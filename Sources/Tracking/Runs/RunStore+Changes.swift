import Core
import Database
import Events

/// What happened to runs of an experiment, by their ids.
package struct RunChanges: Sendable, Hashable {
    /// Those that ended, go on again or are called otherwise.
    package var updated: Set<String> = []
    /// Those that were deleted or restored.
    package var moved: Set<String> = []

    package var isEmpty: Bool { updated.isEmpty && moved.isEmpty }
}

/// How far somebody who watches runs has been told what happened to them.
package struct RunChangesCursor: Sendable, Hashable {
    /// The last event that was looked at; grows with what happens on the server.
    package let last: Int64
    /// The events that need not be told of any more, since one may become visible after those with greater ids.
    fileprivate let told: Set<Int64>
}

extension RunStore {
    /// As many events are looked at again as may become visible late.
    private static let eventsLookedBack: Int64 = 64
    private static let changingKinds: Set<Event.Kind> = [.runUpdated, .runDeleted, .runRestored]

    /// What happened to runs of an experiment since the caller asked before.
    ///
    /// - Parameters:
    ///   - experiment: Its number; no experiment has no runs.
    ///   - cursor: What the answer before came with; nil to begin now.
    ///   - limit: How many events of the server are looked at; the next answer goes on behind them.
    /// - Returns: The changes, and how far they go.
    /// - Throws: `DatabaseError`.
    package func changes(
        in experiment: Int64,
        since cursor: RunChangesCursor?,
        limit: Int = 1_000
    ) async throws -> (changes: RunChanges, cursor: RunChangesCursor) {
        try await database.glance { connection in
            let last = try cursor?.last ?? EventLog.newestID(in: connection)
            let read = try EventLog.following(
                last - Self.eventsLookedBack,
                limit: Int(Self.eventsLookedBack) + limit,
                in: connection
            )
            let reached = max(last, read.last?.event.id ?? last)
            let next = RunChangesCursor(
                last: reached,
                told: Set(read.map(\.event.id).filter { $0 > reached - Self.eventsLookedBack })
            )
            guard let cursor else { return (RunChanges(), next) }
            let events = read.filter {
                $0.workspace == caller.workspace && Self.changingKinds.contains($0.event.kind)
                    && !cursor.told.contains($0.event.id)
            }
            return (try changes(of: events.map(\.event), in: experiment, connection), next)
        }
    }

    private func changes(
        of events: [Event],
        in experiment: Int64,
        _ connection: any Connection
    ) throws -> RunChanges {
        var changes = RunChanges()
        guard !events.isEmpty else { return changes }
        let ids = Set(events.map { Self.run(of: $0) })
        let found = try connection.rows(
            """
            SELECT r.run_uuid FROM runs r JOIN experiments e ON e.experiment_key = r.experiment_key
            WHERE r.workspace_id = \(caller.workspace.key) AND r.run_uuid \(anyOf: ids.sorted())
                AND e.experiment_id = \(experiment) \(caller.reaches("e.experiment_id"))
            """
        ) { $0.text(0) }
        let known = Set(found)
        for event in events where known.contains(Self.run(of: event)) {
            if event.kind == .runUpdated {
                changes.updated.insert(Self.run(of: event))
            } else {
                changes.moved.insert(Self.run(of: event))
            }
        }
        return changes
    }

    /// The id of the run that an event happened to.
    private static func run(of event: Event) -> String { String(event.subject.dropFirst("run/".count)) }
}
