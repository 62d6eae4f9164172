/// One page of a search.
package struct SearchPage: Sendable, Equatable {
    /// Keys of the rows found, in order.
    package let keys: [Int64]
    /// What to ask the next page with; nil on the last.
    package let next: String?

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
    }
}
