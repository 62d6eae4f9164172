package import Core
import Database
import Events

/// Sets passwords; whatever was open by the old one ends.
package struct PasswordStore: Sendable {
    let authentication: Authentication
    /// Who does it, in the workspace of the server.
    let caller: Caller

    private var database: any Database { authentication.database }

    /// Sets the password of somebody, for who may look after them.
    ///
    /// - Throws: `Failure.missing` where there is no such person.
    package func set(_ password: NewPassword, of account: AccountID) async throws {
        let hash = try await authentication.mill.hash(password.text)
        try await database.write { connection in try set(hash, of: account, in: connection) }
    }

    /// Changes one's own password.
    ///
    /// - Parameters:
    ///   - attempt: The old one.
    ///   - password: The new one.
    /// - Throws: `Failure.permissionDenied` for a wrong old one; `TooManyAttempts` for an address that tries too many.
    package func change(_ attempt: PasswordAttempt, to password: NewPassword) async throws {
        guard let candidate = try await authentication.verify(attempt), candidate.account == caller.account
        else {
            throw Failure(.permissionDenied, "The present password is another one.")
        }
        try await set(password, of: candidate.account)
    }

    /// Makes somebody with a password, in one transaction.
    ///
    /// - Throws: `Failure.alreadyExists` for a login that an account has already.
    package func create(_ new: NewPerson, _ password: NewPassword) async throws -> Person {
        let hash = try await authentication.mill.hash(password.text)
        return try await database.write { connection in
            let people = PersonStore(database: database, caller: caller)
            let person = try people.create(new, in: connection)
            try set(hash, of: person.id, in: connection)
            return try people.get(person.id, in: connection)
        }
    }

    func set(_ hash: PasswordHash, of account: AccountID, in connection: any Connection) throws {
        let people = PersonStore(database: database, caller: caller)
        let person = try people.get(account, in: connection)
        // A time that grows, so that what is remembered of the old password never counts for the new one.
        try connection.execute(
            """
            UPDATE accounts
            SET password_hash = \(hash.text), updated_ms = \(connection.nowMs),
                credentials_changed_ms = CASE WHEN credentials_changed_ms >= \(connection.nowMs)
                    THEN credentials_changed_ms + 1 ELSE \(connection.nowMs) END
            WHERE account_id = \(account.key)
            """
        )
        try SessionStore(database: database).endAll(of: account, by: caller, in: connection)
        try connection.execute("DELETE FROM one_time_links WHERE account_id = \(account.key)")
        try people.log(.passwordSet, account, person.login, in: connection)
    }
}
