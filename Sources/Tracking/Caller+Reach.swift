import Core
import Database

/// Conditions that hold queries to what a caller reaches; empty for whose role in the workspace is enough.
///
/// Security: what is not reached is to every query as what is not there.
extension Caller {
    /// Behind other conditions: that the number of an experiment, in a column, is one of those that the caller reaches.
    func reaches(_ experimentID: SQL) -> SQL {
        guard let ids = reachedExperiments else { return "" }
        return "AND \(experimentID) \(anyOf: ids)"
    }

    /// Behind other conditions: that the key of an experiment, in a column, is that of one that the caller reaches.
    func reaches(key column: SQL) -> SQL {
        guard let ids = reachedExperiments else { return "" }
        return """
            AND \(column) IN (
                SELECT experiment_key FROM experiments
                WHERE workspace_id = \(workspace.key) AND experiment_id \(anyOf: ids)
            )
            """
    }
}
