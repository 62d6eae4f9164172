/// A database to look into: ours, or one of somebody else that must stay as it is.
package protocol ReadableDatabase: Sendable {
    var dialect: Dialect { get }

    /// Runs a body on one snapshot of the database.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Reads a few rows: as `read`, but without a change of threads where that can be.
    ///
    /// The body may run twice: what takes longer than a moment is begun again where it holds nobody up. With a `mark`,
    /// which is the same for all reads of the same kind, the next ones begin there.
    func glance<T: Sendable>(
        as mark: String?,
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T

    /// Finishes what runs and closes every connection.
    func close() async throws
}

extension ReadableDatabase {
    package func glance<T: Sendable>(
        as mark: String?,
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await read(body)
    }

    package func glance<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await glance(as: nil, body)
    }
}

/// The one door to SQLite and PostgreSQL.
///
/// A write is answered when it is durable. Bodies are synchronous and touch only their connection.
package protocol Database: ReadableDatabase {
    /// Runs a body in a transaction that may write; returns when it is on disk.
    ///
    /// What the body throws rolls back its own writes and is thrown on.
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T
}

/// A fault that the database reported.
package struct DatabaseError: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        case uniqueViolation
        case foreignKeyViolation
        /// The database asks to run the transaction again.
        case retry
        case diskFull
        case connectionLost
        case other
    }

    package let kind: Kind
    package let message: String
    /// The statement at fault, without its values.
    package let statement: String?

    package init(kind: Kind, message: String, statement: String?) {
        self.kind = kind
        self.message = message
        self.statement = statement
    }

    /// What one statement found, another transaction deleted before the next one read it: this one is to run again.
    ///
    /// Only transactions that write meet it, and only on PostgreSQL: a read is one snapshot, and SQLite has one writer.
    ///
    /// - Parameter what: What was found.
    /// - Returns: What the transaction throws.
    package static func gone(_ what: String) -> DatabaseError {
        DatabaseError(kind: .retry, message: "\(what) was found and is gone", statement: nil)
    }

    package var description: String {
        statement.map { "\(message) in: \($0)" } ?? message
    }
}
