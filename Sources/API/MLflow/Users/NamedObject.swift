import Accounts
import Core
import HTTP
import Registry
import Tracking

extension Message {
    /// What a permission of MLflow 3 is for: the fields `resource_type` and, under a name of its own, the thing.
    ///
    /// - Parameter field: The field that names the thing.
    /// - Returns: The thing; whether it is there is not looked at.
    /// - Throws: `Failure.invalid` in MLflow's words; `Failure.notImplemented` for what this server has none of, or gives by
    ///   roles in a repository.
    func grantedObject(_ field: String) throws -> GrantedObject {
        let type = try requiredString("resource_type")
        let name = try requiredString(field)
        guard type != "workspace" else {
            throw Failure.invalid(
                "resource_type 'workspace' is not supported by the per-user permission convenience APIs. Use "
                    + "set_workspace_permission / delete_workspace_permission for workspace-wide grants."
            )
        }
        guard ResourceType.all.contains(type) else {
            let types = ResourceType.all.map { "'\($0)'" }.joined(separator: ", ")
            throw Failure.invalid("Invalid resource type '\(type)'. Valid resource types are: (\(types))")
        }
        switch type {
        case ResourceType.experiment:
            return .experiment(name == "*" ? try wildcard() : try ExperimentID.parse(name))
        case ResourceType.model, ResourceType.prompt:
            return .model(name == "*" ? try wildcard() : try ModelName(name).text)
        default:
            throw Failure(
                .notImplemented,
                "Permissions are for experiments, registered models and prompts here; there is nothing of the type "
                    + "'\(type)' that has rights of its own."
            )
        }
    }

    private func wildcard<Value>() throws -> Value {
        throw Failure(
            .notImplemented,
            "A permission for everything of a type is a role in the repository here: make somebody a collaborator, or a "
                + "member of a team (PUT /api/v1/repos/{owner}/{repo}/collaborators/{login})."
        )
    }

    /// What a permission of MLflow 3 lets somebody do.
    ///
    /// - Throws: `Failure.invalid` in MLflow's words, and for `DENY`.
    func permission(for type: GrantedObject.Kind) throws -> ObjectPermission {
        let word = try requiredString("permission")
        if word == "DENY" {
            throw Failure.invalid(
                "Permissions add to what roles give here and take nothing away, so that there is no DENY: keep what is "
                    + "to be closed to members in a repository of its own."
            )
        }
        guard let permission = ObjectPermission(rawValue: word) else {
            throw Failure.invalid(
                "Invalid permission '\(word)'. Valid permissions are: "
                    + "('READ', 'USE', 'EDIT', 'MANAGE', 'NO_PERMISSIONS', 'DENY')"
            )
        }
        guard permission != .none else {
            throw Failure.invalid(
                "Invalid permission '\(word)' for resource_type='\(type.rawValue)'. Resource-level grants accept only: "
                    + "('DENY', 'EDIT', 'MANAGE', 'READ', 'USE')."
            )
        }
        return permission
    }

    /// What a permission of MLflow 2 lets somebody do.
    ///
    /// - Throws: `Failure.invalid` in MLflow's words.
    func olderPermission() throws -> ObjectPermission {
        let word = try requiredString("permission")
        guard let permission = ObjectPermission(rawValue: word) else {
            throw Failure.invalid(
                "Invalid permission '\(word)'. Valid permissions are: ('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS')"
            )
        }
        return permission
    }
}

/// MLflow's types of what permissions are for.
///
/// - Source: MLflow 3.17, `TYPE` in `mlflow/server/auth/permissions.py`.
private enum ResourceType {
    static let experiment = GrantedObject.Kind.experiment.rawValue
    static let model = GrantedObject.Kind.registeredModel.rawValue
    static let prompt = "prompt"

    /// In the order in which MLflow names them.
    static let all = [
        "assessment", "experiment", "gateway_endpoint", "gateway_model_definition", "gateway_secret",
        "logged_model",
        "mcp_server", "mcp_server_version", "prompt", "prompt_version", "registered_model",
        "registered_model_version", "review_queue", "run", "scorer", "scorer_version", "trace", "workspace",
    ]
}

extension Touches {
    /// A thing, for who may give others permissions for it.
    static func managed(
        _ tracking: Tracking,
        _ registry: Registry,
        _ object: @escaping @Sendable (Message) throws -> GrantedObject
    ) -> Touches {
        .objects(readsBody: true) { call in
            let object = try await object(call.message())
            switch object.kind {
            case .experiment:
                let id = try ExperimentID.parse(object.name)
                try await tracking.experiments(for: call.caller).require(.manage, on: id)
            case .registeredModel:
                let name = try ModelName(object.name)
                try await registry.registeredModels(for: call.caller).require(.manage, on: name)
            }
        }
    }
}
