package import Core
import Database

/// Somebody who has an account.
package struct Person: Sendable, Hashable {
    package let id: AccountID
    package let login: String
    package let fullName: String
    /// Empty where none is known.
    package let email: String
    package let description: String
    package let website: String
    package let location: String
    package let isServerAdmin: Bool
    package let state: AccountState
    package let hasPassword: Bool
    package let createdMs: Int64
    package let updatedMs: Int64
    /// When they last asked for something; nil for never.
    package let lastSeenMs: Int64?

    /// The columns that `init` reads, of the table `accounts` under the name `a`.
    static let columns: SQL =
        """
        a.account_id, a.login, a.full_name, a.email, a.description, a.website, a.location, a.is_server_admin, a.state,
            a.password_hash IS NOT NULL, a.created_ms, a.updated_ms, a.last_seen_ms
        """

    init(_ row: borrowing Row) throws {
        guard let state = AccountState(rawValue: row.text(8)) else {
            throw Failure(.internalError, "An account is in the unknown state '\(row.text(8))'.")
        }
        id = AccountID(key: row.int(0))
        login = row.text(1)
        fullName = row.text(2)
        email = row.text(3)
        description = row.text(4)
        website = row.text(5)
        location = row.text(6)
        isServerAdmin = row.bool(7)
        self.state = state
        hasPassword = row.bool(9)
        createdMs = row.int(10)
        updatedMs = row.int(11)
        lastSeenMs = row.optionalInt(12)
    }
}

/// Whether an account is one by which somebody may come in.
package enum AccountState: String, Sendable, Hashable, CaseIterable {
    case active
    /// Kept, with all that belongs to it; who asks with it is nobody.
    case suspended
    /// Gone: the row stays, so that its key is nobody else's.
    case deleted
}
