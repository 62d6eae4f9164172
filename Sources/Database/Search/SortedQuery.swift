/// A key and the values that its row is sorted by.
package struct SortedRow {
    package let key: Int64
    package let values: [Value]

    package init(key: Int64, values: [Value]) {
        self.key = key
        self.values = values
    }
}

/// A query that answers keys in order and can go on behind any of them.
package struct SortedQuery {
    package let key: SQL
    /// From `FROM` on, with the joins.
    package let source: SQL
    package let conditions: [SQL]
    package let columns: [SortColumn]

    package init(key: SQL, source: SQL, conditions: [SQL], columns: [SortColumn]) {
        self.key = key
        self.source = source
        self.conditions = conditions
        self.columns = columns
    }

    package func sql(after values: [Value]?, limit: Int) -> SQL {
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

    package func rows(after values: [Value]?, limit: Int, in connection: any Connection) throws -> [SortedRow]
    {
        try connection.rows(sql(after: values, limit: limit)) { row in
            var values: [Value] = []
            for (index, column) in columns.enumerated() { values.append(column.value(row, index + 1)) }
            return SortedRow(key: row.int(0), values: values)
        }
    }
}
