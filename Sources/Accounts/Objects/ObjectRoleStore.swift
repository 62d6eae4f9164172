import Core
import Database
import Events

/// Roles made of permissions for single things, as somebody may see and change them: admins of a repository those of its
/// workspace, and who looks after the server those of all.
///
/// - Source: MLflow 3.17, `mlflow/server/auth/sqlalchemy_store.py` and the validators of `mlflow/server/auth/__init__.py`.
package struct ObjectRoleStore: Sendable {
    let accounts: Accounts
    let identity: Identity

    var database: any Database { accounts.database }

    /// A role with the workspace that it is in.
    struct Place {
        let role: Int64
        let name: String
        let workspace: WorkspaceID
    }

    /// Makes a role without permissions.
    ///
    /// - Throws: `Failure.permissionDenied` for who does not administer the workspace, `.invalid`, `.alreadyExists`.
    package func create(_ name: String, in workspace: String, description: String?) async throws -> ObjectRole
    {
        try await database.write { connection in
            let id = try administered(workspace, in: connection)
            try ObjectRole.check(name: name)
            try ObjectRole.check(description: description)
            let key = try connection.first(
                """
                INSERT INTO object_roles (workspace_id, name, description, created_ms)
                VALUES (\(id.key), \(name), \(description), \(connection.nowMs))
                ON CONFLICT (workspace_id, name) DO NOTHING
                RETURNING role_id
                """
            ) { $0.int(0) }
            guard let key else {
                throw Failure.alreadyExists("Role (name=\(name), workspace=\(workspace)) already exists.")
            }
            try note(.objectRoleCreated, Place(role: key, name: name, workspace: id), in: connection)
            return ObjectRole(
                id: key,
                name: name,
                workspace: workspace,
                description: description,
                permissions: [],
                isOwn: false
            )
        }
    }

    /// A role, for who has one in its workspace or administers it.
    ///
    /// - Throws: `Failure.missing` for who looks after the server, `.permissionDenied` for others who may not see it.
    package func get(_ role: Int64) async throws -> ObjectRole {
        try await database.read { connection in
            let place = try visible(role, in: connection)
            guard let role = try load("r.role_id = \(place.role)", in: connection).first else {
                throw Self.missing(role)
            }
            return role
        }
    }

    /// The roles of workspaces; of all of them for who looks after the server.
    ///
    /// - Parameter workspaces: What MLflow's clients call them; empty for all.
    /// - Returns: The roles in the order in which they were made, also those that are one person's alone.
    /// - Throws: `Failure.permissionDenied` for who may not see one of them.
    package func list(in workspaces: [String]) async throws -> [ObjectRole] {
        try await database.read { connection in
            guard !workspaces.isEmpty else {
                guard looksAfterServer else { throw Self.denied }
                return try load("TRUE", in: connection)
            }
            let ids = try workspaces.map { name in
                let id = try known(name, in: connection)
                guard try mayLook(into: id, in: connection) else { throw Self.denied }
                return id.key
            }
            return try load("r.workspace_id \(anyOf: ids)", in: connection)
        }
    }

    /// Calls or describes a role otherwise; what is nil stays.
    ///
    /// - Throws: As `get`; `Failure.invalid`, `.alreadyExists`.
    package func edit(_ role: Int64, name: String?, description: String?) async throws -> ObjectRole {
        try await database.write { connection in
            let place = try administered(role, lock: true, in: connection)
            try refuseOwn(place, in: connection)
            if let name { try ObjectRole.check(name: name) }
            try ObjectRole.check(description: description)
            let workspace = try self.name(of: place.workspace, in: connection)
            do {
                try connection.execute(
                    """
                    UPDATE object_roles SET name = COALESCE(\(name), name), description = COALESCE(\(description), description)
                    WHERE role_id = \(place.role)
                    """
                )
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                throw Failure.alreadyExists(
                    "Role with name=\(name ?? "") already exists in workspace=\(workspace)"
                )
            }
            try note(.objectRoleEdited, place, in: connection)
            guard let edited = try load("r.role_id = \(place.role)", in: connection).first else {
                throw Self.missing(role)
            }
            return edited
        }
    }

    /// Removes a role with its permissions from everybody who has it.
    ///
    /// - Throws: As `get`.
    package func delete(_ role: Int64) async throws {
        try await database.write { connection in
            let place = try administered(role, lock: true, in: connection)
            try connection.execute("DELETE FROM object_roles WHERE role_id = \(place.role)")
            try note(.objectRoleDeleted, place, in: connection)
        }
    }
}

extension ObjectRoleStore {
    static let denied = Failure(.permissionDenied, "Permission denied")

    static func missing(_ role: Int64) -> Failure { .missing("Role with id=\(role) not found") }

    var looksAfterServer: Bool { identity.isServerAdmin && identity.ceiling == .admin }

    func place(of role: Int64, lock: Bool = false, in connection: any Connection) throws -> Place? {
        let ending: SQL = lock ? "\(.forUpdate)" : ""
        return try connection.first(
            "SELECT role_id, name, workspace_id FROM object_roles WHERE role_id = \(role) \(ending)"
        ) { Place(role: $0.int(0), name: $0.text(1), workspace: WorkspaceID(key: $0.int(2))) }
    }

