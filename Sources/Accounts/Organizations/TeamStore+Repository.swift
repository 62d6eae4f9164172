package import Core
import Database

extension TeamStore {
    private static let mostShown = 200

    /// The teams that work in a repository.
    ///
    /// - Parameter workspace: A repository of the organization.
    /// - Returns: By their names, those for all repositories included.
    /// - Throws: `Refusal` for somebody who does not belong to the organization.
    package func list(workingIn workspace: WorkspaceID) async throws -> [Team] {
        try await organizations.database.read { connection in
            try organizations.requireMember(of: organization, in: connection)
            return try connection.rows(
                """
                SELECT \(Team.columns)
                FROM teams t
                WHERE t.organization_id = \(organization.key) AND (t.reaches_all OR EXISTS (
                    SELECT 1 FROM team_repositories x WHERE x.team_id = t.team_id AND x.workspace_id = \(workspace.key)
                ))
                ORDER BY t.name_key
                LIMIT \(Self.mostShown)
                """
            ) { Team($0) }
        }
    }
}
