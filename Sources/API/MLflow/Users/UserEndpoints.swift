package import Accounts
import Core
package import HTTP
import HTTPTypes

/// MLflow's users, as its basic-auth app has them: the people of this server.
///
/// - Source: MLflow 3.17 and 2.22, `mlflow/server/auth/__init__.py`.
package enum UserEndpoints {
    package static func all(_ accounts: Accounts, _ signIn: SignIn) -> [Endpoint] {
        rows(.post, "2.0", "users/create", .serverAdmin) { call in
            let message = try await call.message()
            let login = try message.requiredString("username")
            let password = try NewPassword(message.requiredString("password"), for: login)
            let person = try await signIn.passwords(for: call.caller).create(
                NewPerson(login: AccountName(login)),
                password
            )
            return .user(person, [])
        }
            + rows(.get, "2.0", "users/get", .signedIn) { call in
                let person = try await accounts.visiblePerson(
                    named: call.message().requiredString("username"),
                    call
                )
                let roles = try await accounts.objectRoles(for: call.access.identity).roles(of: person.login)
                return .user(person, roles.roles)
            }
            + rows(.get, "2.0", "users/list", .serverAdmin) { call in
                let people = try await accounts.people(for: call.caller).list(limit: 10_000)
                let roles = try await accounts.objectRoles(for: call.access.identity).rolesByMember()
                return .json { json in
                    json.array("users") { list in
                        for person in people {
                            list.object { object in
                                object.write(person)
                                object.array("roles") { json in
                                    for role in roles[person.id] ?? [] { json.value(role) }
                                }
                            }
                        }
                    }
                }
            }
            + rows(.get, "2.0", "users/current", .signedIn) { call in
                // Without sign-in there is no such call, and MLflow's pages show nobody to sign out.
                guard call.access.identity.means != .local else {
                    throw Failure(.endpointNotFound, "This server has no such endpoint.")
                }
                let person = try await accounts.visiblePerson(named: call.access.identity.login, call)
                return .json { json in
                    json.object("user") { $0.write(person) }
                    json.field("is_basic_auth", call.access.identity.means == .password)
                }
            }
            + rows(.patch, "2.0", "users/update-password", .signedIn) { call in
                try await updatePassword(call, accounts, signIn)
            }
            + rows(.patch, "2.0", "users/update-admin", .serverAdmin) { call in
                let message = try await call.message()
                let person = try await accounts.person(named: message.requiredString("username"), call)
                guard let isAdmin = try message.boolean("is_admin") else {
                    throw Failure.invalid("Missing value for required parameter 'is_admin'.")
                }
                try await accounts.people(for: call.caller).setServerAdmin(isAdmin, of: person.id)
                return .empty
            }
            + rows(.delete, "2.0", "users/delete", .serverAdmin) { call in
                let person = try await accounts.person(named: call.message().requiredString("username"), call)
                guard person.id != call.caller.account else {
                    throw Failure(
                        .badRequest,
                        "Users cannot delete their own account. Ask another admin to delete this user instead."
                    )
                }
                try await accounts.people(for: call.caller).delete(person.id)
                return .empty
            }
    }

    private static func updatePassword(
        _ call: Call,
        _ accounts: Accounts,
        _ signIn: SignIn
    ) async throws -> Answer {
        let message = try await call.message()
        let login = try message.requiredString("username")
        let identity = call.access.identity
        let passwords = signIn.passwords(for: call.caller)
        let text = try message.requiredString("password")
        guard login.lowercased() == identity.login.lowercased() else {
            // Security: to set the password of another is to become them.
            guard identity.isServerAdmin, identity.reachesAccount, identity.ceiling == .admin else {
                throw Refusal.mayNot("Permission denied")
            }
            let person = try await accounts.person(named: login, call)
            try await passwords.set(NewPassword(text, for: person.login), of: person.id)
            return .empty
        }
        guard let current = try message.string("current_password"), !current.isEmpty else {
            throw Failure.invalid("Current password is required when changing your own password.")
        }
        guard text != current else {
            throw Failure.invalid("New password must differ from the current password.")
        }
        let attempt = PasswordAttempt(login: identity.login, password: current, address: call.clientAddress)
        try await passwords.change(attempt, to: NewPassword(text, for: identity.login))
        return .empty
    }

    /// A call is about the server, not about a workspace, and has both of MLflow's addresses.
    static func rows(
        _ method: HTTPRequest.Method,
        _ version: String,
        _ path: String,
        _ right: Right,
        _ handler: @escaping Endpoint.Handler
    ) -> [Endpoint] {
        ["api", "ajax-api"].map { base in
            Endpoint(method, "\(base)/\(version)/mlflow/\(path)", in: .root, needs: right, handler: handler)
        }
    }
}

extension Answer {
    /// A person with what was given to them in the default workspace, which clients of MLflow 2 read with them.
    fileprivate static func user(_ person: Person, _ roles: [ObjectRole]) -> Answer {
        let own = roles.filter { $0.workspace == WorkspaceName.standard && $0.isOwn }.flatMap(\.permissions)
        return .json { json in
            json.object("user") { json in
                json.write(person)
                json.array("experiment_permissions") { json in
                    for given in own where given.object.kind == .experiment {
                        json.value(given.object, given.permission, of: person.id)
                    }
                }
                json.array("registered_model_permissions") { json in
                    for given in own where given.object.kind == .registeredModel {
                        json.value(given.object, given.permission, of: person.id)
                    }
                }
            }
        }
    }
}

extension Accounts {
    fileprivate func person(named login: String, _ call: Call) async throws -> Person {
        guard let person = try await people(for: call.caller).find(login) else {
            throw Failure.missing("User with username=\(login) not found")
        }
        return person
    }

    /// Oneself, or anybody for who looks after the server.
    fileprivate func visiblePerson(named login: String, _ call: Call) async throws -> Person {
        let identity = call.access.identity
        guard identity.isServerAdmin || login.lowercased() == identity.login.lowercased() else {
            throw Refusal.mayNot("Permission denied")
        }
        return try await person(named: login, call)
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ person: Person) {
        field("id", person.id.key)
        field("username", person.login)
        field("is_admin", person.isServerAdmin)
    }
}
