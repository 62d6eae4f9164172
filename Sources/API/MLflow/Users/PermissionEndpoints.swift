package import Accounts
import Core
package import HTTP
import HTTPTypes
package import Registry
package import Tracking

/// MLflow's permissions for single experiments and registered models, as MLflow 2 and MLflow 3 ask for them, in the
/// workspace that the address names.
///
/// - Source: MLflow 3.17 and 2.22, `mlflow/server/auth/__init__.py`.
package enum PermissionEndpoints {
    package static func all(_ accounts: Accounts, _ tracking: Tracking, _ registry: Registry) -> [Endpoint] {
        ofUsers(accounts, .managed(tracking, registry) { try $0.grantedObject("resource_id") })
            + OlderKind.experiment.endpoints(
                accounts,
                .managed(tracking, registry, OlderKind.experiment.object)
            )
            + OlderKind.registeredModel.endpoints(
                accounts,
                .managed(tracking, registry, OlderKind.registeredModel.object)
            )
    }

    private static func ofUsers(_ accounts: Accounts, _ managed: Touches) -> [Endpoint] {
        [
            Endpoint(.post, "users/permissions/grant", in: .v3, needs: .admin, touching: managed) { call in
                let message = try await call.message()
                let (login, object) = try message.grant()
                _ = try await accounts.objectPermissions(for: call.access).give(
                    message.permission(for: object.kind),
                    for: object,
                    to: login,
                    replacesRole: false,
                    .ofUser(login, object)
                )
                return .empty
            },
            revoke(.post, accounts, managed),
            revoke(.delete, accounts, managed),
            Endpoint(.get, "users/permissions/get", in: .v3, needs: .read, touching: .reached) { call in
                let (login, object) = try await call.message().grant()
                let permission = try await accounts.objectPermissions(for: call.access)
                    .effective(for: object, of: login)
                return .json { json in
                    json.field("allowed", permission >= .use)
                    json.field("permission", permission.rawValue)
                }
            },
        ]
    }

    private static func revoke(
        _ method: HTTPRequest.Method,
        _ accounts: Accounts,
        _ managed: Touches
    ) -> Endpoint {
        Endpoint(method, "users/permissions/revoke", in: .v3, needs: .admin, touching: managed) { call in
            let (login, object) = try await call.message().grant()
            try await accounts.objectPermissions(for: call.access)
                .take(for: object, from: login, .ofUser(login, object))
            return .empty
        }
    }
}

/// What MLflow 2 has calls for.
private enum OlderKind: Sendable {
    case experiment, registeredModel

    private var noun: String {
        switch self {
        case .experiment: "experiments"
        case .registeredModel: "registered-models"
        }
    }

    @Sendable func object(_ message: Message) throws -> GrantedObject {
        switch self {
        case .experiment: .experiment(try ExperimentID.parse(message.requiredString("experiment_id")))
        case .registeredModel: .model(try message.modelName().text)
        }
    }

    func endpoints(_ accounts: Accounts, _ managed: Touches) -> [Endpoint] {
        [
            row(.post, "create", managed) { call, message, object, login in
                let given = try await accounts.objectPermissions(for: call.access).give(
                    message.olderPermission(),
                    for: object,
                    to: login,
                    replacesRole: true,
                    words(login, object)
                )
                return answer(given, for: object)
            },
            row(.get, "get", managed) { call, _, object, login in
                let given = try await accounts.objectPermissions(for: call.access)
                    .get(for: object, of: login, words(login, object))
                return answer(given, for: object)
            },
            row(.patch, "update", managed) { call, message, object, login in
                try await accounts.objectPermissions(for: call.access).change(
                    to: message.olderPermission(),
                    for: object,
                    of: login,
                    words(login, object)
                )
                return .empty
            },
            row(.delete, "delete", managed) { call, _, object, login in
                try await accounts.objectPermissions(for: call.access)
                    .take(for: object, from: login, words(login, object))
                return .empty
            },
        ]
    }

    private func row(
        _ method: HTTPRequest.Method,
        _ verb: String,
        _ managed: Touches,
        _ handler: @escaping @Sendable (Call, Message, GrantedObject, String) async throws -> Answer
    ) -> Endpoint {
        Endpoint(method, "\(noun)/permissions/\(verb)", needs: .admin, touching: managed) { call in
            let message = try await call.message()
            return try await handler(call, message, object(message), message.requiredString("username"))
        }
    }

    private func answer(_ given: ObjectPermissionStore.Given, for object: GrantedObject) -> Answer {
        .json { json in
            json.key(self == .experiment ? "experiment_permission" : "registered_model_permission")
            json.value(object, given.permission, of: given.account)
        }
    }

    private func words(_ login: String, _ object: GrantedObject) -> ObjectPermissionStore.Words {
        let (noun, field) =
            self == .experiment ? ("Experiment", "experiment_id") : ("Registered model", "name")
        return ObjectPermissionStore.Words(
            taken: .alreadyExists(
                "\(noun) permission (\(field)=\(object.name), username=\(login)) already exists."
            ),
            missing: .missing(
                "\(noun) permission with \(field)=\(object.name) and username=\(login) not found"
            )
        )
    }
}

extension ObjectPermissionStore.Words {
    fileprivate static func ofUser(_ login: String, _ object: GrantedObject) -> Self {
        let subject =
            "Permission for user=\(login) on resource_type=\(object.kind.rawValue), resource_id=\(object.name)"
        return Self(
            taken: .alreadyExists("\(subject) already exists."),
            missing: .missing("\(subject) not found.")
        )
    }
}

extension Message {
    /// Whose permission for what.
    fileprivate func grant() throws -> (login: String, object: GrantedObject) {
        (try requiredString("username"), try grantedObject("resource_id"))
    }
}

extension JSONWriter {
    /// MLflow 2's `ExperimentPermission` and `RegisteredModelPermission`.
    mutating func value(_ object: GrantedObject, _ permission: ObjectPermission, of account: AccountID) {
        self.object { json in
            json.field(object.kind == .experiment ? "experiment_id" : "name", object.name)
            json.field("user_id", account.key)
            json.field("permission", permission.rawValue)
        }
    }
}
