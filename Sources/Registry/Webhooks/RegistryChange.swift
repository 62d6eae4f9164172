import Core

/// What happened in the registry that webhooks are told of.
///
/// Whether it happened to a model or to a prompt is the event's affair, and which of the fields are told.
///
/// - Source: MLflow 3.17, `mlflow/server/handlers.py`, the calls of `deliver_webhook`.
enum RegistryChange {
    case modelCreated(NewRegisteredModel)
    case versionCreated(NewModelVersion, number: Int64)
    case modelTagSet(ModelName, Tag)
    case modelTagDeleted(ModelName, key: String)
    case versionTagSet(ModelName, version: Int64, Tag)
    case versionTagDeleted(ModelName, version: Int64, key: String)
    case aliasSet(ModelName, AliasName, version: Int64)
    case aliasRemoved(ModelName, AliasName)

    /// The event of a prompt, and that of a model; tags of models are nobody's business in the original.
    var events: (prompt: WebhookEvent, model: WebhookEvent?) {
        switch self {
        case .modelCreated: (.promptCreated, .registeredModelCreated)
        case .versionCreated: (.promptVersionCreated, .modelVersionCreated)
        case .modelTagSet: (.promptTagSet, nil)
        case .modelTagDeleted: (.promptTagDeleted, nil)
        case .versionTagSet: (.promptVersionTagSet, .modelVersionTagSet)
        case .versionTagDeleted: (.promptVersionTagDeleted, .modelVersionTagDeleted)
        case .aliasSet: (.promptAliasCreated, .modelVersionAliasCreated)
        case .aliasRemoved: (.promptAliasDeleted, .modelVersionAliasDeleted)
        }
    }

    /// Whether it is a prompt by what was asked; nil where the model says it.
    var isPrompt: Bool? {
        switch self {
        case .modelCreated(let new): Prompt.isMarked(new.tags)
        case .versionCreated(let new, _): Prompt.isMarked(new.tags)
        default: nil
        }
    }

    /// What the event carries.
    var data: JSON {
        switch self {
        case .modelCreated(let new):
            [
                "name": .string(new.name.text), "tags": tags(new.tags, but: Prompt.ownKeys),
                "description": .string(new.description),
            ]
        case .versionCreated(let new, let number): version(new, number)
        case .modelTagSet(let name, let tag):
            ["name": .string(name.text), "key": .string(tag.key), "value": .string(tag.value)]
        case .modelTagDeleted(let name, let key): ["name": .string(name.text), "key": .string(key)]
        case .versionTagSet(let name, let number, let tag):
            [
                "name": .string(name.text), "version": .string("\(number)"), "key": .string(tag.key),
                "value": .string(tag.value),
            ]
        case .versionTagDeleted(let name, let number, let key):
            ["name": .string(name.text), "version": .string("\(number)"), "key": .string(key)]
        case .aliasSet(let name, let alias, let number):
            ["name": .string(name.text), "alias": .string(alias.text), "version": .string("\(number)")]
        case .aliasRemoved(let name, let alias):
            ["name": .string(name.text), "alias": .string(alias.text)]
        }
    }

    private func version(_ new: NewModelVersion, _ number: Int64) -> JSON {
        let description: JSON = new.description.isEmpty ? .null : .string(new.description)
        guard isPrompt == true else {
            return [
                "name": .string(new.name.text), "version": .string("\(number)"),
                "source": .string(new.source), "run_id": new.runID.isEmpty ? .null : .string(new.runID),
                "tags": tags(new.tags, but: []), "description": description,
            ]
        }
        let template = new.tags.last { $0.key == Prompt.textKey }?.value
        return [
            "name": .string(new.name.text), "version": .string("\(number)"),
            "template": template.map(JSON.string) ?? .null,
            "tags": tags(new.tags, but: Prompt.ownKeys + [Prompt.textKey]), "description": description,
        ]
    }

    /// Tags as an object, without what marks a prompt where it is one.
    private func tags(_ tags: [Tag], but keys: [String]) -> JSON {
        let shown = isPrompt == true ? tags.filter { !keys.contains($0.key) } : tags
        return .object(shown.map { JSON.Member(key: $0.key, value: .string($0.value)) })
    }
}
