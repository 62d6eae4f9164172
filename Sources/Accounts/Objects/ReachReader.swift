import Core
import Database

/// Finds what somebody reaches of a workspace by permissions for single things of it.
struct ReachReader {
    let connection: any Connection

    /// - Parameters:
    ///   - identity: Who asks.
    ///   - workspace: Where.
    ///   - role: What they are there.
    /// - Returns: What they reach; nil where that is no more than the role gives.
    /// - Throws: `DatabaseError` where the database fails.
    func reach(of identity: Identity, in workspace: WorkspaceID, as role: Role?) throws -> Reach? {
        guard let account = identity.account,
            identity.workspace == nil || identity.workspace == workspace
        else { return nil }
        // Security: what a token may do is not exceeded anywhere.
        let ceiling = ObjectPermission(identity.ceiling)
        let base = ObjectPermission(role)
        var experiments: [Int64: ObjectPermission] = [:]
        var models: [ExactText: ObjectPermission] = [:]
        for (object, given) in try permissions(of: account, in: workspace) {
            let permission = min(given, ceiling)
            guard permission > base else { continue }
            switch object.kind {
            case .experiment:
                guard let id = Int64(object.name) else { continue }
                experiments[id] = max(experiments[id] ?? .none, permission)
            case .registeredModel:
                let name = ExactText(object.name)
                models[name] = max(models[name] ?? .none, permission)
            }
        }
        guard !experiments.isEmpty || !models.isEmpty else { return nil }
        return Reach(base: base, experiments: experiments, models: models)
    }

    /// What was given to an account itself or to a role of theirs; the same thing may come more than once.
    func permissions(
        of account: AccountID,
        in workspace: WorkspaceID
    ) throws -> [(GrantedObject, ObjectPermission)] {
        try connection.rows(
            """
            SELECT p.kind, p.object, p.permission
            FROM object_role_members m
            JOIN object_roles r ON r.role_id = m.role_id
            JOIN object_permissions p ON p.role_id = r.role_id
            WHERE m.account_id = \(account.key) AND r.workspace_id = \(workspace.key)
            """
        ) { row in
            guard let kind = GrantedObject.Kind(rawValue: row.text(0)),
                let permission = ObjectPermission(rawValue: row.text(2))
            else { throw Failure(.internalError, "A permission '\(row.text(2))' is unknown.") }
            return (GrantedObject(kind: kind, name: row.text(1)), permission)
        }
    }

    /// The role of somebody in a workspace, the default one or that of a repository; nil where it is not there for them.
    func role(of identity: Identity, in workspace: WorkspaceID) throws -> Role? {
        guard workspace == .standard else {
            return try PlaceReader(connection).find(workspace, for: identity)?.role(of: identity)
        }
        return Rules.roleInDefault(of: identity)
    }
}
