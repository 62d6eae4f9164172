internal import Database

/// A key and the values that its row is sorted by.
struct SortedRow {
    let key: Int64
    let values: [Value]
}

/// A query that answers keys in order and can go on behind any of them.
struct SortedQuery {
    let key: SQL
    /// From `FROM` on, with the joins.
    let source: SQL
    let conditions: [SQL]
    let columns: [SortColumn]

    func sql(after values: [Value]?, limit: Int) -> SQL {
        let selected = ([key] + columns.map(\.expression)).joined(separator: ", ")
        let conditions = conditions + [values.flatMap { columns.condition(after: $0) }].compactMap { $0 }
        return """
            SELECT \(selected)
            \(source)
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(columns.orderBy)
            LIMIT \(limit)
            """
    }

    func rows(after values: [Value]?, limit: Int, in connection: any Connection) throws -> [SortedRow] {
        try connection.rows(sql(after: values, limit: limit)) { row in
            var values: [Value] = []
            for (index, column) in columns.enumerated() { values.append(column.value(row, index + 1)) }
            return SortedRow(key: row.int(0), values: values)
        }
    }
}
