package import Core
import Database

/// An organization in the list of all.
package struct OrganizationSummary: Sendable, Hashable {
    package let profile: Profile
    package let memberCount: Int
    package let repositoryCount: Int
}

extension OrganizationStore {
    /// All organizations of the server.
    ///
    /// - Parameters:
    ///   - text: What the name contains; empty for anything.
    ///   - page: Which part of the list.
    /// - Returns: By their names.
    /// - Throws: `Refusal.mayNot` for who does not look after the server.
    package func all(
        containing text: String,
        _ page: PageRequest
    ) async throws -> ListPage<OrganizationSummary> {
        guard identity.isServerAdmin else {
            throw Refusal.mayNot("Only who looks after this server sees all organizations.")
        }
        let pattern = LikePattern(containing: text.lowercased()).text
        let condition: SQL =
            """
            a.kind = \(AccountKind.organization.rawValue) AND a.login_key IS NOT NULL
            AND a.login_key LIKE \(pattern) ESCAPE '!'
            """
        return try await database.read { connection in
            let found = try connection.rows(
                """
                SELECT
                    (SELECT COUNT(*) FROM organization_members m WHERE m.organization_id = a.account_id),
                    (SELECT COUNT(*) FROM repositories r WHERE r.owner_id = a.account_id AND r.deleted_ms IS NULL),
                    \(Profile.columns)
                FROM accounts a
                WHERE \(condition)
                ORDER BY a.login_key
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) {
                OrganizationSummary(
                    profile: Profile($0, from: 2, for: identity),
                    memberCount: Int($0.int(0)),
                    repositoryCount: Int($0.int(1))
                )
            }
            let total = try connection.first("SELECT COUNT(*) FROM accounts a WHERE \(condition)") {
                Int($0.int(0))
            }
            return ListPage(found, total: total ?? 0)
        }
    }
}
