import Core
import Database

extension ExperimentStore {
    /// The active experiments whose name contains a text, whatever the case of its letters a to z.
    ///
    /// - Parameters:
    ///   - text: What the name contains; empty for any.
    ///   - limit: How many at the most.
    /// - Returns: Ids and names, the newest first.
    /// - Throws: `DatabaseError` where the database fails.
    package func find(containing text: String, limit: Int) async throws -> [(id: Int64, name: String)] {
        guard !text.utf8.contains(0) else { return [] }
        let pattern = LikePattern(containing: LikePattern.smallLetters(of: text)).text
        return try await tracking.database.read { connection in
            try connection.rows(
                """
                SELECT experiment_id, name FROM experiments
                WHERE workspace_id = \(caller.workspace.key) AND lifecycle_stage = 'active' \(caller.reaches("experiment_id"))
                    AND lower(name) LIKE \(pattern) ESCAPE '!'
                ORDER BY experiment_key DESC
                LIMIT \(limit)
                """
            ) { ($0.int(0), $0.text(1)) }
        }
    }
}
