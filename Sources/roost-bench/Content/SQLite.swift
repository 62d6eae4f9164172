import GRDBSQLite

/// A SQLite file opened by the C interface, for filling peers and for the limit of raw inserts.
final class SQLite {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
        try check(sqlite3_open(path, &handle))
        sqlite3_busy_timeout(handle, 10_000)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    func run(_ text: String) throws {
        try check(sqlite3_exec(handle, text, nil, nil, nil))
    }

    func prepare(_ text: String) throws -> Statement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, text, -1, &statement, nil))
        return Statement(statement)
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else {
            throw BenchFailure("SQLite: \(String(cString: sqlite3_errmsg(handle)))")
        }
    }

    /// A prepared statement that is run again and again with other values.
    final class Statement {
        private let handle: OpaquePointer?

        fileprivate init(_ handle: OpaquePointer?) {
            self.handle = handle
        }

        deinit {
            sqlite3_finalize(handle)
        }

        func run(_ values: any SQLiteValue...) throws {
            for (index, value) in values.enumerated() { value.bind(to: handle, at: Int32(index + 1)) }
            let code = sqlite3_step(handle)
            guard code == SQLITE_DONE || code == SQLITE_ROW else {
                throw BenchFailure("SQLite: \(String(cString: sqlite3_errstr(code)))")
            }
            sqlite3_reset(handle)
        }
    }
}

/// A value that a statement takes.
protocol SQLiteValue {
    func bind(to statement: OpaquePointer?, at index: Int32)
}

extension Int: SQLiteValue {
    func bind(to statement: OpaquePointer?, at index: Int32) {
        sqlite3_bind_int64(statement, index, Int64(self))
    }
}

extension Double: SQLiteValue {
    func bind(to statement: OpaquePointer?, at index: Int32) {
        sqlite3_bind_double(statement, index, self)
    }
}

extension String: SQLiteValue {
    func bind(to statement: OpaquePointer?, at index: Int32) {
        // SQLITE_TRANSIENT: the text is copied before this returns.
        sqlite3_bind_text(
            statement,
            index,
            self,
            Int32(utf8.count),
            unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        )
    }
}
