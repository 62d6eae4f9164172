package import Core
import Database

/// Which experiments a list shows, and in which order.
package struct ExperimentListing: Sendable {
    package enum Order: String, Sendable, CaseIterable {
        case name, created, runs, activity
    }

    /// What their names contain, in any case; empty for all.
    package let text: String
    package let stage: LifecycleStage
    package let order: Order
    package let isDescending: Bool
    package let page: PageRequest

    package init(
        text: String,
        stage: LifecycleStage,
        order: Order,
        isDescending: Bool,
        page: PageRequest
    ) {
        self.text = text
        self.stage = stage
        self.order = order
        self.isDescending = isDescending
        self.page = page
    }
}

/// An experiment with what its runs are, as lists tell it.
package struct ListedExperiment: Sendable {
    package let experiment: Experiment
    /// Runs in the stage of life that the experiment is in.
    package let runCount: Int
    package let runningCount: Int
    /// When the last of its runs began; that of the experiment's own last change where there is none.
    package let lastActivity: Int64
}

extension ExperimentStore {
    /// One page of the experiments with their counts of runs.
    package func list(_ listing: ExperimentListing) async throws -> ListPage<ListedExperiment> {
        try await tracking.database.read { connection in
            let matching: SQL =
                """
                \(caller.workspace.key) AND e.lifecycle_stage = \(listing.stage.rawValue)
                    \(caller.reaches("e.experiment_id"))
                """
            let named: SQL =
                listing.text.isEmpty
                ? ""
                : "AND lower(e.name) LIKE \(LikePattern(containing: LikePattern.smallLetters(of: listing.text)).text) ESCAPE '!'"
            let keys = try connection.rows(
                """
                SELECT e.experiment_key FROM experiments e
                WHERE e.workspace_id = \(matching) \(named)
                ORDER BY \(listing.sorting), e.experiment_key
                LIMIT \(listing.page.limit) OFFSET \(listing.page.offset)
                """
            ) { $0.int(0) }
            let total = try connection.first(
                "SELECT COUNT(*) FROM experiments e WHERE e.workspace_id = \(matching) \(named)"
            ) { Int($0.int(0)) }
            let experiments = try load(keys, in: connection)
            let listed = try zip(keys, experiments).map { key, experiment in
                try count(runsOf: experiment, key, in: connection)
            }
            return ListPage(listed, total: total ?? 0)
        }
    }

    /// An experiment with its counts of runs.
    ///
    /// - Throws: `Failure.missing`.
    package func counted(_ id: Int64) async throws -> ListedExperiment {
        let experiment = try await get(id)
        return try await tracking.database.read { connection in
            let key = try connection.first(
                """
                SELECT experiment_key FROM experiments
                WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(id) \(caller.reaches("experiment_id"))
                """
            ) { $0.int(0) }
            guard let key else { throw Failure.missing("No Experiment with id=\(id) exists") }
            return try count(runsOf: experiment, key, in: connection)
        }
    }

    /// The running ones are counted among the newest runs: a run that never ended is not worth a walk through all.
    private func count(
        runsOf experiment: Experiment,
        _ key: Int64,
        in connection: any Connection
    ) throws -> ListedExperiment {
        let stage = experiment.stage.rawValue
        let runs = try connection.first(
            """
            SELECT COUNT(*), MAX(start_time) FROM runs
            WHERE experiment_key = \(key) AND lifecycle_stage = \(stage)
            """
        ) { (count: Int($0.int(0)), last: $0.optionalInt(1)) }
        let running = try connection.first(
            """
            SELECT COUNT(*) FROM (
                SELECT status FROM runs WHERE experiment_key = \(key) AND lifecycle_stage = \(stage)
                ORDER BY start_time DESC, run_uuid LIMIT 1000
            ) newest
            WHERE status = \(RunStatus.running.rawValue)
            """
        ) { Int($0.int(0)) }
        return ListedExperiment(
            experiment: experiment,
            runCount: runs?.count ?? 0,
            runningCount: running ?? 0,
            lastActivity: runs?.last ?? experiment.lastUpdateTime
        )
    }
}

extension ExperimentListing {
    fileprivate var sorting: SQL {
        let direction: SQL = isDescending ? "DESC" : "ASC"
        let runs: SQL =
            "FROM runs r WHERE r.experiment_key = e.experiment_key AND r.lifecycle_stage = \(stage.rawValue)"
        return switch order {
        case .name: "lower(e.name) \(direction), e.name \(direction)"
        case .created: "e.creation_time \(direction)"
        case .runs: "(SELECT COUNT(*) \(runs)) \(direction)"
        case .activity: "COALESCE((SELECT MAX(r.start_time) \(runs)), e.last_update_time) \(direction)"
        }
    }
}
