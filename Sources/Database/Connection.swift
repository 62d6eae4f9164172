/// A database inside one transaction; bodies of transactions speak to it and to nothing else.
///
/// It does not wait for anything but the database, so a body is whole in the program as it is on disk and may simply be
/// run again when the database asks for it.
package protocol Connection: AnyObject {
    var dialect: Dialect { get }

    /// The time of this transaction in epoch milliseconds; all that it writes carries the same.
    var nowMs: Int64 { get }

    /// The time by a clock that all servers on the database share, which is what they promise one another; theirs may differ.
    func sharedNowMs() throws -> Int64

    /// Runs a statement for each row of its answer.
    func forEach(_ query: SQL, _ body: (borrowing Row) throws -> Void) throws

    /// Runs a statement and says how many rows it changed.
    @discardableResult
    func execute(_ statement: SQL) throws -> Int

    /// Inserts many rows by one plan.
    ///
    /// - Parameters:
    ///   - table: The table, an identifier of the program.
    ///   - columns: The columns, identifiers of the program.
    ///   - values: The values row by row; its count is a multiple of the count of columns.
    ///   - conflict: What stands after the values, such as `ON CONFLICT DO NOTHING`.
    /// - Returns: How many rows were inserted or changed.
    /// - Throws: `DatabaseError` where the database refuses a row; none is kept then.
    @discardableResult
    func insert(into table: String, _ columns: [String], values: [Value], _ conflict: SQL) throws -> Int

    /// Calls `body` once this transaction is durable; never if it was rolled back.
    func afterCommit(_ body: @escaping @Sendable () -> Void)
}

extension Connection {
    /// Of one machine, the clock is shared anyway.
    package func sharedNowMs() throws -> Int64 { nowMs }

    /// Every row of the answer, decoded.
    package func rows<T>(_ query: SQL, _ decode: (borrowing Row) throws -> T) throws -> [T] {
        var result: [T] = []
        try forEach(query) { result.append(try decode($0)) }
        return result
    }

    /// The first row of the answer, decoded; nil where there is none.
    package func first<T>(_ query: SQL, _ decode: (borrowing Row) throws -> T) throws -> T? {
        var result: T?
        try forEach(query) { if result == nil { result = try decode($0) } }
        return result
    }

    /// Keeps every other transaction from a thing that has no row, until this one ends.
    ///
    /// - Parameters:
    ///   - name: The thing.
    ///   - others: Things that nobody may take whole meanwhile, though many may share them.
    /// - Throws: `DatabaseError` where the database fails.
    package func lock(_ name: String, sharing others: [String] = []) throws {
        guard let locks = dialect.locks(name, sharing: others) else { return }
        try forEach(locks) { _ in }
    }

    /// Keeps every other transaction from taking a thing whole with `lock`, until this one ends; many may do so at once.
    ///
    /// - Parameter name: The thing.
    /// - Throws: `DatabaseError` where the database fails.
    package func share(_ name: String) throws {
        guard let locks = dialect.locks(nil, sharing: [name]) else { return }
        try forEach(locks) { _ in }
    }

    @discardableResult
    package func insert(into table: String, _ columns: [String], values: [Value]) throws -> Int {
        try insert(into: table, columns, values: values, "")
    }
}