    /// A role that who asks may change.
    ///
    /// Security: who may not is told the same of a role that is there and of one that is not.
    ///
    /// - Parameters:
    ///   - role: Its id.
    ///   - lock: Whether nobody else may change or remove it until the transaction ends.
    ///   - connection: The transaction.
    /// - Returns: The role with its workspace.
    /// - Throws: As `get`.
    func administered(_ role: Int64, lock: Bool = false, in connection: any Connection) throws -> Place {
        guard let place = try place(of: role, lock: lock, in: connection) else {
            throw looksAfterServer ? Self.missing(role) : Self.denied
        }
        guard try administers(place.workspace, in: connection) else { throw Self.denied }
        return place
    }

    func visible(_ role: Int64, in connection: any Connection) throws -> Place {
        guard let place = try place(of: role, in: connection) else {
            throw looksAfterServer ? Self.missing(role) : Self.denied
        }
        guard try mayLook(into: place.workspace, in: connection) else { throw Self.denied }
        return place
    }

    func administers(_ workspace: WorkspaceID, in connection: any Connection) throws -> Bool {
        try ReachReader(connection: connection).role(of: identity, in: workspace) == .admin
    }

    /// Whoever has a role of a workspace may know the others.
    func mayLook(into workspace: WorkspaceID, in connection: any Connection) throws -> Bool {
        if try administers(workspace, in: connection) { return true }
        return try connection.first(
            """
            SELECT 1 FROM object_role_members m JOIN object_roles r ON r.role_id = m.role_id
            WHERE m.account_id = \(identity.account?.key ?? 0) AND r.workspace_id = \(workspace.key)
            """
        ) { _ in true } ?? false
    }

    /// The workspace of a name that who asks may administer.
    func administered(_ name: String, in connection: any Connection) throws -> WorkspaceID {
        let id = try known(name, in: connection)
        guard try administers(id, in: connection) else { throw Self.denied }
        return id
    }

    /// Security: who does not look after the server is told the same of what is there and of what is not.
    private func known(_ name: String, in connection: any Connection) throws -> WorkspaceID {
        guard let id = try workspace(name, in: connection) else {
            throw looksAfterServer ? Failure.missing("Workspace '\(name)' not found") : Self.denied
        }
        return id
    }

    /// What MLflow's clients mean by a name; nil where nothing is called so.
    func workspace(_ name: String, in connection: any Connection) throws -> WorkspaceID? {
        guard let (owner, repository) = try WorkspaceName(name).address(for: identity) else {
            return .standard
        }
        return try connection.first(
            """
            SELECT r.workspace_id FROM repositories r JOIN accounts o ON o.account_id = r.owner_id
            WHERE o.login_key = \(owner.lowercased()) AND r.name_key = \(repository.lowercased())
                AND r.deleted_ms IS NULL
            """
        ) { WorkspaceID(key: $0.int(0)) }
    }

    /// What MLflow's clients call a workspace; `owner/name` where its letters are none of theirs.
    func name(of workspace: WorkspaceID, in connection: any Connection) throws -> String {
        guard workspace != .standard else { return WorkspaceName.standard }
        let found = try PlaceReader(connection).find(workspace, for: identity)
        guard let place = found?.place else { return "\(workspace.key)" }
        return WorkspaceName.name(of: place, for: identity)?.text ?? place.fullName
    }

    /// The roles of a condition on `object_roles`, called `r`, in the order in which they were made.
    func load(_ condition: SQL, in connection: any Connection) throws -> [ObjectRole] {
        var permissions: [Int64: [ObjectRole.Permission]] = [:]
        let found = try connection.rows(
            """
            SELECT \(ObjectRole.Permission.columns)
            FROM object_permissions p JOIN object_roles r ON r.role_id = p.role_id
            WHERE \(condition) ORDER BY p.permission_id
            """,
            ObjectRole.Permission.init
        )
        for permission in found { permissions[permission.role, default: []].append(permission) }
        let rows = try connection.rows(
            """
            SELECT r.role_id, r.name, r.workspace_id, r.description, r.account_id IS NOT NULL FROM object_roles r
            WHERE \(condition) ORDER BY r.role_id
            """
        ) {
            (
                id: $0.int(0), name: $0.text(1), workspace: $0.int(2), description: $0.optionalText(3),
                isOwn: $0.bool(4)
            )
        }
        var names: [Int64: String] = [:]
        for key in Set(rows.map(\.workspace)) {
            names[key] = try name(of: WorkspaceID(key: key), in: connection)
        }
        return rows.map { row in
            ObjectRole(
                id: row.id,
                name: row.name,
                workspace: names[row.workspace] ?? "",
                description: row.description,
                permissions: permissions[row.id] ?? [],
                isOwn: row.isOwn
            )
        }
    }

    func note(
        _ kind: Event.Kind,
        _ place: Place,
        _ details: [JSON.Member] = [],
        in connection: any Connection
    ) throws {
        let workspace = try name(of: place.workspace, in: connection)
        let own = [
            JSON.Member(key: "role", value: .string(place.name)),
            JSON.Member(key: "workspace", value: .string(workspace)),
        ]
        try EventLog.append(
            kind,
            to: "object_role/\(place.role)",
            details: JSON.object(own + details).text,
            by: identity.caller(in: .server),
            in: connection
        )
    }
}
