package import Accounts
import Core
package import HTTP
import HTTPTypes

/// MLflow 3's roles: permissions for single experiments and models under one name, which people are given together.
///
/// They are asked for at the address of the server and name their workspace, or are named by a number.
///
/// - Source: MLflow 3.17, `mlflow/server/auth/__init__.py`.
package enum ObjectRoleEndpoints {
    package static func all(_ accounts: Accounts) -> [Endpoint] {
        roles(accounts) + permissions(accounts) + members(accounts)
    }

    private typealias Handler = @Sendable (ObjectRoleStore, Call, Message) async throws -> Answer

    private static func roles(_ accounts: Accounts) -> [Endpoint] {
        row(.post, "roles/create", accounts) { store, _, message in
            let name = try message.requiredString("name")
            let workspace = try message.requiredString("workspace")
            return .role(
                try await store.create(name, in: workspace, description: message.string("description"))
            )
        }
            + row(.get, "roles/get", accounts) { store, _, message in
                .role(try await store.get(message.number("role_id")))
            }
            + row(.get, "roles/list", accounts) { store, call, _ in
                let workspaces = call.query.all("workspace")
                guard workspaces.allSatisfy({ name in name.contains { !$0.isWhitespace } }) else {
                    throw Failure.invalid("Parameter 'workspace' must be a non-empty string when provided.")
                }
                return .roles(try await store.list(in: workspaces))
            }
            + row(.patch, "roles/update", accounts) { store, _, message in
                let id = try message.number("role_id")
                let (name, description) = (try message.string("name"), try message.string("description"))
                guard name != nil || description != nil else {
                    throw Failure.invalid(
                        "At least one of 'name' or 'description' must be provided to update a role."
                    )
                }
                return .role(try await store.edit(id, name: name, description: description))
            }
            + row(.delete, "roles/delete", accounts) { store, _, message in
                try await store.delete(message.number("role_id"))
                return .empty
            }
    }

    private static func permissions(_ accounts: Accounts) -> [Endpoint] {
        row(.post, "roles/permissions/add", accounts) { store, _, message in
            let id = try message.number("role_id")
            let object = try message.grantedObject("resource_pattern")
            return .permission(try await store.add(message.permission(for: object.kind), for: object, to: id))
        }
            + row(.delete, "roles/permissions/remove", accounts) { store, _, message in
                try await store.remove(message.number("role_permission_id"))
                return .empty
            }
            + row(.get, "roles/permissions/list", accounts) { store, _, message in
                let found = try await store.permissions(of: message.number("role_id"))
                return .json { json in
                    json.array("role_permissions") { json in
                        for permission in found { json.value(permission) }
                    }
                }
            }
            + row(.patch, "roles/permissions/update", accounts) { store, _, message in
                let id = try message.number("role_permission_id")
                return .permission(try await store.change(id, to: message.permission(for: .experiment)))
            }
    }

    private static func members(_ accounts: Accounts) -> [Endpoint] {
        row(.post, "roles/assign", accounts) { store, _, message in
            let (login, id) = (try message.requiredString("username"), try message.number("role_id"))
            let assignment = try await store.give(id, to: login)
            return .json { json in
                json.key("assignment")
                json.value(assignment)
            }
        }
            + row(.delete, "roles/unassign", accounts) { store, _, message in
                let (login, id) = (try message.requiredString("username"), try message.number("role_id"))
                try await store.take(id, from: login)
                return .empty
            }
            + row(.get, "roles/users/list", accounts) { store, _, message in
                let found = try await store.members(of: message.number("role_id"))
                return .json { json in
                    json.array("assignments") { json in
                        for assignment in found { json.value(assignment) }
                    }
                }
            }
            + row(.get, "users/roles/list", accounts) { store, _, message in
                .roles(try await store.roles(of: message.requiredString("username")).roles)
            }
            + row(.get, "users/permissions/list", accounts) { store, _, message in
                .permissions(try await store.roles(of: message.requiredString("username")))
            }
            + row(.get, "users/current/permissions", accounts) { store, call, _ in
                .permissions(try await store.roles(of: call.access.identity.login))
            }
    }

    private static func row(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ accounts: Accounts,
        _ handler: @escaping Handler
    ) -> [Endpoint] {
        UserEndpoints.rows(method, "3.0", path, .signedIn) { call in
            try await handler(accounts.objectRoles(for: call.access.identity), call, call.message())
        }
    }
}

extension Message {
    /// The number of a role or of one of its permissions.
    fileprivate func number(_ name: String) throws -> Int64 {
        guard let json = try json(name) else { throw missing(name) }
        do {
            return try requiredInteger(name)
        } catch let failure as Failure where failure.code == .invalidParameter {
            let value =
                if case .string(let text) = json {
                    "'\(text.prefix(200))'"
                } else {
                    json.pythonText(upTo: 200)
                }
            throw Failure.invalid("Parameter '\(name)' must be an integer. Got: \(value)")
        }
    }
}

extension Answer {
    fileprivate static func role(_ role: ObjectRole) -> Answer {
        .json { json in
            json.key("role")
            json.value(role)
        }
    }

    fileprivate static func roles(_ roles: [ObjectRole]) -> Answer {
        .json(capacityBytes: 4_096) { json in
            json.array("roles") { json in
                for role in roles { json.value(role) }
            }
        }
    }

    fileprivate static func permission(_ permission: ObjectRole.Permission) -> Answer {
        .json { json in
            json.key("role_permission")
            json.value(permission)
        }
    }

    fileprivate static func permissions(_ found: (person: Person, roles: [ObjectRole])) -> Answer {
        .json(capacityBytes: 4_096) { json in
            json.field("is_admin", found.person.isServerAdmin)
            json.array("permissions") { json in
                for role in found.roles {
                    for permission in role.permissions {
                        json.object { json in
                            json.field("role_id", role.id)
                            json.field("role_name", role.name)
                            json.field("workspace", role.workspace)
                            json.field("resource_type", permission.object.kind.rawValue)
                            json.field("resource_pattern", permission.object.name)
                            json.field("permission", permission.permission.rawValue)
                        }
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    mutating func value(_ role: ObjectRole) {
        object { json in
            json.field("id", role.id)
            json.field("name", role.name)
            json.field("workspace", role.workspace)
            json.key("description")
            if let description = role.description { json.value(description) } else { json.null() }
            json.array("permissions") { json in
                for permission in role.permissions { json.value(permission) }
            }
        }
    }

    fileprivate mutating func value(_ permission: ObjectRole.Permission) {
        object { json in
            json.field("id", permission.id)
            json.field("role_id", permission.role)
            json.field("resource_type", permission.object.kind.rawValue)
            json.field("resource_pattern", permission.object.name)
            json.field("permission", permission.permission.rawValue)
        }
    }

    fileprivate mutating func value(_ assignment: ObjectRole.Assignment) {
        object { json in
            json.field("id", assignment.id)
            json.field("user_id", assignment.account.key)
            json.field("role_id", assignment.role)
        }
    }
}
