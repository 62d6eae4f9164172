import Core
import Database
import Events

/// Repositories as workspaces of MLflow, for somebody who works in them.
package struct WorkspaceStore: Sendable {
    let accounts: Accounts
    let identity: Identity

    private var database: any Database { accounts.database }

    /// A repository, as MLflow's clients see it.
    package struct Workspace: Sendable, Hashable {
        package let name: WorkspaceName
        package let description: String
        let place: RepositoryPlace
    }

    /// How many are listed at the most; the original has no pages here.
    package static let listLimit = 1_000

    /// The workspaces that somebody works in, by name: what belongs to them, to their organizations, and where they
    /// collaborate.
    ///
    /// What is public can be used by its name and is not listed.
    package func list() async throws -> [Workspace] {
        let condition: SQL =
            """
            r.deleted_ms IS NULL AND \(Rules.isReadable(by: identity)) AND (
                r.owner_id = \(me)
                OR EXISTS (
                    SELECT 1 FROM organization_members m WHERE m.organization_id = r.owner_id AND m.account_id = \(me)
                )
                OR EXISTS (
                    SELECT 1 FROM collaborators c WHERE c.workspace_id = r.workspace_id AND c.account_id = \(me)
                )
            )
            """
        let found = try await database.read { connection in
            try rows(condition, limit: Self.listLimit, in: connection)
        }
        return found.sorted { $0.name.text < $1.name.text }
    }

    /// The workspace of this name.
    ///
    /// - Throws: `Failure.missing` in MLflow's words.
    package func get(_ name: WorkspaceName) async throws -> Workspace {
        try await database.read { try find(name, needing: .read, in: $0) }
    }

    /// Makes a private repository, which is one more workspace.
    ///
    /// - Throws: `Failure.alreadyExists` in MLflow's words; what `RepositoryStore.create` throws.
    package func create(_ name: WorkspaceName, description: String) async throws -> Workspace {
        guard let (owner, repository) = name.address(for: identity) else {
            throw Failure.invalid("The 'default' workspace is reserved and cannot be created")
        }
        let new = try NewRepository(
            name: RepositoryName(repository),
            visibility: .private,
            description: description
        )
        do {
            let place = try await accounts.repositories(for: identity).create(
                new,
                ownedBy: AccountName(owner)
            )
            return Workspace(name: name, description: description, place: place)
        } catch let failure as Failure where failure.code == .alreadyExists {
            throw Failure.alreadyExists("Workspace '\(name.text)' already exists.")
        }
    }

    /// Describes a workspace otherwise.
    ///
    /// - Throws: `Failure.missing`; `Failure.permissionDenied` for somebody who may not change the repository.
    package func describe(_ name: WorkspaceName, as description: String) async throws -> Workspace {
        guard description.count <= NewRepository.descriptionLimit else {
            throw Failure.invalid("'description' has more than \(NewRepository.descriptionLimit) characters.")
        }
        return try await database.write { connection in
            let found = try find(name, needing: .admin, in: connection)
            try connection.execute(
                """
                UPDATE repositories SET description = \(description), updated_ms = \(connection.nowMs)
                WHERE workspace_id = \(found.place.workspace.key)
                """
            )
            return Workspace(name: name, description: description, place: found.place)
        }
    }

    private func find(
        _ name: WorkspaceName,
        needing role: Role,
        in connection: any Connection
    ) throws -> Workspace {
        guard let (owner, repository) = name.address(for: identity) else {
            throw Failure.invalid("The 'default' workspace belongs to the server and is described by it.")
        }
        guard
            let found = try PlaceReader(connection).find(owner: owner, name: repository, for: identity),
            let own = found.role(of: identity)
        else { throw Failure.missing("Workspace '\(name.text)' not found") }
        guard own >= role else {
            throw Failure(.permissionDenied, "Only admins of '\(found.place.fullName)' may do this.")
        }
        let description = try connection.first(
            "SELECT description FROM repositories WHERE workspace_id = \(found.place.workspace.key)"
        ) { $0.text(0) }
        return Workspace(name: name, description: description ?? "", place: found.place)
    }

    private func rows(_ condition: SQL, limit: Int, in connection: any Connection) throws -> [Workspace] {
        try connection.rows(
            """
            SELECT r.workspace_id, o.account_id, o.login, r.name, r.description
            FROM repositories r
            JOIN accounts o ON o.account_id = r.owner_id
            WHERE \(condition)
            ORDER BY r.workspace_id DESC
            LIMIT \(limit)
            """
        ) { row in
            let place = RepositoryPlace(
                workspace: WorkspaceID(key: row.int(0)),
                ownerID: AccountID(key: row.int(1)),
                owner: row.text(2),
                name: row.text(3),
                isPublic: false,
                isArchived: false
            )
            return WorkspaceName.name(of: place, for: identity).map {
                Workspace(name: $0, description: row.text(4), place: place)
            }
        }.compactMap { $0 }
    }

    private var me: Int64 { identity.account?.key ?? 0 }
}
