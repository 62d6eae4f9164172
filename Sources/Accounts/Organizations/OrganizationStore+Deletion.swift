package import Core
import Database
import Events

extension OrganizationStore {
    /// Ends an organization with its teams; its name is free, its key is never used for another.
    ///
    /// - Parameter organization: The organization.
    /// - Throws: `Refusal` where somebody may not; `Failure.invalidState` where it still has repositories,
    ///   deleted ones that can be restored included.
    package func delete(_ organization: AccountID) async throws {
        try await database.write { connection in
            try requireAdmin(of: organization, in: connection)
            try connection.lock("organization/\(organization.key)")
            let name = try connection.first(
                """
                SELECT login FROM accounts
                WHERE account_id = \(organization.key) AND kind = \(AccountKind.organization.rawValue)
                    AND login_key IS NOT NULL \(.forUpdate)
                """
            ) { $0.text(0) }
            guard let name else { throw Refusal.nothingHere("No such organization is here.") }
            try OwnedRepositories(of: organization, name, in: connection).refuseAny(
                advice: "give them to another owner first",
                graceDays: graceDays
            )
            try remove(organization, name, in: connection)
            try note(.organizationDeleted, organization, ["login": .string(name)], connection)
        }
    }

    private func remove(
        _ organization: AccountID,
        _ name: String,
        in connection: any Connection
    ) throws {
        let teams: SQL = "(SELECT team_id FROM teams WHERE organization_id = \(organization.key))"
        for table in ["team_members", "team_repositories"] {
            try connection.execute("DELETE FROM \(SQL(trusted: table)) WHERE team_id IN \(teams)")
        }
        for table in ["teams", "organization_members"] {
            try connection.execute(
                "DELETE FROM \(SQL(trusted: table)) WHERE organization_id = \(organization.key)"
            )
        }
        // Whoever has the name next has no part in where its repositories have gone.
        try connection.execute("DELETE FROM former_addresses WHERE owner_key = \(name.lowercased())")
        try connection.execute(
            """
            UPDATE accounts
            SET login_key = NULL, full_name = '', description = '', website = '', location = '',
                state = \(AccountState.deleted.rawValue), updated_ms = \(connection.nowMs)
            WHERE account_id = \(organization.key)
            """
        )
    }
}
