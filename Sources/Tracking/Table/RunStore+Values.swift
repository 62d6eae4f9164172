import Core
import Database

extension RunStore {
    /// A value and how many runs have it.
    package struct CountedValue: Sendable, Hashable {
        /// Nil for runs that have none.
        package let value: String?
        package let runCount: Int
    }

    /// As many of the newest runs are looked at for values.
    private static let mostGrouped = 100_000

    /// The most frequent values of a param, a tag or an attribute among runs.
    ///
    /// - Parameters:
    ///   - field: What it is the value of, as filters name it, such as `params.lr`.
    ///   - selection: Which runs are looked at; the newest 100 000 of them.
    ///   - limit: How many values at the most.
    /// - Returns: The values, most frequent first; with the runs that have none, at its place by count.
    /// - Throws: `Failure.invalid` for a wrong filter or field, and for metrics, which have too many values.
    package func values(
        of field: String,
        _ selection: RunSelection,
        limit: Int
    ) async throws -> [CountedValue] {
        let (filter, field) = (try RunFilter.parse(selection.filter), try countedField(field))
        return try await database.read { connection in
            let source = try source(of: field, selection, filter, in: connection)
            return try connection.rows(
                """
                SELECT \(source.value), COUNT(*) FROM \(source.runs)
                GROUP BY \(source.value) ORDER BY 2 DESC, 1 LIMIT \(limit)
                """
            ) { CountedValue(value: $0.optionalText(0), runCount: Int($0.int(1))) }
        }
    }

    /// The field that a name means.
    func countedField(_ name: String) throws(Failure) -> RunField { try RunOrder([name]).terms[0].field }

    /// The runs as a table `r`, joined with what holds a field, and its value there.
    func source(
        of field: RunField,
        _ selection: RunSelection,
        _ filter: Filter<RunField>?,
        in connection: any Connection
    ) throws -> (runs: SQL, value: SQL) {
        let (join, value) = try source(of: field, in: connection)
        let runs: SQL = """
            (
                SELECT r.run_key, r.run_uuid, r.name, r.user_id, r.status, r.artifact_uri FROM runs r
                WHERE \(try conditions(selection, filter, in: connection))
                ORDER BY r.start_time DESC, r.run_uuid LIMIT \(Self.mostGrouped)
            ) r
            \(join)
            """
        return (runs, value)
    }

    private func source(of field: RunField, in connection: any Connection) throws -> (join: SQL, value: SQL) {
        switch field {
        case .attribute(let attribute) where !attribute.isNumeric: return ("", attribute.column)
        case .param(let key): return try joined("params", key, in: connection)
        case .tag(let key): return try joined("tags", key, in: connection)
        case .attribute, .metric, .dataset:
            throw Failure.invalid("Values are counted of params, tags and attributes that are text.")
        }
    }

    private func joined(
        _ table: SQL,
        _ key: String,
        in connection: any Connection
    ) throws -> (join: SQL, value: SQL) {
        let id = try names.find(key, in: connection) ?? -1
        return ("LEFT JOIN \(table) v ON v.run_key = r.run_key AND v.name_id = \(id)", "v.value")
    }
}
