import Core
package import HTTP
import HTTPTypes
package import Registry

/// What MLflow answers about registered models and their aliases.
///
/// Beside MLflow's own fields, what changes something takes a `comment`, which the history keeps.
package enum RegisteredModelEndpoints {
    package static func all(_ registry: Registry) -> [Endpoint] {
        models(registry) + tags(registry) + aliases(registry)
    }

    /// The models for a change, and why it is made.
    private static func models(
        for call: Call,
        _ message: Message,
        _ registry: Registry
    ) throws -> RegisteredModelStore {
        registry.registeredModels(for: call.caller, because: try message.string("comment"))
    }

    private static func models(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.post, "registered-models/create", needs: .write, touching: .workspace) { call in
                let message = try await call.message()
                let new = try NewRegisteredModel(
                    name: message.modelName(),
                    description: message.string("description") ?? "",
                    tags: message.tags("tags")
                )
                return .model(try await models(for: call, message, registry).create(new))
            },
            Endpoint(.get, "registered-models/get", needs: .read, touching: .model(.read, registry)) { call in
                let name = try await call.message().modelName()
                return .model(try await registry.registeredModels(for: call.caller).get(name))
            },
            Endpoint(.post, "registered-models/rename", needs: .write, touching: .model(.update, registry)) {
                call in
                let message = try await call.message()
                let (old, new) = (try message.requiredString("name"), try message.requiredString("new_name"))
                let newName = try ModelName(new, parameter: "new_name")
                let models = try models(for: call, message, registry)
                return .model(try await models.rename(ModelName(old), to: newName))
            },
            Endpoint(.patch, "registered-models/update", needs: .write, touching: .model(.update, registry)) {
                call in
                let message = try await call.message()
                let model = try await models(for: call, message, registry).describe(
                    message.modelName(),
                    as: message.string("description") ?? ""
                )
                return .model(model)
            },
            Endpoint(.delete, "registered-models/delete", needs: .write, touching: .model(.delete, registry))
            { call in
                let message = try await call.message()
                // As in the original, which asks for no force; the address of Roost's own does.
                try await registry.registeredModels(for: call.caller).delete(
                    message.modelName(),
                    isForced: true,
                    comment: message.string("comment")
                )
                return .empty
            },
            Endpoint(.get, "registered-models/search", needs: .read, touching: .reached) {
                try await search($0, registry)
            },
            Endpoint(
                .post,
                "registered-models/get-latest-versions",
                needs: .read,
                touching: .model(.read, registry)
            ) {
                try await latestVersions($0, registry)
            },
            Endpoint(
                .get,
                "registered-models/get-latest-versions",
                needs: .read,
                touching: .model(.read, registry)
            ) {
                try await latestVersions($0, registry)
            },
        ]
    }

    private static func tags(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.post, "registered-models/set-tag", needs: .write, touching: .model(.update, registry)) {
                call in
                let message = try await call.message()
                let (name, key) = (try message.requiredString("name"), try message.requiredString("key"))
                let tag = Tag(key: key, value: try message.string("value") ?? "")
                try await models(for: call, message, registry).set(tag, of: ModelName(name))
                return .empty
            },
            Endpoint(
                .delete,
                "registered-models/delete-tag",
                needs: .write,
                touching: .model(.update, registry)
            ) { call in
                let message = try await call.message()
                let (name, key) = (try message.requiredString("name"), try message.requiredString("key"))
                try await models(for: call, message, registry).deleteTag(key, of: ModelName(name))
                return .empty
            },
        ]
    }

    private static func aliases(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.post, "registered-models/alias", needs: .write, touching: .model(.update, registry)) {
                call in
                let message = try await call.message()
                let (name, alias) = (try message.requiredString("name"), try message.requiredString("alias"))
                let version = try message.requiredString("version")
                try await registry.registeredModels(for: call.caller).setAlias(
                    AliasName(alias),
                    of: ModelName(name),
                    to: VersionNumber.parse(version),
                    comment: message.string("comment")
                )
                return .empty
            },
            Endpoint(.delete, "registered-models/alias", needs: .write, touching: .model(.delete, registry)) {
                call in
                let message = try await call.message()
                let (name, alias) = (try message.requiredString("name"), try message.requiredString("alias"))
                try await registry.registeredModels(for: call.caller).removeAlias(
                    AliasName(alias),
                    of: ModelName(name),
                    comment: message.string("comment")
                )
                return .empty
            },
            Endpoint(.get, "registered-models/alias", needs: .read, touching: .model(.read, registry)) {
                call in
                let message = try await call.message()
                let (name, alias) = (try message.requiredString("name"), try message.requiredString("alias"))
                let models = registry.registeredModels(for: call.caller)
                return .version(try await models.version(at: AliasName(alias), of: ModelName(name)))
            },
        ]
    }

    private static func search(_ call: Call, _ registry: Registry) async throws -> Answer {
        let message = try await call.message()
        let limit = try message.searchLimit(standard: 100, most: 1_000)
        let page = try await registry.registeredModels(for: call.caller).search(message.registrySearch(limit))
        return await .page(capacityBytes: page.models.count * 1_024 + 64) { json in
            if !page.models.isEmpty {
                json.array("registered_models") { json in
                    for model in page.models { json.value(model) }
                }
            }
            if let next = page.next { json.field("next_page_token", next) }
        }
    }

    private static func latestVersions(_ call: Call, _ registry: Registry) async throws -> Answer {
        let message = try await call.message()
        let name = try message.modelName()
        let models = registry.registeredModels(for: call.caller)
        let stages: [ModelStage]
        do {
            stages = try message.strings("stages").map { try ModelStage(word: $0) }
        } catch {
            // A model that is not there is said before a stage that is none, as in the original.
            _ = try await models.get(name)
            throw error
        }
        let versions = try await models.latestVersions(of: name, in: Set(stages))
        return await .page(capacityBytes: versions.count * 512 + 64) { json in
            if !versions.isEmpty {
                json.array("model_versions") { json in
                    for version in versions { json.value(version) }
                }
            }
        }
    }
}

extension Answer {
    fileprivate static func model(_ model: RegisteredModel) -> Answer {
        .json(capacityBytes: 1_024) { json in
            json.key("registered_model")
            json.value(model)
        }
    }
}

extension Message {
    /// The model that a request is about.
    func modelName() throws -> ModelName { try ModelName(requiredString("name")) }

    /// How many things a page of a search of the registry may hold.
    ///
    /// - Parameters:
    ///   - standard: Where the request does not say it.
    ///   - most: What MLflow allows.
    /// - Returns: From 1 to `most`.
    /// - Throws: `Failure.invalid` in MLflow's words.
    func searchLimit(standard: Int64, most: Int64) throws -> Int {
        let limit = try integer("max_results") ?? standard
        guard limit <= most else { throw invalid(try json("max_results") ?? .null, "max_results") }
        guard limit > 0 else {
            throw Failure.invalid(
                "Invalid value for max_results. It must be a positive integer, but got \(limit)"
            )
        }
        return Int(limit)
    }

    func registrySearch(_ limit: Int) throws -> RegistrySearch {
        RegistrySearch(
            filter: try string("filter"),
            orderBy: try strings("order_by"),
            limit: limit,
            pageToken: try string("page_token")
        )
    }
}
