package import Core
package import Database

extension Accounts {
    /// Whether somebody may write in a workspace now, whatever they ask with.
    ///
    /// - Parameters:
    ///   - login: The name of their account.
    ///   - sinceMs: When the name was theirs, in epoch milliseconds: who has it since later is somebody else.
    ///   - workspace: The workspace.
    ///   - connection: The transaction in which it matters.
    /// - Returns: False for who has an account that is suspended, or none where people have accounts; commands at the machine
    ///   go by any name where nobody has one, and by that of the local person always.
    /// - Throws: `DatabaseError` where the database fails.
    package static func mayWrite(
        _ login: String,
        since sinceMs: Int64,
        in workspace: WorkspaceID,
        _ connection: any Connection
    ) throws -> Bool {
        let found = try connection.first(
            """
            SELECT account_id, is_server_admin, state, created_ms
            FROM accounts
            WHERE login_key = \(login.lowercased()) AND kind = \(AccountKind.user.rawValue)
            """
        ) { row in
            (
                identity: Identity(
                    account: AccountID(key: row.int(0)),
                    login: login,
                    isServerAdmin: row.bool(1),
                    means: .nothing
                ),
                isActive: row.text(2) == AccountState.active.rawValue, createdMs: row.int(3)
            )
        }
        guard let found else { return try login == localLogin || hasNobody(connection) }
        guard found.isActive, found.createdMs <= sinceMs else { return false }
        let identity = found.identity
        let role =
            workspace == .standard
            ? Rules.roleInDefault(of: identity)
            : try PlaceReader(connection).find(workspace, for: identity)?.role(of: identity)
        return role.map { $0 >= .write } ?? false
    }

    /// Whether there is no account but that of the local person.
    private static func hasNobody(_ connection: any Connection) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM accounts
            WHERE kind = \(AccountKind.user.rawValue) AND login_key <> \(localLogin) LIMIT 1
            """
        ) { $0.int(0) } == nil
    }
}
