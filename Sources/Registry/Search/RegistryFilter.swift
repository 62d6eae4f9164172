import Core

/// What the two grammars of the registry have in common.
enum RegistryFilter {
    enum Field {
        case attribute(String)
        case tag(String)
    }

    static func field(
        _ operand: Operand,
        attributes: [String],
        in text: FilterSource
    ) throws(Failure) -> Field {
        let (entity, key) = text.name(operand)
        switch entity ?? "attribute" {
        case "tag", "tags":
            return .tag(key)
        case "attribute":
            guard attributes.contains(key) else {
                throw text.failure(
                    "Invalid attribute key '\(key)' specified. Valid keys are '\(pythonSet(attributes))'",
                    at: operand
                )
            }
            return .attribute(key)
        case let other:
            throw text.failure(
                "Invalid entity type '\(other)'. Valid entity types are ('attribute', 'tag', 'tags')",
                at: operand
            )
        }
    }

    static func right(_ raw: RawComparison, in text: FilterSource) throws(Failure) -> Operand {
        guard let right = raw.right else {
            throw text.failure("Invalid comparison clause. Expected 3 tokens found 2", at: raw)
        }
        return right
    }

    static func tagValue(_ operand: Operand, in text: FilterSource) throws(Failure) -> FilterValue {
        try text.quoted(operand) {
            "Expected a quoted string value for tag (e.g. 'my-value'). Got value \($0)"
        }
    }

    static func noText(_ written: String) -> String {
        "Expected a quoted string value or a list of quoted string values for attributes. Got value \(written)"
    }

    /// The comparison of a text or a list; nil where the comparator is not for such a value.
    static func comparison(_ value: FilterValue, _ comparator: String) -> Comparison? {
        switch value {
        case .text(let text): Comparison.Match(rawValue: comparator).map { .text($0, text) }
        case .list(let values): comparator.hasSuffix("IN") ? .list(isIn: comparator == "IN", values) : nil
        case .integer, .real, .none: nil
        }
    }
}

/// Which of models and prompts a search is for: prompts only where its first word about the mark says so.
///
/// Where it is for models, all that it says about the mark is true of every model, whether it carries one or not.
///
/// - Source: MLflow 3.17, `_is_querying_prompt`, `_update_query_to_exclude_prompts`.
enum PromptRule {
    case models
    case prompts

    init<Field>(_ filter: Filter<Field>?, tagKey: (Field) -> String?) {
        let first = filter?.leaves.first { tagKey($0.field) == Prompt.markKey }
        switch first?.comparison {
        case .text(.equal, let value) where value.lowercased() == "true": self = .prompts
        case .text(.notEqual, let value) where value.lowercased() == "false": self = .prompts
        default: self = .models
        }
    }
}
