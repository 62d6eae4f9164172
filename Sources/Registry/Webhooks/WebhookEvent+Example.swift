import Core

extension WebhookEvent {
    /// What a test of a webhook tells.
    ///
    /// - Source: MLflow 3.17, `mlflow/webhooks/types.py`, the `example` of each payload.
    var example: JSON {
        let tags: JSON = ["example_key": "example_value"]
        return switch self {
        case .registeredModelCreated:
            ["name": "example_model", "tags": tags, "description": "An example registered model"]
        case .modelVersionCreated:
            [
                "name": "example_model", "version": "1", "source": "models:/123",
                "run_id": "abcd1234abcd5678", "tags": tags, "description": "An example model version",
            ]
        case .modelVersionTagSet:
            ["name": "example_model", "version": "1", "key": "example_key", "value": "example_value"]
        case .modelVersionTagDeleted: ["name": "example_model", "version": "1", "key": "example_key"]
        case .modelVersionAliasCreated: ["name": "example_model", "alias": "example_alias", "version": "1"]
        case .modelVersionAliasDeleted: ["name": "example_model", "alias": "example_alias"]
        case .promptCreated: ["name": "example_prompt", "tags": tags, "description": "An example prompt"]
        case .promptVersionCreated:
            [
                "name": "example_prompt", "version": "1", "template": "Hello {{name}}!", "tags": tags,
                "description": "An example prompt version",
            ]
        case .promptTagSet: ["name": "example_prompt", "key": "example_key", "value": "example_value"]
        case .promptTagDeleted: ["name": "example_prompt", "key": "example_key"]
        case .promptVersionTagSet:
            ["name": "example_prompt", "version": "1", "key": "example_key", "value": "example_value"]
        case .promptVersionTagDeleted: ["name": "example_prompt", "version": "1", "key": "example_key"]
        case .promptAliasCreated: ["name": "example_prompt", "alias": "example_alias", "version": "1"]
        case .promptAliasDeleted: ["name": "example_prompt", "alias": "example_alias"]
        case .budgetPolicyExceeded:
            [
                "budget_policy_id": "bp-abc123", "budget_unit": "USD", "budget_amount": .number(100),
                "current_spend": .number(105.5), "duration_unit": "MONTHS", "duration_value": .integer(1),
                "target_scope": "ENDPOINT", "workspace": "default", "target_value": "ep-abc123",
                "window_start": .integer(1_704_067_200_000),
            ]
        }
    }
}
