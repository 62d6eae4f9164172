import Core
import Database

extension RunStore {
    /// As many runs a page may pass over, from the place that is known to the one that is wanted.
    package static let mostPassed = 1_000_000

    /// One page of a table of runs: as `search`, but with only the values of the columns.
    ///
    /// - Parameters:
    ///   - search: What was asked.
    ///   - columns: Which values are read.
    ///   - passing: How many runs behind the token are passed over, so that a reader may jump.
    /// - Returns: The page.
    /// - Throws: `Failure.invalid` for a wrong filter, order or token.
    package func table(
        _ search: RunSearch,
        columns: RunColumns,
        passing: Int = 0
    ) async throws -> RunTablePage {
        guard (0...Self.mostPassed).contains(passing) else {
            throw Failure.invalid("'skip' is a number from 0 to \(Self.mostPassed), not \(passing).")
        }
        let (page, wishes) = try await database.read { connection in
            let (page, wishes) = try found(by: search, passing: passing, in: connection)
            let rows = try cells(of: page.keys, columns, in: connection)
            return (RunTablePage(rows: rows, next: page.next), wishes)
        }
        for (experiment, names) in wishes { tracking.sorter.wish(names, of: experiment) }
        return page
    }

    /// The values of runs that are known, in the order of the ids; runs that are not there are left out.
    package func cells(of ids: [String], columns: RunColumns) async throws -> [RunCells] {
        try await database.read { connection in
            let keys = try ids.compactMap { try find($0, in: connection)?.key }
            return try cells(of: keys, columns, in: connection)
        }
    }

    private func cells(
        of keys: [Int64],
        _ columns: RunColumns,
        in connection: any Connection
    ) throws -> [RunCells] {
        guard !keys.isEmpty else { return [] }
        let reader = RunReader(names: names, connection: connection)
        var rows: [Int64: RunCells] = [:]
        try reader.readInfos(keys) { rows[$0] = RunCells($1, columns) }
        let metrics = try places(of: columns.metrics, in: connection)
        if !metrics.isEmpty {
            try connection.forEach(
                """
                SELECT run_key, name_id, value, is_nan FROM latest_metrics
                WHERE run_key \(oneOf: keys) AND name_id \(oneOf: Array(metrics.keys))
                """
            ) { row in
                guard let place = metrics[row.int(1)] else { return }
                rows[row.int(0)]?.set(metric: place, row.bool(3) ? .nan : row.double(2))
            }
        }
        for (table, wanted, isParam) in [("params", columns.params, true), ("tags", columns.tags, false)]
            as [(SQL, [String], Bool)]
        {
            let places = try places(of: wanted, in: connection)
            guard !places.isEmpty else { continue }
            try connection.forEach(
                """
                SELECT run_key, name_id, value FROM \(table)
                WHERE run_key \(oneOf: keys) AND name_id \(oneOf: Array(places.keys))
                """
            ) { row in
                guard let place = places[row.int(1)] else { return }
                if isParam {
                    rows[row.int(0)]?.set(param: place, row.text(2))
                } else {
                    rows[row.int(0)]?.set(tag: place, row.text(2))
                }
            }
        }
        return keys.compactMap { rows[$0] }
    }

    /// Where each name stands among the columns, by its number; a name that nothing carries has none.
    private func places(of columns: [String], in connection: any Connection) throws -> [Int64: Int] {
        var places: [Int64: Int] = [:]
        for (place, name) in columns.enumerated() {
            if let id = try names.find(name, in: connection) { places[id] = place }
        }
        return places
    }
}
