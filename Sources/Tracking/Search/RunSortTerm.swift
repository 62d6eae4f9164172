internal import Database

/// A term of a run search's order as SQL: the table that it needs beside `runs`, and its columns.
struct RunSortTerm {
    let join: SQL
    let columns: [SortColumn]

    /// - Parameters:
    ///   - term: The term.
    ///   - alias: What its table is called in the query.
    ///   - nameID: The key of a name; nil for one that nothing has.
    init(_ term: RunOrder.Term, alias: SQL, nameID: (String) throws -> Int64?) rethrows {
        switch term.field {
        case .attribute(let attribute):
            join = ""
            columns = attribute.sortColumns(isAscending: term.isAscending)
        case .metric(let key):
            guard let id = try nameID(key) else {
                (join, columns) = ("", Self.missing(.real, rank: 2))
                return
            }
            join =
                "LEFT JOIN latest_metrics \(alias) ON \(alias).run_key = r.run_key AND \(alias).name_id = \(id)"
            columns = [
                SortColumn(
                    "CASE WHEN \(alias).value IS NULL THEN 2 WHEN \(alias).is_nan THEN 1 ELSE 0 END",
                    .integer
                ),
                SortColumn("\(alias).value", .real, isAscending: term.isAscending),
            ]
        case .param(let key):
            (join, columns) = Self.text("params", try nameID(key), alias, isAscending: term.isAscending)
        case .tag(let key):
            (join, columns) = Self.text("tags", try nameID(key), alias, isAscending: term.isAscending)
        case .dataset:
            preconditionFailure("RunOrder refuses datasets")
        }
    }

    /// The columns of a value where its rank is already known.
    static func columns(
        of kind: SortedNames.Kind,
        _ alias: SQL,
        rank: Int,
        isAscending: Bool
    ) -> [SortColumn] {
        let rankColumn = SortColumn(SQL(trusted: "\(rank)"), .integer, isFixed: true)
        return switch (kind, rank) {
        case (.metric, 0): [rankColumn, SortColumn("\(alias).value", .real, isAscending: isAscending)]
        case (.metric, 1): [rankColumn, SortColumn("0", .real, isFixed: true)]
        case (.metric, _): missing(.real, rank: rank)
        case (.param, 0), (.tag, 0):
            [rankColumn, SortColumn("\(alias).value", .text, isAscending: isAscending)]
        case (.param, _), (.tag, _): missing(.text, rank: rank)
        }
    }

    private static func text(
        _ table: SQL,
        _ id: Int64?,
        _ alias: SQL,
        isAscending: Bool
    ) -> (SQL, [SortColumn]) {
        guard let id else { return ("", missing(.text, rank: 1)) }
        return (
            "LEFT JOIN \(table) \(alias) ON \(alias).run_key = r.run_key AND \(alias).name_id = \(id)",
            SortColumn.missingLast("\(alias).value", .text, isAscending: isAscending)
        )
    }

    private static func missing(_ kind: SortColumn.Kind, rank: Int) -> [SortColumn] {
        [
            SortColumn(SQL(trusted: "\(rank)"), .integer, isFixed: true),
            SortColumn("NULL", kind, isFixed: true),
        ]
    }
}

extension SortColumn {
    /// The two columns of an expression that may be NULL: NULL comes last in both directions.
    static func missingLast(_ expression: SQL, _ kind: Kind, isAscending: Bool) -> [SortColumn] {
        [
            SortColumn("CASE WHEN \(expression) IS NULL THEN 1 ELSE 0 END", .integer),
            SortColumn(expression, kind, isAscending: isAscending),
        ]
    }
}

extension RunField.Attribute {
    fileprivate func sortColumns(isAscending: Bool) -> [SortColumn] {
        switch self {
        case .runID, .runName, .userID, .status, .artifactURI:
            [SortColumn(column, .text, isAscending: isAscending)]
        case .startTime: [SortColumn(column, .integer, isAscending: isAscending)]
        case .endTime, .duration: SortColumn.missingLast(column, .integer, isAscending: isAscending)
        }
    }
}
