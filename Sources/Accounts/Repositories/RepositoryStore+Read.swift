package import Core
import Database

extension RepositoryStore {
    /// - Parameter workspace: The key of a repository.
    /// - Returns: The repository as who asks sees it.
    /// - Throws: `Refusal.nothingHere` where they see none.
    package func get(_ workspace: WorkspaceID) async throws -> Repository {
        guard let repository = try await find(workspace) else { throw Self.absent }
        return repository
    }

    /// - Parameter workspace: The key of a repository.
    /// - Returns: The repository; nil where who asks sees none.
    /// - Throws: `DatabaseError` where the database fails.
    package func find(_ workspace: WorkspaceID) async throws -> Repository? {
        try await database.read { connection in
            let repository = try RepositoryReader(connection: connection, identity: identity)
                .repositories([workspace.key]).first
            return repository.flatMap { $0.deletedMs == nil ? $0 : nil }
        }
    }

    /// The repositories that who asks may read and that a search finds.
    ///
    /// - Parameters:
    ///   - search: Which, and in which order.
    ///   - page: Which part of the list.
    /// - Returns: At most `page.limit` of them.
    /// - Throws: `DatabaseError` where the database fails.
    package func list(_ search: RepositorySearch, _ page: PageRequest) async throws -> ListPage<Repository> {
        let conditions =
            search.conditions + ["r.deleted_ms IS NULL", "(\(Rules.isReadable(by: identity)))"]
        let condition = conditions.joined(separator: " AND ")
        return try await database.read { connection in
            let keys = try connection.rows(
                """
                SELECT r.workspace_id
                FROM repositories r
                JOIN accounts o ON o.account_id = r.owner_id
                WHERE \(condition)
                ORDER BY \(search.sorting)
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) { $0.int(0) }
            let total = try connection.first("SELECT COUNT(*) FROM repositories r WHERE \(condition)") {
                Int($0.int(0))
            }
            let reader = RepositoryReader(connection: connection, identity: identity)
            return ListPage(try reader.repositories(keys), total: total ?? 0)
        }
    }

    static let absent = Refusal.nothingHere("No such repository is here.")

    /// A repository in which somebody needs a role, checked in the transaction that acts.
    func place(
        _ workspace: WorkspaceID,
        needing role: Role,
        in connection: any Connection
    ) throws -> RepositoryPlace {
        guard let found = try PlaceReader(connection).find(workspace, for: identity),
            let has = found.role(of: identity)
        else { throw Self.absent }
        guard has >= role else {
            throw Refusal.mayNot("This needs the right to \(role.word) '\(found.place.fullName)'.")
        }
        return found.place
    }
}

extension RepositoryStore {
    /// A repository, for somebody who speaks for its owner: to administer it is not enough to take it away.
    ///
    /// - Throws: `Refusal` where somebody may not.
    func placeOfOwner(_ workspace: WorkspaceID, in connection: any Connection) throws -> RepositoryPlace {
        let place = try place(workspace, needing: .admin, in: connection)
        guard let standing = try PlaceReader(connection).find(workspace, for: identity)?.standing,
            standing.isOwner || standing.isOrganizationAdmin || standing.isServerAdmin
        else { throw Refusal.mayNot("Only who speaks for '\(place.owner)' may do this.") }
        return place
    }
}

extension Role {
    var word: String { self == .admin ? "administer" : rawValue }
}

extension RepositorySearch {
    fileprivate var conditions: [SQL] {
        var conditions = [scope.condition].compactMap { $0 }
        if !text.isEmpty {
            let pattern = LikePattern(containing: text.lowercased()).text
            conditions.append(
                "(r.name_key LIKE \(pattern) ESCAPE '!' OR lower(r.description) LIKE \(pattern) ESCAPE '!')"
            )
        }
        if let topic {
            conditions.append(
                """
                EXISTS (
                    SELECT 1 FROM repository_topics t WHERE t.workspace_id = r.workspace_id AND t.topic = \(topic)
                )
                """
            )
        }
        return conditions
    }

    fileprivate var sorting: SQL {
        let direction: SQL = isDescending ? "DESC" : "ASC"
        return switch order {
        case .name: "r.name_key \(direction), o.login_key \(direction)"
        case .created: "r.created_ms \(direction), r.workspace_id \(direction)"
        case .updated: "r.updated_ms \(direction), r.workspace_id \(direction)"
        case .stars:
            "(SELECT COUNT(*) FROM stars s WHERE s.workspace_id = r.workspace_id) \(direction), r.workspace_id \(direction)"
        case .id: "r.workspace_id \(direction)"
        }
    }
}

extension RepositorySearch.Scope {
    fileprivate var condition: SQL? {
        switch self {
        case .everywhere: nil
        case .ownedBy(let account): "r.owner_id = \(account.key)"
        case .reachedBy(let account):
            """
            (r.owner_id = \(account.key)
                OR EXISTS (
                    SELECT 1 FROM collaborators x
                    WHERE x.workspace_id = r.workspace_id AND x.account_id = \(account.key)
                )
                OR EXISTS (
                    SELECT 1 FROM organization_members x
                    WHERE x.organization_id = r.owner_id AND x.account_id = \(account.key)
                ))
            """
        case .starredBy(let account):
            """
            EXISTS (
                SELECT 1 FROM stars x WHERE x.workspace_id = r.workspace_id AND x.account_id = \(account.key)
            )
            """
        case .watchedBy(let account):
            """
            EXISTS (
                SELECT 1 FROM watches x WHERE x.workspace_id = r.workspace_id AND x.account_id = \(account.key)
            )
            """
        case .forksOf(let workspace): "r.forked_from = \(workspace.key)"
        case .ofTeam(let team):
            """
            EXISTS (
                SELECT 1 FROM teams x
                LEFT JOIN team_repositories y ON y.team_id = x.team_id AND y.workspace_id = r.workspace_id
                WHERE x.team_id = \(team) AND x.organization_id = r.owner_id
                    AND (x.reaches_all OR y.workspace_id IS NOT NULL)
            )
            """
        }
    }
}
