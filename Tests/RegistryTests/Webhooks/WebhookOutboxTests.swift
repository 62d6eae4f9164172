import Core
import Database
import TestSupport
import Testing
import struct Core.Tag

@testable import Registry
@testable import Webhooks

/// What is told of each change is what the original tells, which the contract tests hold against it.
@Suite struct WebhookOutboxTests {
    private static let mark = Tag(key: "mlflow.prompt.is_prompt", value: "true")

    @Test(arguments: Backend.available)
    func `each change of a model is told`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook()
            let name = try ModelName("iris")
            let (models, versions) = (registry.registeredModels(for: ann), registry.modelVersions(for: ann))

            _ = try await models.create(NewRegisteredModel(name: name, tags: [Tag(key: "a", value: "1")]))
            try await registry.newVersion(of: name, tags: [Tag(key: "b", value: "2")])
            try await models.set(Tag(key: "of no model", value: "x"), of: name)
            try await models.deleteTag("of no model", of: name)
            try await versions.set(Tag(key: "k", value: "v"), of: 1, of: name)
            try await versions.deleteTag("k", of: 1, of: name)
            try await models.setAlias(AliasName("champion"), of: name, to: 1)
            try await models.removeAlias(AliasName("champion"), of: name)
            _ = try await models.describe(name, as: "is not told")

            #expect(
                try await told(webhook, by: registry) == [
                    #"registered_model created {"name":"iris","tags":{"a":"1"},"description":""}"#,
                    #"model_version created {"name":"iris","version":"1","source":"s3://b/m","run_id":null,"#
                        + #""tags":{"b":"2"},"description":null}"#,
                    #"model_version_tag set {"name":"iris","version":"1","key":"k","value":"v"}"#,
                    #"model_version_tag deleted {"name":"iris","version":"1","key":"k"}"#,
                    #"model_version_alias created {"name":"iris","alias":"champion","version":"1"}"#,
                    #"model_version_alias deleted {"name":"iris","alias":"champion"}"#,
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `each change of a prompt is told as one of a prompt`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook()
            let name = try ModelName("greeting")
            let (models, versions) = (registry.registeredModels(for: ann), registry.modelVersions(for: ann))

            let tags = [Self.mark, Tag(key: "_mlflow_prompt_type", value: "text"), Tag(key: "a", value: "1")]
            _ = try await models.create(NewRegisteredModel(name: name, description: "d", tags: tags))
            try await registry.newVersion(
                of: name,
                tags: [Self.mark, Tag(key: "mlflow.prompt.text", value: "Hi"), Tag(key: "b", value: "2")]
            )
            try await models.set(Tag(key: "c", value: "3"), of: name)
            try await models.deleteTag("c", of: name)
            try await versions.set(Tag(key: "k", value: "v"), of: 1, of: name)
            try await versions.deleteTag("k", of: 1, of: name)
            try await models.setAlias(AliasName("live"), of: name, to: 1)
            try await models.removeAlias(AliasName("live"), of: name)

            #expect(
                try await told(webhook, by: registry) == [
                    #"prompt created {"name":"greeting","tags":{"a":"1"},"description":"d"}"#,
                    #"prompt_version created {"name":"greeting","version":"1","template":"Hi","tags":{"b":"2"},"#
                        + #""description":null}"#,
                    #"prompt_tag set {"name":"greeting","key":"c","value":"3"}"#,
                    #"prompt_tag deleted {"name":"greeting","key":"c"}"#,
                    #"prompt_version_tag set {"name":"greeting","version":"1","key":"k","value":"v"}"#,
                    #"prompt_version_tag deleted {"name":"greeting","version":"1","key":"k"}"#,
                    #"prompt_alias created {"name":"greeting","alias":"live","version":"1"}"#,
                    #"prompt_alias deleted {"name":"greeting","alias":"live"}"#,
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `an alias that is rolled back is told as one that is set`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let name = try await registry.newModel(versions: 2)
            let alias = try AliasName("champion")
            for number in [1, 2] as [Int64] {
                try await registry.registeredModels(for: ann).setAlias(alias, of: name, to: number)
            }
            let webhook = try await registry.newWebhook()

            _ = try await registry.history(for: ann).rollBack(alias, of: name)

            #expect(
                try await told(webhook, by: registry) == [
                    #"model_version_alias created {"name":"iris","alias":"champion","version":"1"}"#
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `only who asked for it is told, and nothing of what failed`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let hooks = registry.webhooks(for: ann)
            let asked = try await registry.newWebhook([.modelVersionCreated])
            let other = try await registry.newWebhook([.promptVersionCreated])
            let disabled = try await registry.newWebhook()
            _ = try await hooks.update(disabled.id, WebhookChange(status: .disabled))
            let deleted = try await registry.newWebhook()
            try await hooks.delete(deleted.id)

            try await registry.newModel(versions: 1)
            await #expect(throws: Failure.self) { try await registry.newModel() }

            #expect(
                try await registry.deliveries(of: asked).map(\.event) == [
                    WebhookEvent.modelVersionCreated.rawValue
                ]
            )
            #expect(try await registry.deliveries(of: other).isEmpty)
            #expect(try await registry.deliveries(of: disabled).isEmpty)
            let count = try await registry.database.read { connection in
                try connection.first("SELECT COUNT(*) FROM webhook_deliveries") { $0.int(0) }
            }
            #expect(count == 1)
        }
    }

    private func told(_ webhook: Webhook, by registry: Registry) async throws -> [String] {
        try await registry.bodies(of: webhook).map { body in
            guard case .string(let entity)? = body["entity"], case .string(let action)? = body["action"]
            else {
                return "nothing"
            }
            #expect(body["timestamp"] == "1970-01-01T00:00:01.000000+00:00")
            return "\(entity) \(action) \(body["data"]?.text ?? "")"
        }
    }
}
