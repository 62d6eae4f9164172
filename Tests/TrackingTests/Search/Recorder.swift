import Database

/// A connection that keeps what is asked.
final class Recorder: Connection {
    private let inner: any Connection
    private(set) var queries: [SQL] = []

    init(_ inner: any Connection) {
        self.inner = inner
    }

    var dialect: Dialect { inner.dialect }
    var nowMs: Int64 { inner.nowMs }

    func forEach(_ query: SQL, _ body: (borrowing Row) throws -> Void) throws {
        queries.append(query)
        try inner.forEach(query, body)
    }

    func execute(_ statement: SQL) throws -> Int {
        try inner.execute(statement)
    }

    func insert(
        into table: String,
        _ columns: [String],
        values: [Value],
        _ conflict: SQL
    ) throws -> Int {
        try inner.insert(into: table, columns, values: values, conflict)
    }

    func afterCommit(_ body: @escaping @Sendable () -> Void) {
        inner.afterCommit(body)
    }
}
