import Core
import Database

/// The runs of one experiment that a filter lets through, to be counted rather than shown.
package struct RunSelection: Sendable, Hashable {
    package let experiment: Int64
    package let filter: String?
    package let viewType: ViewType

    package init(experiment: Int64, filter: String?, viewType: ViewType) {
        self.experiment = experiment
        self.filter = filter
        self.viewType = viewType
    }
}

extension RunStore {
    /// How many runs there are; the count is exact.
    ///
    /// - Throws: `Failure.invalid` for a wrong filter.
    package func count(_ selection: RunSelection) async throws -> Int {
        let filter = try RunFilter.parse(selection.filter)
        return try await database.read { connection in
            let conditions = try conditions(selection, filter, in: connection)
            return try connection.first("SELECT COUNT(*) FROM runs r WHERE \(conditions)") { Int($0.int(0)) }
                ?? 0
        }
    }

    func conditions(
        _ selection: RunSelection,
        _ filter: Filter<RunField>?,
        in connection: any Connection
    ) throws -> SQL {
        let key = try connection.first(
            """
            SELECT experiment_key FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(selection.experiment)
                \(caller.reaches("experiment_id"))
            """
        ) { $0.int(0) }
        let stages = selection.viewType.stages.map { "\($0.rawValue)" as SQL }.joined(separator: ", ")
        var conditions: [SQL] = ["r.experiment_key = \(key ?? -1)", "r.lifecycle_stage IN (\(stages))"]
        if let filter {
            conditions.append(
                try RunConditions(nameID: { try names.find($0, in: connection) }).sql(for: filter)
            )
        }
        return conditions.joined(separator: " AND ")
    }
}
