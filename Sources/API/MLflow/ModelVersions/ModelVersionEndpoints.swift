import Core
package import HTTP
import HTTPTypes
package import Registry
package import Tracking

/// What MLflow answers about versions of registered models.
///
/// Beside MLflow's own fields, what changes something takes a `comment`, which the history keeps.
package enum ModelVersionEndpoints {
    package static func all(_ registry: Registry, _ tracking: Tracking, _ seals: VersionSeals) -> [Endpoint] {
        versions(registry, tracking, seals) + tags(registry)
    }

    private static func versions(
        _ registry: Registry,
        _ tracking: Tracking,
        _ seals: VersionSeals
    ) -> [Endpoint] {
        [
            Endpoint(.post, "model-versions/create", needs: .write, touching: .newVersion(registry, tracking))
            { call in
                let wish = try VersionWish(await call.message())
                let request = VersionRequest(registry, tracking, seals, for: call.caller)
                return .version(try await request.create(wish))
            },
            Endpoint(.get, "model-versions/get", needs: .read, touching: .model(.read, registry)) { call in
                let (name, number) = try await call.message().requiredVersion()
                return .version(try await registry.modelVersions(for: call.caller).get(number, of: name))
            },
            Endpoint(.patch, "model-versions/update", needs: .write, touching: .model(.update, registry)) {
                call in
                let message = try await call.message()
                let (name, number) = try message.requiredVersion()
                let version = try await versions(for: call, message, registry).describe(
                    number,
                    of: name,
                    as: message.string("description")
                )
                return .version(version)
            },
            Endpoint(
                .post,
                "model-versions/transition-stage",
                needs: .write,
                touching: .model(.update, registry)
            ) { call in
                let message = try await call.message()
                let (name, number) = try message.requiredVersion()
                let version = try await registry.modelVersions(for: call.caller).move(
                    number,
                    of: name,
                    to: ModelStage(word: message.requiredString("stage")),
                    archivesOthers: message.boolean("archive_existing_versions") ?? false,
                    comment: message.string("comment")
                )
                return .version(version)
            },
            Endpoint(.delete, "model-versions/delete", needs: .write, touching: .model(.delete, registry)) {
                call in
                let message = try await call.message()
                let (name, number) = try message.requiredVersion()
                // As in the original, which asks for no force; the address of Roost's own does.
                try await registry.modelVersions(for: call.caller).delete(
                    number,
                    of: name,
                    isForced: true,
                    comment: message.string("comment")
                )
                return .empty
            },
            Endpoint(.get, "model-versions/get-download-uri", needs: .read, touching: .model(.read, registry))
            { call in
                let message = try await call.message()
                let name = try ModelName(message.string("name") ?? "")
                let number = try VersionNumber.parse(message.string("version") ?? "")
                let version = try await registry.modelVersions(for: call.caller).get(number, of: name)
                return .json { $0.field("artifact_uri", version.storageLocation) }
            },
            Endpoint(.get, "model-versions/search", needs: .read, touching: .reached) {
                try await search($0, registry)
            },
        ]
    }

    /// The versions for a change, and why it is made.
    private static func versions(
        for call: Call,
        _ message: Message,
        _ registry: Registry
    ) throws -> ModelVersionStore {
        registry.modelVersions(for: call.caller, because: try message.string("comment"))
    }

    private static func tags(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.post, "model-versions/set-tag", needs: .write, touching: .model(.update, registry)) {
                call in
                let message = try await call.message()
                let (name, number) = try message.requiredVersion()
                let tag = Tag(
                    key: try message.requiredString("key"),
                    value: try message.string("value") ?? ""
                )
                try await versions(for: call, message, registry).set(tag, of: number, of: name)
                return .empty
            },
            Endpoint(.delete, "model-versions/delete-tag", needs: .write, touching: .model(.delete, registry))
            { call in
                let message = try await call.message()
                let (name, number) = try message.requiredVersion()
                let key = try message.requiredString("key")
                try await versions(for: call, message, registry).deleteTag(key, of: number, of: name)
                return .empty
            },
        ]
    }

    /// More than this are answered page by page, whatever is asked.
    private static let pageLimit = 10_000

    private static func search(_ call: Call, _ registry: Registry) async throws -> Answer {
        let page = try await search(call.message(), registry.modelVersions(for: call.caller))
        return await .page(capacityBytes: page.versions.count * 512 + 64) { json in
            if !page.versions.isEmpty {
                json.array("model_versions") { json in
                    for version in page.versions { json.value(version) }
                }
            }
            if let next = page.next { json.field("next_page_token", next) }
        }
    }

    /// - Source: `model_registry.proto`, message `SearchModelVersions`.
    static func search(
        _ message: Message,
        _ versions: ModelVersionStore
    ) async throws -> (versions: [ModelVersion], next: String?) {
        let limit = min(try message.searchLimit(standard: 200_000, most: 200_000), pageLimit)
        return try await versions.search(message.registrySearch(limit))
    }
}

extension Message {
    /// The version that a request is about.
    ///
    /// - Throws: `Failure.invalid` in MLflow's words; `.missing` for a number that no version can have.
    func requiredVersion() throws -> (name: ModelName, number: Int64) {
        let (text, version) = (try requiredString("name"), try requiredString("version"))
        let (name, number) = (try ModelName(text), try VersionNumber.parse(version))
        guard number != .max, number != .min else {
            throw Failure.missing("Model Version (name=\(name), version=\(version)) not found")
        }
        return (name, number)
    }
}
