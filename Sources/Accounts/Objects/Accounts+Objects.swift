package import Core
package import Database
import Events

extension Accounts {
    /// The permissions for single experiments and models of a workspace, for somebody who was let in there.
    package func objectPermissions(for access: Access) -> ObjectPermissionStore {
        ObjectPermissionStore(accounts: self, access: access)
    }

    /// The roles that are made of such permissions, for who looks after their workspaces.
    package func objectRoles(for identity: Identity) -> ObjectRoleStore {
        ObjectRoleStore(accounts: self, identity: identity)
    }

    /// Keeps the permissions for a model with it when its name changes, and ends them with it.
    ///
    /// Security: a name is free for another model afterwards, to which nobody was given anything.
    ///
    /// - Parameters:
    ///   - name: The name that it had.
    ///   - newName: Its new name; nil where it was deleted.
    ///   - caller: Who did it, and in which workspace.
    ///   - connection: The transaction that does it.
    /// - Throws: `DatabaseError` where the database fails.
    package static func follow(
        model name: String,
        to newName: String?,
        by caller: Caller,
        in connection: any Connection
    ) throws {
        guard let newName else { return try forget(.model(name), by: caller, in: connection) }
        guard ExactText(name) != ExactText(newName) else { return }
        try connection.execute(
            """
            UPDATE object_permissions SET object = \(newName)
            WHERE workspace_id = \(caller.workspace.key) AND kind = \(GrantedObject.Kind.registeredModel.rawValue)
                AND object = \(name)
            """
        )
    }

    /// Ends the permissions for a thing that is gone for good.
    ///
    /// - Parameters:
    ///   - object: The thing.
    ///   - caller: Who ended it, and in which workspace.
    ///   - connection: The transaction that ends it.
    /// - Throws: `DatabaseError` where the database fails.
    package static func forget(
        _ object: GrantedObject,
        by caller: Caller,
        in connection: any Connection
    ) throws {
        let removed = try connection.execute(
            """
            DELETE FROM object_permissions
            WHERE workspace_id = \(caller.workspace.key) AND kind = \(object.kind.rawValue) AND object = \(object.name)
            """
        )
        guard removed > 0 else { return }
        try EventLog.append(
            .permissionTaken,
            to: "workspace/\(caller.workspace.key)",
            details: ([
                "type": .string(object.kind.rawValue), "object": .string(object.name), "from": "everybody",
            ] as JSON)
            .text,
            by: caller.ofServer,
            in: connection
        )
    }
}
