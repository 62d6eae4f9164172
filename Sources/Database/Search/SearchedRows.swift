/// What a search finds, read whole where it is found rather than once more by its keys.
///
/// No type of its elements is known here: code that is generic over them would not be specialized for another module, and
/// take twice as long for each row.
package protocol SearchedRows: AnyObject {
    /// What is selected of each row.
    static var columns: SQL { get }

    /// Where an index has the rows in the order of the first column and few are the same there, these alone are sorted, and
    /// here: SQLite would put every row into a sorter of its own, which takes as long as to find it.
    var areNearlySorted: Bool { get }

    /// About how many more rows there is room for.
    var room: Int { get }

    /// Takes a row.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - first: The number of the first of `columns` in it.
    func append(_ row: borrowing Row, from first: Int)

    /// Adds what lies in other tables to the last rows.
    ///
    /// - Parameter keys: Their keys.
    /// - Returns: How many of all rows the page has room for, at least one.
    /// - Throws: `DatabaseError` where the database fails.
    func completeLast(_ keys: [Int64]) throws -> Int

    /// Keeps so many from the beginning.
    func cut(to count: Int)

    /// The values that a row is sorted by.
    func position(of row: Int) -> [Value]

    /// Whether a row comes before another in the order of the search.
    func isBefore(_ first: Int, _ second: Int) -> Bool

    /// Puts some rows into the order that is given by their places.
    func arrange(_ rows: Range<Int>, as order: [Int])
}

extension SortedQuery {
    /// Reads one page of a search.
    ///
    /// - Parameters:
    ///   - page: Takes the rows, in order.
    ///   - token: The token that came with the page before; nil or empty for the first.
    ///   - search: The mark of the search.
    ///   - limit: The most on one page.
    ///   - connection: Where.
    /// - Returns: The token of the next page; nil on the last.
    /// - Throws: `Failure.invalid` for a token that does not belong to this search.
    package func read(
        _ page: some SearchedRows,
        after token: String?,
        of search: String,
        limit: Int,
        in connection: any Connection
    ) throws -> String? {
        var position: [Value]?
        if let token, !token.isEmpty {
            position = try PageToken(token, search: search, kinds: columns.map(\.kind)).values
        }
        var count = 0
        while true {
            let wanted = min(page.room, limit - count)
            // One more, to know whether another follows.
            var keys = try sweep(page, from: count, after: position, limit: wanted + 1, in: connection)
            let hasMore = keys.count > wanted
            if hasMore {
                keys.removeLast()
                page.cut(to: count + wanted)
            }
            let end = count + keys.count
            if !keys.isEmpty { count = try page.completeLast(keys) }
            page.cut(to: count)
            guard count > 0, hasMore || count < end else { return nil }
            let last = page.position(of: count - 1)
            if count < end || count == limit { return PageToken(values: last).text(search: search) }
            position = last
        }
    }

    /// - Returns: The keys of the rows that the page has now behind its first.
    private func sweep(
        _ page: some SearchedRows,
        from start: Int,
        after position: [Value]?,
        limit: Int,
        in connection: any Connection
    ) throws -> [Int64] {
        var ties = Ties()
        guard page.areNearlySorted else {
            try read(page, after: position, limit: limit, by: columns, into: &ties, in: connection)
            return ties.keys
        }
        try read(page, after: position, limit: limit, by: [columns[0]], into: &ties, in: connection)
        // More may be the same as the last one than were read, and come before it.
        if ties.keys.count == limit, let last = ties.values.last,
            let first = ties.values.firstIndex(of: last), first < limit - 1
        {
            ties.cut(to: first)
            page.cut(to: start + first)
            let condition: SQL = "\(columns[0].expression) = \(last)"
            try read(
                page,
                after: position,
                limit: limit - first,
                by: columns,
                where: condition,
                into: &ties,
                in: connection
            )
        }
        ties.sort(page, from: start)
        return ties.keys
    }

    private func read(
        _ page: some SearchedRows,
        after position: [Value]?,
        limit: Int,
        by order: [SortColumn],
        where more: SQL? = nil,
        into ties: inout Ties,
        in connection: any Connection
    ) throws {
        let selected = [key] + columns.map(\.expression) + [type(of: page).columns]
        let condition = [condition(after: position), more].compactMap { $0 }.joined(separator: " AND ")
        let query: SQL = """
            SELECT \(selected.joined(separator: ", ")) \(source)
            WHERE \(condition) ORDER BY \(order.orderBy) LIMIT \(limit)
            """
        try connection.forEach(query) { row in
            ties.keys.append(row.int(0))
            ties.values.append(columns[0].value(row, 1))
            page.append(row, from: columns.count + 1)
        }
    }
}

/// The rows of a sweep, and the first of the values that each is sorted by.
private struct Ties {
    var keys: [Int64] = []
    var values: [Value] = []

    mutating func cut(to count: Int) {
        keys.removeLast(keys.count - count)
        values.removeLast(values.count - count)
    }

    /// Puts those into order that are the same in the first value.
    mutating func sort(_ page: some SearchedRows, from start: Int) {
        var first = 0
        while first < keys.count {
            let end = values[first...].firstIndex { $0 != values[first] } ?? keys.count
            if end - first > 1 {
                let order = (start + first..<start + end).sorted(by: page.isBefore)
                page.arrange(start + first..<start + end, as: order)
                keys.replaceSubrange(first..<end, with: order.map { keys[$0 - start] })
            }
            first = end
        }
    }
}
