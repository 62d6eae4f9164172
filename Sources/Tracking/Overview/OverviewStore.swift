package import Core
import Database
package import Events

/// What goes on in several workspaces at once.
package struct OverviewStore: Sendable {
    let tracking: Tracking
    /// Who asks, once for each workspace that they may read.
    let callers: [Caller]

    private var workspaces: [WorkspaceID] { callers.map(\.workspace) }

    /// An experiment, and where it is.
    package struct PlacedExperiment: Sendable, Hashable {
        package let workspace: WorkspaceID
        package let id: Int64
        package let name: String
        /// When its last run began, or when it was made, where that is not known.
        package let activeMs: Int64
    }

    /// A run, and where it is.
    package struct PlacedRun: Sendable, Hashable {
        package let workspace: WorkspaceID
        package let id: String
        package let name: String
        package let userID: String
        package let startTime: Int64
        package let experimentID: Int64
        package let experimentName: String
    }

    /// Something that happened, with the name of the run or the experiment that it happened to.
    package struct PlacedEvent: Sendable, Hashable {
        package let workspace: WorkspaceID
        package let event: Event
        /// Nil where it happened to something else, or to what is gone.
        package let name: String?
    }

    /// The active runs that are under way, the last begun first.
    ///
    /// - Parameter limit: How many at the most.
    /// - Returns: The runs.
    /// - Throws: `DatabaseError` where the database fails.
    package func runningRuns(limit: Int) async throws -> [PlacedRun] {
        // The plus keeps the database to the index of what runs.
        try await tracking.database.read { [workspaces] connection in
            try connection.rows(
                """
                SELECT r.workspace_id, r.run_uuid, r.name, r.user_id, r.start_time, e.experiment_id, e.name
                FROM runs r JOIN experiments e ON e.experiment_key = r.experiment_key
                WHERE r.status = 1 AND +r.workspace_id \(anyOf: workspaces.map(\.key))
                    AND r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'
                ORDER BY r.start_time DESC, r.run_uuid
                LIMIT \(limit)
                """
            ) {
                PlacedRun(
                    workspace: WorkspaceID(key: $0.int(0)),
                    id: $0.text(1),
                    name: $0.text(2),
                    userID: $0.text(3),
                    startTime: $0.int(4),
                    experimentID: $0.int(5),
                    experimentName: $0.text(6)
                )
            }
        }
    }

    /// Of more experiments than this, only the newest are asked for their last runs.
    private static let mostExperiments = 2_000

    /// The active experiments in which something began last; `Default` only once it has a run.
    ///
    /// - Parameter limit: How many at the most.
    /// - Returns: The last active first.
    /// - Throws: `DatabaseError` where the database fails.
    package func recentExperiments(limit: Int) async throws -> [PlacedExperiment] {
        try await tracking.database.read { [workspaces] connection in
            try connection.rows(
                """
                SELECT workspace_id, experiment_id, name,
                    CASE WHEN last_run_ms > 0 THEN last_run_ms ELSE creation_time END AS active_ms
                FROM (
                    SELECT e.workspace_id, e.experiment_id, e.name, e.experiment_key, e.creation_time,
                        (
                            SELECT MAX(r.start_time) FROM runs r
                            WHERE r.experiment_key = e.experiment_key AND r.lifecycle_stage = 'active'
                        ) AS last_run_ms
                    FROM experiments e
                    WHERE e.workspace_id \(anyOf: workspaces.map(\.key)) AND e.lifecycle_stage = 'active'
                    ORDER BY e.experiment_key DESC
                    LIMIT \(Self.mostExperiments)
                ) newest
                WHERE last_run_ms IS NOT NULL OR experiment_id <> 0
                ORDER BY active_ms DESC, experiment_key DESC
                LIMIT \(limit)
                """
            ) {
                PlacedExperiment(
                    workspace: WorkspaceID(key: $0.int(0)),
                    id: $0.int(1),
                    name: $0.text(2),
                    activeMs: $0.int(3)
                )
            }
        }
    }

    /// What happened lately, newest first.
    ///
    /// - Parameters:
    ///   - kinds: What happened.
    ///   - limit: How many events at the most.
    /// - Returns: The events.
    /// - Throws: `DatabaseError` where the database fails.
    package func events(_ kinds: [Event.Kind], limit: Int) async throws -> [PlacedEvent] {
        try await tracking.database.read { [workspaces] connection in
            let found = try EventLog.recent(kinds, in: workspaces, limit: limit, in: connection)
            let names = try Self.names(
                of: found.map { Subject($0.workspace, $0.event.subject) },
                in: connection
            )
            return found.map { workspace, event in
                PlacedEvent(
                    workspace: workspace,
                    event: event,
                    name: names[Subject(workspace, event.subject)]
                )
            }
        }
    }

    /// What is another one once something happened in the workspaces, or was done by somebody anywhere.
    ///
    /// - Parameter actor: Whose deeds count wherever they were done, such as the first push to a new repository.
    /// - Returns: The last event that counts, and how many of the server's last events do.
    /// - Throws: `DatabaseError` where the database fails.
    package func pulse(orBy actor: String) async throws -> (last: Int64, count: Int64) {
        try await tracking.database.read { [workspaces] connection in
            try EventLog.pulse(in: workspaces, orBy: actor, in: connection)
        }
    }

    private struct Subject: Hashable {
        let workspace: WorkspaceID
        let text: String

        init(_ workspace: WorkspaceID, _ text: String) {
            self.workspace = workspace
            self.text = text
        }

        func id(of kind: String) -> String? {
            text.hasPrefix(kind) ? String(text.dropFirst(kind.count)) : nil
        }
    }

    private static func names(
        of subjects: [Subject],
        in connection: any Connection
    ) throws -> [Subject: String] {
        var names: [Subject: String] = [:]
        for (workspace, subjects) in Dictionary(grouping: Set(subjects), by: \.workspace) {
            let runs = subjects.compactMap { $0.id(of: "run/") }
            try connection.forEach(
                """
                SELECT run_uuid, name FROM runs
                WHERE workspace_id = \(workspace.key) AND run_uuid \(anyOf: runs)
                """
            ) { names[Subject(workspace, "run/" + $0.text(0))] = $0.text(1) }
            let experiments = subjects.compactMap { $0.id(of: "experiment/").flatMap { Int64($0) } }
            try connection.forEach(
                """
                SELECT experiment_id, name FROM experiments
                WHERE workspace_id = \(workspace.key) AND experiment_id \(anyOf: experiments)
                """
            ) { names[Subject(workspace, "experiment/\($0.int(0))")] = $0.text(1) }
        }
        return names
    }
}

extension Tracking {
    /// What goes on in all workspaces that somebody may read.
    ///
    /// - Parameter callers: Who asks, once for each of the workspaces.
    /// - Returns: The store.
    package func overview(for callers: [Caller]) -> OverviewStore {
        OverviewStore(tracking: self, callers: callers)
    }
}
