import Core
import Database

/// Finds what addresses name, and how somebody stands to it.
struct PlaceReader {
    private let connection: any Connection

    init(_ connection: any Connection) {
        self.connection = connection
    }

    /// A repository, and how somebody stands to it.
    struct Found: Sendable {
        let place: RepositoryPlace
        let standing: Rules.Standing
        /// Whether it was found by an address that it had once.
        var isFormer = false

        /// What somebody may do in it, by the rules and by what they asked with.
        func role(of identity: Identity) -> Role? {
            guard identity.workspace == nil || identity.workspace == place.workspace else { return nil }
            // Security: a deploy key stands for its repository, and for nobody.
            if identity.account == nil, identity.workspace != nil { return identity.ceiling }
            return Rules.role(of: standing, inPublic: place.isPublic).map { min($0, identity.ceiling) }
        }
    }

    struct FoundOrganization: Sendable {
        let id: AccountID
        let role: OrganizationRole?
    }

    func find(owner: String, name: String, for identity: Identity) throws -> Found? {
        let (owner, name) = (owner.lowercased(), name.lowercased())
        if let found = try found("o.login_key = \(owner) AND r.name_key = \(name)", for: identity) {
            return found
        }
        let former: SQL =
            """
            r.workspace_id = (
                SELECT workspace_id FROM former_addresses WHERE owner_key = \(owner) AND name_key = \(name)
            )
            """
        guard var found = try found(former, for: identity) else { return nil }
        found.isFormer = true
        return found
    }

    func find(
        _ workspace: WorkspaceID,
        for identity: Identity,
        evenDeleted: Bool = false
    ) throws -> Found? {
        try found("r.workspace_id = \(workspace.key)", for: identity, evenDeleted: evenDeleted)
    }

    func findOrganization(_ name: String, for identity: Identity) throws -> FoundOrganization? {
        try connection.first(
            """
            SELECT o.account_id, m.role
            FROM accounts o
            LEFT JOIN organization_members m ON m.organization_id = o.account_id AND m.account_id = \(key(of: identity))
            WHERE o.login_key = \(name.lowercased()) AND o.kind = 'organization'
            """
        ) {
            FoundOrganization(
                id: AccountID(key: $0.int(0)),
                role: $0.isNull(1) ? nil : OrganizationRole(rawValue: $0.text(1))
            )
        }
    }

    private func found(
        _ condition: SQL,
        for identity: Identity,
        evenDeleted: Bool = false
    ) throws -> Found? {
        let me = key(of: identity)
        let unlessDeleted: SQL = evenDeleted ? "" : "AND r.deleted_ms IS NULL"
        let found = try connection.first(
            """
            SELECT r.workspace_id, o.account_id, o.login, r.name, r.visibility, r.is_archived, c.role, m.role
            FROM repositories r
            JOIN accounts o ON o.account_id = r.owner_id
            LEFT JOIN collaborators c ON c.workspace_id = r.workspace_id AND c.account_id = \(me)
            LEFT JOIN organization_members m ON m.organization_id = o.account_id AND m.account_id = \(me)
            WHERE \(condition) \(unlessDeleted)
            """
        ) { row in
            let place = RepositoryPlace(
                workspace: WorkspaceID(key: row.int(0)),
                ownerID: AccountID(key: row.int(1)),
                owner: row.text(2),
                name: row.text(3),
                isPublic: row.text(4) == Visibility.public.rawValue,
                isArchived: row.bool(5)
            )
            var standing = Rules.Standing()
            standing.hasAccount = identity.account != nil
            standing.isServerAdmin = identity.isServerAdmin
            standing.isOwner = place.ownerID == identity.account
            standing.givenRole = row.isNull(6) ? nil : Role(rawValue: row.text(6))
            let membership = row.isNull(7) ? nil : OrganizationRole(rawValue: row.text(7))
            standing.isOrganizationMember = membership != nil
            standing.isOrganizationAdmin = membership == .admin
            return Found(place: place, standing: standing)
        }
        guard let found, found.standing.isOrganizationMember, !found.standing.isOrganizationAdmin else {
            return found
        }
        var standing = found.standing
        standing.teamRole = try teamRole(in: found.place, for: me)
        return Found(place: found.place, standing: standing)
    }

    private func teamRole(in place: RepositoryPlace, for me: Int64) throws -> Role? {
        try connection.rows(
            """
            SELECT DISTINCT t.role
            FROM team_members tm
            JOIN teams t ON t.team_id = tm.team_id
            LEFT JOIN team_repositories tr ON tr.team_id = t.team_id AND tr.workspace_id = \(place.workspace.key)
            WHERE tm.account_id = \(me) AND t.organization_id = \(place.ownerID.key)
                AND (t.reaches_all OR tr.workspace_id IS NOT NULL)
            """
        ) { Role(rawValue: $0.text(0)) }.compactMap { $0 }.max()
    }

    /// 0, which no account has, for nobody.
    private func key(of identity: Identity) -> Int64 { identity.account?.key ?? 0 }
}
