import Core
import Database

/// Reads repositories as somebody sees them.
struct RepositoryReader {
    let connection: any Connection
    let identity: Identity

    /// The repositories of these keys, in their order; keys of which nothing may be seen are left out.
    func repositories(_ keys: [Int64]) throws -> [Repository] {
        let forks = try forkCounts(keys)
        let topics = try topics(keys)
        let me = identity.account?.key ?? 0
        let found = try connection.rows(
            """
            SELECT r.workspace_id, r.name, r.visibility, r.is_archived, r.description, r.website, r.forked_from,
                r.created_ms, r.updated_ms, r.pushed_ms, r.deleted_ms,
                (SELECT COUNT(*) FROM stars s WHERE s.workspace_id = r.workspace_id),
                (SELECT COUNT(*) FROM watches w WHERE w.workspace_id = r.workspace_id),
                c.role, m.role, \(Self.teamRank(of: me)), \(Profile.columns)
            FROM repositories r
            JOIN accounts a ON a.account_id = r.owner_id
            LEFT JOIN collaborators c ON c.workspace_id = r.workspace_id AND c.account_id = \(me)
            LEFT JOIN organization_members m ON m.organization_id = r.owner_id AND m.account_id = \(me)
            WHERE r.workspace_id \(anyOf: keys)
            """
        ) { row in
            repository(row, forks, topics)
        }.compactMap { $0 }
        let byKey = Dictionary(uniqueKeysWithValues: found.map { ($0.id.key, $0) })
        return keys.compactMap { byKey[$0] }
    }

    private func repository(
        _ row: borrowing Row,
        _ forks: [Int64: Int],
        _ topics: [Int64: [String]]
    ) -> Repository? {
        let owner = Profile(row, from: 16, for: identity)
        let key = row.int(0)
        let place = RepositoryPlace(
            workspace: WorkspaceID(key: key),
            ownerID: owner.id,
            owner: owner.login,
            name: row.text(1),
            isPublic: row.text(2) == Visibility.public.rawValue,
            isArchived: row.bool(3)
        )
        let membership = row.isNull(14) ? nil : OrganizationRole(rawValue: row.text(14))
        var standing = Rules.Standing()
        standing.hasAccount = identity.account != nil
        standing.isServerAdmin = identity.isServerAdmin
        standing.isOwner = owner.id == identity.account
        standing.givenRole = row.isNull(13) ? nil : Role(rawValue: row.text(13))
        standing.isOrganizationMember = membership != nil
        standing.isOrganizationAdmin = membership == .admin
        // As everywhere, a team's right is one of members of the organization.
        standing.teamRole = membership == nil ? nil : Role(rank: row.int(15))
        guard let role = PlaceReader.Found(place: place, standing: standing).role(of: identity) else {
            return nil
        }
        return Repository(
            place: place,
            owner: owner,
            description: row.text(4),
            website: row.text(5),
            forkedFrom: row.optionalInt(6).map(WorkspaceID.init),
            createdMs: row.int(7),
            updatedMs: row.int(8),
            pushedMs: row.optionalInt(9),
            deletedMs: row.optionalInt(10),
            starCount: Int(row.int(11)),
            watcherCount: Int(row.int(12)),
            forkCount: forks[key] ?? 0,
            topics: topics[key] ?? [],
            role: role
        )
    }

    /// The highest role that teams give somebody in the row `r`, as a number; 0 for none.
    private static func teamRank(of me: Int64) -> SQL {
        """
        COALESCE((
            SELECT MAX(CASE t.role WHEN 'admin' THEN 3 WHEN 'write' THEN 2 WHEN 'read' THEN 1 ELSE 0 END)
            FROM team_members tm
            JOIN teams t ON t.team_id = tm.team_id AND t.organization_id = r.owner_id
            LEFT JOIN team_repositories tr ON tr.team_id = t.team_id AND tr.workspace_id = r.workspace_id
            WHERE tm.account_id = \(me) AND (t.reaches_all OR tr.workspace_id IS NOT NULL)
        ), 0)
        """
    }

    private func forkCounts(_ keys: [Int64]) throws -> [Int64: Int] {
        let counts = try connection.rows(
            """
            SELECT r.forked_from, COUNT(*)
            FROM repositories r
            WHERE r.forked_from \(anyOf: keys) AND r.deleted_ms IS NULL AND (\(Rules.isReadable(by: identity)))
            GROUP BY r.forked_from
            """
        ) { ($0.int(0), Int($0.int(1))) }
        return Dictionary(uniqueKeysWithValues: counts)
    }

    private func topics(_ keys: [Int64]) throws -> [Int64: [String]] {
        let topics = try connection.rows(
            "SELECT workspace_id, topic FROM repository_topics WHERE workspace_id \(anyOf: keys) ORDER BY topic"
        ) { ($0.int(0), $0.text(1)) }
        return Dictionary(grouping: topics, by: \.0).mapValues { $0.map(\.1) }
    }
}

extension Role {
    fileprivate init?(rank: Int64) {
        switch rank {
        case 1: self = .read
        case 2: self = .write
        case 3: self = .admin
        default: return nil
        }
    }
}
