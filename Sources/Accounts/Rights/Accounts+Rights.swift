package import Core
package import Database

extension Accounts {
    /// Whether somebody may write in a workspace now, whatever they ask with.
    ///
    /// - Parameters:
    ///   - login: The name of their account.
    ///   - workspace: The workspace.
    ///   - connection: The transaction in which it matters.
    /// - Returns: False for who has an account that is suspended, or none where people have accounts; commands at the machine
    ///   go by any name where nobody has one, and by that of the local person always.
    /// - Throws: `DatabaseError` where the database fails.
    package static func mayWrite(
        _ login: String,
        in workspace: WorkspaceID,
        _ connection: any Connection
    ) throws -> Bool {
        let identity = try connection.first(
            """
            SELECT account_id, is_server_admin
            FROM accounts
            WHERE login_key = \(login.lowercased()) AND kind = \(AccountKind.user.rawValue) AND state = \(AccountState.active.rawValue)
            """
        ) {
            Identity(
                account: AccountID(key: $0.int(0)),
                login: login,
                isServerAdmin: $0.bool(1),
                means: .nothing
            )
        }
        guard let identity else { return try login == localLogin || hasNobody(connection) }
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
