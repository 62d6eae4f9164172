import Core
import Database

/// What keeps an account from ending: its repositories, and deleted ones that can be restored.
struct OwnedRepositories {
    private let login: String
    /// One of them, which people see where there is such a one.
    private let example: Example?

    private struct Example {
        let name: String
        let deletion: DeletedRepository?
    }

    /// - Parameters:
    ///   - owner: The account.
    ///   - login: Its name.
    ///   - connection: The transaction that is to end it.
    /// - Throws: `DatabaseError` where the database fails.
    init(of owner: AccountID, _ login: String, in connection: any Connection) throws {
        self.login = login
        example = try connection.first(
            """
            SELECT name, deleted_ms, purged_ms
            FROM repositories
            WHERE owner_id = \(owner.key) AND purged_ms IS NULL
            ORDER BY CASE WHEN deleted_ms IS NULL THEN 0 ELSE 1 END, name_key
            LIMIT 1
            """
        ) { row in
            let name = row.text(0)
            return Example(name: name, deletion: DeletedRepository("\(login)/\(name)", row, from: 1))
        }
    }

    /// - Parameters:
    ///   - advice: What is to be done with repositories that people see.
    ///   - graceDays: How long a deleted one can be restored.
    /// - Throws: `Failure.invalidState` where there is one.
    func refuseAny(advice: String, graceDays: Int) throws(Failure) {
        guard let example else { return }
        guard let deletion = example.deletion else {
            throw Failure(
                .invalidState,
                "'\(login)' still has repositories, such as '\(example.name)': \(advice)."
            )
        }
        throw Failure(
            .invalidState,
            "'\(login)' still has deleted repositories, such as '\(example.name)': \(deletion.fate(graceDays: graceDays))"
        )
    }
}
