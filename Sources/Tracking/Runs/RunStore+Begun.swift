import Core
import Database

/// How far somebody who watches for new runs has been told of them.
package struct RunCursor: Sendable, Hashable {
    fileprivate let key: Int64
    /// The runs that need not be told of any more, since a run may become visible after one that began later.
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
            let newest = try connection.first("SELECT COALESCE(MAX(run_key), 0) FROM runs") { $0.int(0) } ?? 0
            guard let cursor else {
                // What is there already is no news, also where one looks back.
                let known = try active(in: experiment, behind: newest - Self.lookBack, limit, connection)
                return ([], RunCursor(key: newest, told: known.map(\.id)))
            }
            let behind = cursor.key - Self.lookBack
            let rows = try active(in: experiment, behind: behind, limit + cursor.told.count, connection)
            let told = Set(cursor.told)
            let new = rows.filter { !told.contains($0.id) }
            let remembered = (cursor.told + new.map(\.id)).suffix(Int(2 * Self.lookBack))
            // Where all was read, what others began need not be looked through again.
            let isAll = rows.count < limit + cursor.told.count
            let reached = isAll ? newest : rows.last?.key ?? newest
            let next = RunCursor(key: max(cursor.key, reached), told: Array(remembered))
            return (new.map(\.id), next)
        }
    }

    /// The newest by their keys; the sign keeps SQLite from going through all runs of the experiment.
    private func active(
        in experiment: Int64,
        behind key: Int64,
        _ limit: Int,
        _ connection: any Connection
    ) throws -> [(key: Int64, id: String)] {
        try connection.rows(
            """
            SELECT r.run_key, r.run_uuid FROM runs r JOIN experiments e ON e.experiment_key = +r.experiment_key
            WHERE r.run_key > \(key) AND e.workspace_id = \(caller.workspace.key)
                AND e.experiment_id = \(experiment) AND r.lifecycle_stage = 'active'
                \(caller.reaches("e.experiment_id"))
            ORDER BY r.run_key LIMIT \(limit)
            """
        ) { ($0.int(0), $0.text(1)) }
    }
}
