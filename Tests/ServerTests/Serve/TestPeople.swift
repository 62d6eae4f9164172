import Accounts
import Core
import Database

/// People whose `Authorization` is `Bearer` and their login; to hash passwords would take longer than the tests.
struct TestPeople: Sendable {
    private let identities: [String: Identity]

    init(_ logins: [String], in database: any Database) async throws {
        let keys = try await database.write { connection in
            try logins.map { login in
                try connection.first(
                    """
                    INSERT INTO accounts (kind, login, login_key, full_name, email, description, website, location,
                        is_server_admin, state, credentials_changed_ms, created_ms, updated_ms)
                    VALUES ('user', \(login), \(login), '', '', '', '', '', \(false), 'active', 0, 0, 0)
                    RETURNING account_id
                    """
                ) { $0.int(0) } ?? 0
            }
        }
        identities = Dictionary(
            uniqueKeysWithValues: zip(logins, keys).map { login, key in
                (login, Identity(account: AccountID(key: key), login: login, means: .password))
            }
        )
    }

    func identity(_ authorization: String) -> Identity {
        identities[String(authorization.dropFirst("Bearer ".count))] ?? .anonymous
    }
}
