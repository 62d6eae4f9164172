import Core
import Events
package import HTTP
import HTTPTypes
package import Registry

/// What the registry remembers, and what MLflow has no call for.
package enum RegistryHistoryEndpoints {
    package static func all(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.get, "registered-models/history", in: .roost, needs: .read, touching: .workspace) {
                try await history($0, registry)
            },
            Endpoint(.get, "registered-models/alias-at", in: .roost, needs: .read, touching: .workspace) {
                call in
                let message = try await call.message()
                let (name, alias) = try message.requiredAlias()
                let version = try await registry.history(for: call.caller).version(
                    at: alias,
                    of: name,
                    atMs: message.requiredInteger("timestamp")
                )
                return .alias(name, alias, version)
            },
            Endpoint(
                .post,
                "registered-models/roll-back-alias",
                in: .roost,
                needs: .write,
                touching: .workspace
            ) { call in
                let message = try await call.message()
                let (name, alias) = try message.requiredAlias()
                let version = try await registry.history(for: call.caller).rollBack(
                    alias,
                    of: name,
                    toMs: message.integer("timestamp"),
                    comment: message.string("comment")
                )
                return .alias(name, alias, version)
            },
            Endpoint(
                .delete,
                "registered-models/delete",
                in: .roost,
                needs: .write,
                touching: .model(.delete, registry)
            ) { call in
                let message = try await call.message()
                try await registry.registeredModels(for: call.caller).delete(
                    message.modelName(),
                    isForced: message.boolean("force") ?? false,
                    comment: message.string("comment")
                )
                return .empty
            },
            Endpoint(
                .delete,
                "model-versions/delete",
                in: .roost,
                needs: .write,
                touching: .model(.delete, registry)
            ) { call in
                let message = try await call.message()
                let (name, number) = try message.requiredVersion()
                try await registry.modelVersions(for: call.caller).delete(
                    number,
                    of: name,
                    isForced: message.boolean("force") ?? false,
                    comment: message.string("comment")
                )
                return .empty
            },
        ]
    }

    private static func history(_ call: Call, _ registry: Registry) async throws -> Answer {
        let message = try await call.message()
        let name = try message.modelName()
        let limit = try message.searchLimit(standard: 100, most: 1_000)
        let before = try message.pageID()
        let history = registry.history(for: call.caller)
        let alias = try message.nonEmptyString("alias").map { try AliasName($0) }
        let page = try await history.page(of: name, alias, before: before, limit: limit)
        return await .page(capacityBytes: page.events.count * 256 + 64) { json in
            if !page.events.isEmpty {
                json.array("events") { json in
                    for event in page.events { json.value(event) }
                }
            }
            if let next = page.next { json.field("next_page_token", "\(next)") }
        }
    }
}

extension Answer {
    /// An alias with the version that it points or pointed at; without one where there is none.
    fileprivate static func alias(_ name: ModelName, _ alias: AliasName, _ version: Int64?) -> Answer {
        .json { json in
            json.field("name", name.text)
            json.field("alias", alias.text)
            if let version { json.field("version", quoting: version) }
        }
    }
}

extension Message {
    /// The id before which a page begins; an empty token is none, as in MLflow's searches.
    func pageID() throws -> Int64? {
        guard case .string("")? = try json("page_token") else { return try integer("page_token") }
        return nil
    }

    fileprivate func requiredAlias() throws -> (name: ModelName, alias: AliasName) {
        let (name, alias) = (try requiredString("name"), try requiredString("alias"))
        return (try ModelName(name), try AliasName(alias))
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ event: Event) {
        object { json in
            json.field("id", event.id)
            json.field("timestamp", event.atMs)
            json.field("actor", event.actor)
            json.field("kind", event.kind.rawValue)
            json.field("subject", event.subject)
            json.key("details")
            json.raw(Array(event.details.utf8))
        }
    }
}
