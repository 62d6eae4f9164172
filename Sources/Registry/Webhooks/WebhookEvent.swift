package import Core

/// What a webhook can be told of; the raw value is the entity and the action.
///
/// - Source: MLflow 3.17, `mlflow/entities/webhook.py`, `VALID_ENTITY_ACTIONS`.
package enum WebhookEvent: String, Sendable, Hashable, CaseIterable {
    case registeredModelCreated = "registered_model.created"
    case modelVersionCreated = "model_version.created"
    case modelVersionTagSet = "model_version_tag.set"
    case modelVersionTagDeleted = "model_version_tag.deleted"
    case modelVersionAliasCreated = "model_version_alias.created"
    case modelVersionAliasDeleted = "model_version_alias.deleted"
    case promptCreated = "prompt.created"
    case promptVersionCreated = "prompt_version.created"
    case promptTagSet = "prompt_tag.set"
    case promptTagDeleted = "prompt_tag.deleted"
    case promptVersionTagSet = "prompt_version_tag.set"
    case promptVersionTagDeleted = "prompt_version_tag.deleted"
    case promptAliasCreated = "prompt_alias.created"
    case promptAliasDeleted = "prompt_alias.deleted"
    /// Of MLflow's gateway, which is not served: accepted, and never happens.
    case budgetPolicyExceeded = "budget_policy.exceeded"

    package enum Entity: String, Sendable, CaseIterable {
        case registeredModel = "registered_model"
        case modelVersion = "model_version"
        case modelVersionTag = "model_version_tag"
        case modelVersionAlias = "model_version_alias"
        case prompt = "prompt"
        case promptVersion = "prompt_version"
        case promptTag = "prompt_tag"
        case promptVersionTag = "prompt_version_tag"
        case promptAlias = "prompt_alias"
        case budgetPolicy = "budget_policy"
    }

    package enum Action: String, Sendable, CaseIterable {
        case created, updated, deleted, set, exceeded
    }

    /// - Parameters:
    ///   - entity: What it is about.
    ///   - action: What happens to it.
    /// - Throws: `Failure.invalid` in MLflow's words where that does not happen.
    package init(_ entity: Entity, _ action: Action) throws(Failure) {
        guard let event = WebhookEvent(rawValue: "\(entity.rawValue).\(action.rawValue)") else {
            let actions = Self.allCases.filter { $0.entity == entity }.map { "'\($0.action.rawValue)'" }
            throw .invalid(
                "Invalid action '\(action.rawValue)' for entity '\(entity.rawValue)'. Valid actions are: "
                    + "[\(actions.sorted().joined(separator: ", "))]"
            )
        }
        self = event
    }

    package var entity: Entity {
        guard let entity = Entity(rawValue: String(rawValue.prefix { $0 != "." })) else {
            preconditionFailure("\(rawValue) begins with no entity")
        }
        return entity
    }

    package var action: Action {
        guard let action = Action(rawValue: String(rawValue.drop { $0 != "." }.dropFirst())) else {
            preconditionFailure("\(rawValue) ends with no action")
        }
        return action
    }

    /// The body of a delivery.
    ///
    /// - Parameters:
    ///   - data: What happened.
    ///   - atMs: When, in epoch milliseconds.
    /// - Returns: JSON as MLflow writes it: ASCII, with a space behind each comma and colon.
    /// - Source: MLflow 3.17, `mlflow/webhooks/delivery.py`, `_send_webhook_request`.
    func body(_ data: JSON, atMs: Int64) -> String {
        let members = [
            JSON.Member(key: "entity", value: .string(entity.rawValue)),
            JSON.Member(key: "action", value: .string(action.rawValue)),
            JSON.Member(key: "timestamp", value: .string(PythonTime.text(atMs: atMs))),
            JSON.Member(key: "data", value: data),
        ]
        return PythonText.json(.object(members))
    }
}
