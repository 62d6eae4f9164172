/// Which values of runs a table shows.
package struct RunColumns: Sendable, Hashable {
    package let metrics: [String]
    package let params: [String]
    package let tags: [String]

    package init(metrics: [String], params: [String], tags: [String]) {
        self.metrics = metrics
        self.params = params
        self.tags = tags
    }
}

/// A run with the values of the columns that were asked for, in their order; nil where it has none.
package struct RunCells: Sendable {
    package let info: RunInfo
    package fileprivate(set) var metrics: [Double?]
    package fileprivate(set) var params: [String?]
    package fileprivate(set) var tags: [String?]
}

/// A page of a table, and what to ask the next one with; nil at the end.
package struct RunTablePage: Sendable {
    package let rows: [RunCells]
    package let next: String?

    package init(rows: [RunCells], next: String?) {
        self.rows = rows
        self.next = next
    }
}

extension RunCells {
    init(_ info: RunInfo, _ columns: RunColumns) {
        self.info = info
        metrics = Array(repeating: nil, count: columns.metrics.count)
        params = Array(repeating: nil, count: columns.params.count)
        tags = Array(repeating: nil, count: columns.tags.count)
    }

    mutating func set(metric place: Int, _ value: Double) { metrics[place] = value }
    mutating func set(param place: Int, _ value: String) { params[place] = value }
    mutating func set(tag place: Int, _ value: String) { tags[place] = value }
}
