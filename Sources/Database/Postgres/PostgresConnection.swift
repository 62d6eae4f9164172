internal import Glibc

/// A connection to PostgreSQL; it belongs to the one thread that borrowed it.
///
/// Statements are unnamed and values travel as text, so that a pooler in transaction mode may stand between.
final class PostgresConnection: Connection {
    private let pq: Libpq
    private let handle: OpaquePointer
    private var hooks: [@Sendable () -> Void] = []
    var nowMs: Int64 = 0
    private let sharesTime: Bool

    var dialect: Dialect { .postgres }

    /// - Parameters:
    ///   - uri: Anything that libpq takes.
    ///   - sharesTime: Whether the database tells the time that servers share.
    /// - Throws: `DatabaseError` of kind `connectionLost` with what libpq says, but no password; also where there is no libpq.
    init(uri: String, sharesTime: Bool) throws {
        self.sharesTime = sharesTime
        let pq = try Libpq.shared
        self.pq = pq
        // What stands in the address replaces what stands before it.
        let options = Self.defaults + [(name: "dbname", value: uri)]
        let names = options.map { Value.text($0.name) } + [.null]
        let values = options.map { Value.text($0.value) } + [.null]
        let handle = Self.withParameters(names) { names in
            Self.withParameters(values) { values in pq.connectdbParams(names, values, 1) }
        }
        guard let handle else { preconditionFailure("no memory for a connection") }
        self.handle = handle
        guard isAlive else {
            // Security: libpq repeats the parts of an address that it makes nothing of, and messages end in logs.
            let message = PostgresURI(uri).hidingPasswords(in: lastMessage)
            throw DatabaseError(kind: .connectionLost, message: message, statement: nil)
        }
        _ = pq.setNoticeProcessor(handle, { _, _ in }, nil)
        try execute("SET client_encoding = 'UTF8'")
        try execute("SET extra_float_digits = 1")
        try execute("SET bytea_output = 'hex'")
        try execute("SET timezone = 'UTC'")
        // Somebody who hangs with a lock must not take all connections of all servers with them.
        try execute(
            """
            SELECT set_config(wanted.name, wanted.value, false)
            FROM (VALUES ('lock_timeout', '30s'), ('idle_in_transaction_session_timeout', '60s')) AS wanted (name, value)
            WHERE current_setting(wanted.name) = '0'
            """
        )
    }

    /// How long a server is waited for that does not answer, and one whose machine is gone, where the address says nothing:
    /// libpq would wait for the first without an end, and for the second for hours.
    private static var defaults: [(name: String, value: String)] {
        var options = [
            (name: "keepalives_idle", value: "30"), (name: "keepalives_interval", value: "10"),
            (name: "keepalives_count", value: "3"), (name: "tcp_user_timeout", value: "60000"),
        ]
        if getenv("PGCONNECT_TIMEOUT") == nil { options.append((name: "connect_timeout", value: "10")) }
        return options
    }

    deinit {
        pq.finish(handle)
    }

    var isAlive: Bool { pq.status(handle) == Libpq.connectionOK }

    func sharedNowMs() throws -> Int64 {
        guard sharesTime else { return nowMs }
        return try first("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)") { $0.int(0) }
            ?? nowMs
    }

    func forEach(_ query: SQL, _ body: (borrowing Row) throws -> Void) throws {
        let result = try answer(to: query)
        defer { pq.clear(result) }
        for row in 0..<pq.ntuples(result) {
            try body(Row(source: .postgres(pq, result, row)))
        }
    }

    @discardableResult
    func execute(_ statement: SQL) throws -> Int {
        let result = try answer(to: statement)
        defer { pq.clear(result) }
        return Int(String(cString: pq.cmdTuples(result))) ?? 0
    }

    @discardableResult
    func insert(into table: String, _ columns: [String], values: [Value], _ conflict: SQL) throws -> Int {
        precondition(values.count % columns.count == 0, "a row of \(table) lacks values")
        let names = SQL(trusted: "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES ")
        let rowsPerStatement = dialect.parameterLimit / columns.count
        var changed = 0
        for start in stride(from: 0, to: values.count, by: columns.count * rowsPerStatement) {
            let end = min(start + columns.count * rowsPerStatement, values.count)
            let rows = stride(from: start, to: end, by: columns.count).map { first -> SQL in
                "(\(values[first..<first + columns.count].map { "\($0)" as SQL }.joined(separator: ", ")))"
            }
            changed += try execute("\(names)\(rows.joined(separator: ", ")) \(conflict)")
        }
        return changed
    }

    func afterCommit(_ body: @escaping @Sendable () -> Void) {
        hooks.append(body)
    }

    func takeHooks() -> [@Sendable () -> Void] {
        defer { hooks = [] }
        return hooks
    }

    private func answer(to query: SQL) throws -> OpaquePointer {
        let (text, values) = query.rendered(for: .postgres)
        let result = Self.withParameters(values) { parameters in
            pq.execParams(handle, text, Int32(values.count), nil, parameters, nil, nil, 0)
        }
        guard Libpq.statusesOfSuccess.contains(pq.resultStatus(result)) else {
            defer { pq.clear(result) }
            throw failure(text, result)
        }
        guard let result else { preconditionFailure("an answer without a result") }
        return result
    }

    /// Writes the values as C strings, end to end in one buffer.
    private static func withParameters<T>(
        _ values: [Value],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T
    ) -> T {
        var bytes: [CChar] = []
        var starts: [Int?] = []
        starts.reserveCapacity(values.count)
        for value in values {
            guard let text = text(of: value) else {
                starts.append(nil)
                continue
            }
            starts.append(bytes.count)
            for byte in text.utf8 { bytes.append(CChar(bitPattern: byte)) }
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let pointers = starts.map { start in start.flatMap { buffer.baseAddress?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }

    private static func text(of value: Value) -> String? {
        switch value {
        case .null: nil
        case .integer(let number): String(number)
        case .real(let number):
            number.isNaN ? "NaN" : number.isInfinite ? (number > 0 ? "Infinity" : "-Infinity") : "\(number)"
        case .boolean(let flag): flag ? "t" : "f"
        // PostgreSQL keeps no NUL in text; the replacement character stands for it.
        case .text(let string):
            string.utf8.contains(0) ? String(string.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : string
        case .blob(let bytes): "\\x" + bytes.map(hexadecimal).joined()
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private func failure(_ statement: String, _ result: OpaquePointer?) -> DatabaseError {
        let state = pq.resultErrorField(result, Libpq.fieldOfState).map { String(cString: $0) }
        return DatabaseError(
            kind: isAlive ? Self.kind(ofState: state ?? "") : .connectionLost,
            message: lastMessage,
            statement: statement
        )
    }

    /// Source: PostgreSQL's table of error codes (SQLSTATE).
    private static func kind(ofState state: String) -> DatabaseError.Kind {
        switch state {
        case "23505": .uniqueViolation
        case "23503": .foreignKeyViolation
        // What could not be serialized, a deadlock, and a lock that was waited for too long.
        case "40001", "40P01", "55P03": .retry
        case "53100": .diskFull
        // The server, or somebody, ended the session; so does a transaction that was idle for too long.
        case "57P01", "57P02", "57P03", "25P03": .connectionLost
        default: .other
        }
    }

    private var lastMessage: String {
        let text = pq.errorMessage(handle).map { String(cString: $0) } ?? ""
        return text.split(separator: "\n").joined(separator: "; ")
    }
}
