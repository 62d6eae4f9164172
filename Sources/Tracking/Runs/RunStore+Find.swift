import Core
import Database

/// A run, as far as somebody needs it who looks for one.
package struct FoundRun: Sendable, Hashable {
    package let id: String
    package let name: String
    package let experimentName: String
}

extension RunStore {
    /// The active runs whose name or id begins with a text, whatever the case of its letters a to z.
    ///
    /// - Parameters:
    ///   - start: How they begin; empty for none.
    ///   - limit: How many at the most.
    /// - Returns: Those of the id first, then by name.
    /// - Throws: `DatabaseError` where the database fails.
    package func find(beginningWith start: String, limit: Int) async throws -> [FoundRun] {
        let start = LikePattern.smallLetters(of: start)
        guard !start.isEmpty, !start.utf8.contains(0) else { return [] }
        // Nothing comes behind the last code point, and no name begins with it.
        let end = start + "\u{10FFFF}"
        return try await database.read { connection in
            let byID = try runs(
                "r.run_uuid >= \(start) AND r.run_uuid < \(end)",
                by: "r.run_uuid",
                limit,
                in: connection
            )
            let byName = try runs(
                Self.names(beginningWith: start),
                by: Self.indexedName,
                limit,
                in: connection
            )
            let known = Set(byID.map(\.id))
            return Array((byID + byName.filter { !known.contains($0.id) }).prefix(limit))
        }
    }

    /// As much of a name as the index has.
    private static let indexedName: SQL = "substr(lower(r.name), 1, 250)"
    private static let indexedLength = 250

    private static func names(beginningWith start: String) -> SQL {
        let indexed = NameRules.truncated(start, limit: indexedLength)
        let condition: SQL =
            "\(indexedName) >= \(indexed) AND \(indexedName) < \(indexed + "\u{10FFFF}")"
        guard indexed.utf8.count < start.utf8.count else { return condition }
        return "\(condition) AND lower(r.name) >= \(start) AND lower(r.name) < \(start + "\u{10FFFF}")"
    }

    private func runs(
        _ condition: SQL,
        by order: SQL,
        _ limit: Int,
        in connection: any Connection
    ) throws -> [FoundRun] {
        try connection.rows(
            """
            SELECT r.run_uuid, r.name, e.name
            FROM runs r JOIN experiments e ON e.experiment_key = r.experiment_key
            WHERE r.workspace_id = \(caller.workspace.key) AND r.lifecycle_stage = 'active' AND \(condition)
                \(caller.reaches("e.experiment_id"))
            ORDER BY \(order)
            LIMIT \(limit)
            """
        ) { FoundRun(id: $0.text(0), name: $0.text(1), experimentName: $0.text(2)) }
    }

    /// What runs are called, by their ids; runs that are not there have no name.
    ///
    /// - Parameter ids: The runs.
    /// - Returns: The names.
    /// - Throws: `DatabaseError` where the database fails.
    package func names(of ids: [String]) async throws -> [String: String] {
        let known = ids.filter { !$0.isEmpty && !$0.utf8.contains(0) }
        guard !known.isEmpty else { return [:] }
        return try await database.glance { connection in
            let rows = try connection.rows(
                """
                SELECT run_uuid, name FROM runs
                WHERE workspace_id = \(caller.workspace.key) AND run_uuid \(anyOf: known) \(caller.reaches(key: "experiment_key"))
                """
            ) { ($0.text(0), $0.text(1)) }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }
}
