package import Core
import Database
import Events

/// What roles are made of.
extension ObjectRoleStore {
    /// Adds a permission to a role.
    ///
    /// - Throws: As `get`; `Failure.missing` for the thing, `.alreadyExists` for one that the role has a permission for.
    package func add(
        _ permission: ObjectPermission,
        for object: GrantedObject,
        to role: Int64
    ) async throws -> ObjectRole.Permission {
        try await database.write { connection in
            let place = try administered(role, lock: true, in: connection)
            try accounts.hold(object, identity.caller(in: place.workspace), connection)
            let added = try connection.first(
                """
                INSERT INTO object_permissions AS p (role_id, workspace_id, kind, object, permission)
                VALUES (\(role), \(place.workspace.key), \(object.kind.rawValue), \(object.name), \(permission.rawValue))
                ON CONFLICT (role_id, kind, object) DO NOTHING
                RETURNING permission_id, role_id, kind, object, permission
                """,
                ObjectRole.Permission.init
            )
            guard let added else {
                throw Failure.alreadyExists(
                    "Role permission (role_id=\(role), resource_type=\(object.kind.rawValue), "
                        + "resource_pattern=\(object.name)) already exists."
                )
            }
            try note(.permissionGiven, place, added, in: connection)
            return added
        }
    }

    /// The permissions of a role.
    ///
    /// - Throws: As `get`.
    package func permissions(of role: Int64) async throws -> [ObjectRole.Permission] {
        try await get(role).permissions
    }

    /// Makes a permission of a role another one.
    ///
    /// - Throws: As `get`.
    package func change(_ id: Int64, to permission: ObjectPermission) async throws -> ObjectRole.Permission {
        try await database.write { connection in
            let place = try administered(permission: id, in: connection)
            let changed = try connection.first(
                """
                UPDATE object_permissions AS p SET permission = \(permission.rawValue) WHERE permission_id = \(id)
                RETURNING permission_id, role_id, kind, object, permission
                """,
                ObjectRole.Permission.init
            )
            guard let changed else { throw Self.missing(permission: id) }
            try note(.permissionGiven, place, changed, in: connection)
            return changed
        }
    }

    /// Removes a permission from a role.
    ///
    /// - Throws: As `get`.
    package func remove(_ id: Int64) async throws {
        try await database.write { connection in
            let place = try administered(permission: id, in: connection)
            let removed = try connection.first(
                """
                DELETE FROM object_permissions WHERE permission_id = \(id)
                RETURNING permission_id, role_id, kind, object, permission
                """,
                ObjectRole.Permission.init
            )
            guard let removed else { throw Self.missing(permission: id) }
            try note(.permissionTaken, place, removed, in: connection)
        }
    }

    private static func missing(permission id: Int64) -> Failure {
        .missing("Role permission with id=\(id) not found")
    }

    private func administered(permission id: Int64, in connection: any Connection) throws -> Place {
        let role = try connection.first(
            "SELECT role_id FROM object_permissions WHERE permission_id = \(id)"
        ) { $0.int(0) }
        guard let role else { throw looksAfterServer ? Self.missing(permission: id) : Self.denied }
        return try administered(role, lock: true, in: connection)
    }

    private func note(
        _ kind: Event.Kind,
        _ place: Place,
        _ permission: ObjectRole.Permission,
        in connection: any Connection
    ) throws {
        try note(
            kind,
            place,
            [
                JSON.Member(key: "type", value: .string(permission.object.kind.rawValue)),
                JSON.Member(key: "object", value: .string(permission.object.name)),
                JSON.Member(key: "permission", value: .string(permission.permission.rawValue)),
            ],
            in: connection
        )
    }
}
