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

    package func sql(after values: [Value]?, limit: Int, passing: Int = 0) -> SQL {
        let selected = ([key] + columns.map(\.expression)).joined(separator: ", ")
        return """
            SELECT \(selected)
            \(source)
            WHERE \(condition(after: values))
            ORDER BY \(columns.orderBy)
            LIMIT \(limit)\(passing > 0 ? " OFFSET \(passing)" : "" as SQL)
            """
    }

    /// How many rows there are behind some values.
    package func count(after values: [Value]?, in connection: any Connection) throws -> Int {
        try connection.first("SELECT COUNT(*) \(source) WHERE \(condition(after: values))") { Int($0.int(0)) }
            ?? 0
    }

    /// The rows behind some values and behind so many that are passed over.
    package func rows(
        after values: [Value]?,
        limit: Int,
        passing: Int = 0,
        in connection: any Connection
    ) throws -> [SortedRow] {
        try connection.rows(sql(after: values, limit: limit, passing: passing)) { row in
            var values: [Value] = []
            values.reserveCapacity(columns.count)
            for (index, column) in columns.enumerated() { values.append(column.value(row, index + 1)) }
            return SortedRow(key: row.int(0), values: values)
        }
    }

    func condition(after values: [Value]?) -> SQL {
        (conditions + [values.flatMap { columns.condition(after: $0) }].compactMap { $0 })
            .joined(separator: " AND ")
    }
}
