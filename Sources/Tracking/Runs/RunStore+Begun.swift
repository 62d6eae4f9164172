import Core
import Database

/// How far somebody who watches for new runs has been told of them.
package struct RunCursor: Sendable, Hashable {
    fileprivate let key: Int64
    /// The runs that were told of last, since a run may become visible after one that began later.
    fileprivate let told: [String]
}

extension RunStore {
    /// Transactions that began runs at the same time become visible in any order, so as many keys are looked at again.
    private static let lookBack: Int64 = 64

    /// The active runs of an experiment that were begun since the caller asked before, oldest first.
    ///
    /// - Parameters:
    ///   - experiment: Its number; no experiment has no runs.
    ///   - cursor: What the answer before came with; nil to begin now.
    ///   - limit: How many runs at the most; the next answer goes on behind them.
    /// - Returns: Their ids, and how far they go.
    /// - Throws: `DatabaseError`.
    package func begun(
        in experiment: Int64,
        since cursor: RunCursor?,
        limit: Int = 200
    ) async throws -> (ids: [String], cursor: RunCursor) {
        try await database.glance { connection in
            guard let cursor else {
                let newest = try connection.first("SELECT COALESCE(MAX(run_key), 0) FROM runs") { $0.int(0) }
                return ([], RunCursor(key: newest ?? 0, told: []))
            }
            let rows = try connection.rows(
                """
                SELECT r.run_key, r.run_uuid FROM runs r JOIN experiments e ON e.experiment_key = r.experiment_key
                WHERE r.run_key > \(cursor.told.isEmpty ? cursor.key : cursor.key - Self.lookBack)
                    AND e.workspace_id = \(caller.workspace.key) AND e.experiment_id = \(experiment)
                    AND r.lifecycle_stage = 'active'
                ORDER BY r.run_key LIMIT \(Int64(limit + cursor.told.count))
                """
            ) { (key: $0.int(0), id: $0.text(1)) }
            let told = Set(cursor.told)
            let new = rows.filter { !told.contains($0.id) }
            let remembered = (cursor.told + new.map(\.id)).suffix(Int(2 * Self.lookBack))
            let next = RunCursor(key: max(cursor.key, rows.last?.key ?? 0), told: Array(remembered))
            return (new.map(\.id), next)
        }
    }
}
