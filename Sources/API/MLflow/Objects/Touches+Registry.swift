import Core
import HTTP
import Registry
import Tracking

/// What rows about registered models and their versions touch: always a model in the end, as in the original.
extension Touches {
    /// The model of the field `name`.
    static func model(_ action: ObjectAction, _ registry: Registry) -> Touches {
        .objects(readsBody: true) { call in
            try await registry.registeredModels(for: call.caller).require(
                action,
                on: call.message().modelName()
            )
        }
    }

    /// The model of an approval request.
    static func request(_ action: ObjectAction, _ registry: Registry) -> Touches {
        .objects(readsBody: true) { call in
            let id = try await call.message().requiredInteger("request_id")
            let request = try await registry.approvals(for: call.caller).get(id)
            do {
                try await registry.registeredModels(for: call.caller)
                    .require(action, on: ModelName(request.name))
            } catch let failure as Failure where failure.code == .missing {
                // Security: the name of a model that they do not reach is in no answer.
                throw ApprovalRequest.missing(id)
            }
        }
    }

    /// The model that gets a version, and what the version is said to be made of.
    ///
    /// Security: a version makes files readable for whoever reads its model; only what its maker reads may become one
    /// (CVE-2026-69148).
    static func newVersion(_ registry: Registry, _ tracking: Tracking) -> Touches {
        .objects(readsBody: true) { call in
            let message = try await call.message()
            let models = registry.registeredModels(for: call.caller)
            try await models.require(.update, on: message.modelName())
            if let run = try message.string("run_id"), !run.isEmpty {
                try await tracking.runs(for: call.caller).require(.read, on: run)
            }
            if let model = try message.nonEmptyString("model_id") {
                try await tracking.loggedModels(for: call.caller).require(.read, on: model)
            }
            let source = try message.requiredString("source")
            if let reference = try ModelSource(source, matching: registry.sourcePattern).reference() {
                // Its version is looked for among those that the caller reaches.
                guard case .loggedModel(let id) = reference else { return }
                return try await tracking.loggedModels(for: call.caller).require(.read, on: id)
            }
            if let (run, _) = ArtifactRoots.run(in: source) {
                return try await tracking.runs(for: call.caller).require(.read, on: run)
            }
            if let path = ArtifactRoots.path(of: source) {
                try await ArtifactOwners(tracking, registry).require(.read, path, for: call.caller)
            }
        }
    }
}
