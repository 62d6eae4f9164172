internal import GRDBSQLite

/// A connection to an SQLite file inside one transaction, with the statements that it has prepared so far.
///
/// It belongs to one thread at a time: the writer's, or that of the reader which GRDB lent.
final class SQLiteConnection: Connection {
    let handle: OpaquePointer
    private var prepared: [String: OpaquePointer] = [:]
    private(set) var hooks: [@Sendable () -> Void] = []
    var nowMs: Int64 = 0
    /// How often SQLite has said that it is still at work since the body in a hurry began.
    var hurriedTicks = 0
    /// Whether a statement in a hurry was ended, or would have waited.
    var hasGivenUp = false

    /// So long is waited for a lock that another process holds.
    static let patienceMs: Int32 = 10_000
    static let stepsPerTick: Int32 = 1_000
    /// About a millisecond's work.
    private static let mostHurriedTicks = 20

    var dialect: Dialect { .sqlite }

    init(handle: OpaquePointer) {
        self.handle = handle
    }

    /// Lets go of every prepared statement; the connection can be closed then.
    func finalize() {
        for statement in prepared.values { sqlite3_finalize(statement) }
        prepared = [:]
    }

    /// Closes a connection of our own; one of GRDB's is closed by GRDB.
    func close() {
        finalize()
        sqlite3_close_v2(handle)
    }

    /// Whether there is time left for a body in a hurry.
    func tick() -> Bool {
        hurriedTicks += 1
        if hurriedTicks > Self.mostHurriedTicks { hasGivenUp = true }
        return !hasGivenUp
    }

    /// False where SQLite has ended the transaction by itself, as it does when the disk is full.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func forEach(_ query: SQL, _ body: (borrowing Row) throws -> Void) throws {
        let (text, values) = query.rendered(for: .sqlite)
        try withStatement(text) { statement in
            for (index, value) in values.enumerated() {
                try bind(value, to: Int32(index + 1), of: statement, text)
            }
            while true {
                switch sqlite3_step(statement) {
                case SQLITE_ROW: try body(Row(source: .sqlite(statement)))
                case SQLITE_DONE: return
                default: throw failure(text)
                }
            }
        }
    }

    @discardableResult
    func execute(_ statement: SQL) throws -> Int {
        let before = sqlite3_total_changes(handle)
        try forEach(statement) { _ in }
        return Int(sqlite3_total_changes(handle) - before)
    }

    @discardableResult
    func insert(into table: String, _ columns: [String], values: [Value], _ conflict: SQL) throws -> Int {
        precondition(values.count % columns.count == 0, "a row of \(table) lacks values")
        let before = sqlite3_total_changes(handle)
        let (tail, tailValues) = conflict.rendered(for: .sqlite)
        let holes = columns.map { _ in "?" }.joined(separator: ", ")
        let text = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(holes)) \(tail)"
        try withStatement(text) { statement in
            for start in stride(from: 0, to: values.count, by: columns.count) {
                for offset in 0..<columns.count {
                    try bind(values[start + offset], to: Int32(offset + 1), of: statement, text)
                }
                for (offset, value) in tailValues.enumerated() {
                    try bind(value, to: Int32(columns.count + offset + 1), of: statement, text)
                }
                guard sqlite3_step(statement) == SQLITE_DONE else { throw failure(text) }
                sqlite3_reset(statement)
            }
        }
        return Int(sqlite3_total_changes(handle) - before)
    }

    func afterCommit(_ body: @escaping @Sendable () -> Void) {
        hooks.append(body)
    }

    func takeHooks() -> [@Sendable () -> Void] {
        defer { hooks = [] }
        return hooks
    }

    /// Runs a statement that has neither values nor rows, such as `COMMIT`.
    func run(_ text: String) throws {
        try withStatement(text) { statement in
            guard sqlite3_step(statement) == SQLITE_DONE else { throw failure(text) }
        }
    }

    private func withStatement(_ text: String, _ body: (OpaquePointer) throws -> Void) throws {
        // A statement that is running already (a query inside the loop over the same query) gets a twin.
        if let cached = prepared[text], sqlite3_stmt_busy(cached) == 0 {
            defer { reset(cached) }
            return try body(cached)
        }
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw failure(text) }
        if prepared[text] == nil, prepared.count < Self.preparedLimit {
            prepared[text] = statement
            defer { reset(statement) }
            try body(statement)
        } else {
            defer { sqlite3_finalize(statement) }
            try body(statement)
        }
    }

    private static let preparedLimit = 500

    private func reset(_ statement: OpaquePointer) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    private func bind(_ value: Value, to position: Int32, of statement: OpaquePointer, _ text: String) throws
    {
        let status: Int32 =
            switch value {
            case .null: sqlite3_bind_null(statement, position)
            case .integer(let number): sqlite3_bind_int64(statement, position, number)
            case .real(let number): sqlite3_bind_double(statement, position, number)
            case .boolean(let flag): sqlite3_bind_int(statement, position, flag ? 1 : 0)
            case .text(var string):
                string.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) {
                        // The address of nothing would bind NULL.
                        $0.isEmpty
                            ? sqlite3_bind_text(statement, position, "", 0, Self.copied)
                            : sqlite3_bind_text(
                                statement,
                                position,
                                $0.baseAddress,
                                Int32($0.count),
                                Self.copied
                            )
                    }
                }
            case .blob(let bytes):
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, position, 0)
                    : sqlite3_bind_blob(statement, position, bytes, Int32(bytes.count), Self.copied)
            }
        guard status == SQLITE_OK else { throw failure(text) }
    }

    /// Tells SQLite to copy what it is given (`SQLITE_TRANSIENT`, a macro that Swift does not import).
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    func failure(_ statement: String?) -> DatabaseError {
        let code = sqlite3_extended_errcode(handle)
        if code & 0xFF == SQLITE_BUSY { hasGivenUp = true }
        return DatabaseError(
            kind: Self.kind(of: code),
            message: String(cString: sqlite3_errmsg(handle)),
            statement: statement
        )
    }

    private static func kind(of code: Int32) -> DatabaseError.Kind {
        // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY, _ROWID, _FOREIGNKEY: macros over SQLITE_CONSTRAINT.
        switch code {
        case SQLITE_CONSTRAINT | 8 << 8, SQLITE_CONSTRAINT | 6 << 8, SQLITE_CONSTRAINT | 10 << 8:
            .uniqueViolation
        case SQLITE_CONSTRAINT | 3 << 8: .foreignKeyViolation
        default:
            switch code & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .retry
            case SQLITE_FULL, SQLITE_IOERR: .diskFull
            default: .other
            }
        }
    }
}
