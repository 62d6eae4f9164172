import Core
import Database

/// Finds who stands behind an SSH key.
package struct SSHKeyReader: Sendable {
    let database: any Database

    /// The number of a key that somebody has given.
    ///
    /// - Parameter key: What a client shows.
    /// - Returns: nil for a key that nobody has given.
    /// - Throws: `DatabaseError` where the database fails.
    package func find(_ key: SSHPublicKey) async throws -> Int64? {
        try await database.read { connection in
            try connection.first(
                "SELECT key_id FROM ssh_keys WHERE fingerprint = \(key.fingerprint) AND public_key = \(key.text)"
            ) { $0.int(0) }
        }
    }

    /// Who may act by a key: the person whose it is, or for a deploy key whoever has it, in its repository only.
    ///
    /// - Parameter id: Its number.
    /// - Returns: nil where the key has been removed, or its person is shut out.
    /// - Throws: `DatabaseError` where the database fails.
    package func identity(of id: Int64) async throws -> Identity? {
        try await database.write { connection in
            guard let found = try Self.find(id, in: connection) else { return nil }
            try connection.execute(
                "UPDATE ssh_keys SET last_used_ms = \(connection.nowMs) WHERE key_id = \(id)"
            )
            return found
        }
    }

    static func find(_ id: Int64, in connection: any Connection) throws -> Identity? {
        try connection.first(
            """
            SELECT k.account_id, k.workspace_id, k.is_read_only, a.login, a.is_server_admin, k.title
            FROM ssh_keys k LEFT JOIN accounts a ON a.account_id = k.account_id
            WHERE k.key_id = \(id)
                AND (a.state = 'active' OR (k.account_id IS NULL AND k.workspace_id IS NOT NULL))
            """
        ) { row in
            let account = row.optionalInt(0).map(AccountID.init)
            let isReadOnly = row.bool(2)
            return Identity(
                account: account,
                login: account == nil ? "deploy key \(row.text(5))" : row.text(3),
                isServerAdmin: account == nil ? false : row.bool(4),
                means: .sshKey,
                ceiling: isReadOnly ? .read : account == nil ? .write : .admin,
                reachesAccount: false,
                workspace: row.optionalInt(1).map(WorkspaceID.init)
            )
        }
    }
}

extension Accounts {
    /// Who stands behind an SSH key.
    package var sshKeys: SSHKeyReader { SSHKeyReader(database: database) }
}
