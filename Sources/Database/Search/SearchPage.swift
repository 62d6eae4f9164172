/// One page of a search.
package struct SearchPage: Sendable, Equatable {
    /// Keys of the rows found, in order.
    package let keys: [Int64]
    /// What to ask the next page with; nil on the last.
    package let next: String?

    /// What the rows are sorted by, which is what a token of each begins behind.
    private let values: [[Value]]
    private let search: String

    /// Asks for one row more than the page holds, to know whether another page follows.
    package init(
        after token: String?,
        of search: String,
        columns: [SortColumn],
        limit: Int,
        rows: (_ after: [Value]?, _ limit: Int) throws -> [SortedRow]
    ) throws {
        var values: [Value]?
        if let token, !token.isEmpty {
            values = try PageToken(token, search: search, kinds: columns.map(\.kind)).values
        }
        let found = try rows(values, limit + 1)
        keys = found.prefix(limit).map(\.key)
        next = found.count > limit ? PageToken(values: found[limit - 1].values).text(search: search) : nil
        self.values = found.prefix(limit).map(\.values)
        self.search = search
    }

    /// What to ask the next page with where this one ends behind some of its rows.
    package func next(after count: Int) -> String? {
        guard count < keys.count else { return next }
        return PageToken(values: values[count - 1]).text(search: search)
    }
}
