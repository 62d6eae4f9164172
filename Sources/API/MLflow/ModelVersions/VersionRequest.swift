package import Core
package import Registry
package import Tracking

/// Makes a version of what a request says that it is made of: it asks tracking for the run and the logged model, and the
/// registry for another version, that the source is about.
///
/// - Source: MLflow 3.17, `mlflow/server/handlers.py`, `_create_model_version`.
package struct VersionRequest {
    private let registry: Registry
    private let tracking: Tracking
    private let seals: VersionSeals
    private let caller: Caller

    package init(_ registry: Registry, _ tracking: Tracking, _ seals: VersionSeals, for caller: Caller) {
        self.registry = registry
        self.tracking = tracking
        self.seals = seals
        self.caller = caller
    }

    /// - Returns: The version, whose files are signed where they are all there.
    /// - Throws: `Failure.invalid` in MLflow's words for what it cannot be made of, `.missing` for a model, a run or a logged
    ///   model that is not there.
    package func create(_ wish: VersionWish) async throws -> ModelVersion {
        var (new, modelID) = try await read(wish)
        let models = tracking.loggedModels(for: caller)
        var model: LoggedModel?
        if let modelID {
            model = try await models.get(modelID)
            if new.runID.isEmpty { new.runID = model?.sourceRunID ?? "" }
        }
        model = model ?? new.loggedModel
        new.files = try await files(of: new, model)
        let version = try await registry.modelVersions(for: caller, because: wish.reason).create(
            new.checked()
        )
        if let modelID { try await note(version, in: modelID) }
        if let model, new.files == .incomplete { try await signIfReady(model) }
        return version
    }

    /// What is to be signed: of a copy what was signed of the original, so that what became of its bytes since then shows.
    private func files(of new: Draft, _ model: LoggedModel?) async throws -> VersionFiles {
        if let original = new.original {
            switch try await seals.signature(of: original, for: caller) {
            case .valid(_, _, let manifest): return .complete(manifest.files)
            case .broken(_, let reason):
                // Security: what is not what was signed gets no good signature by being copied.
                throw Failure(
                    .invalidState,
                    "Model Version (name=\(original.name), version=\(original.version)) cannot be copied: its signature is broken, "
                        + "since \(reason)."
                )
            // Whoever says that the original is whole says it of the copy.
            case .waiting: return .incomplete
            case .none: break
            }
        }
        return try await seals.files(at: new.storageLocation, of: model, for: caller)
    }

    /// Tells the logged model of its version; one that was deleted since it was asked for needs to know nothing, and the
    /// version is there.
    private func note(_ version: ModelVersion, in modelID: String) async throws {
        do {
            try await tracking.loggedModels(for: caller)
                .note(version: version.version, of: version.name, in: modelID)
        } catch let failure as Failure where failure.code == .missing {}
    }

    /// Signs what a logged model was not ready for a moment ago, whose end looked for waiting versions before this one was there.
    private func signIfReady(_ model: LoggedModel) async throws {
        let found = try await tracking.loggedModels(for: caller).get(model.id, isDeletedFound: true)
        if found.status == .ready { try await seals.signWaiting(for: found, caller) }
    }

    private struct Draft {
        let name: ModelName
        var source: ModelSource
        var storageLocation: String
        var runID: String
        let runLink: String
        let description: String
        let tags: [Tag]
        /// Of which version it is a copy.
        var original: ModelVersion?
        /// Which logged model its source names.
        var loggedModel: LoggedModel?
        var files = VersionFiles.elsewhere

        func checked() throws -> NewModelVersion {
            try NewModelVersion(
                name: name,
                source: source.text,
                storageLocation: storageLocation,
                runID: runID,
                runLink: runLink,
                description: description,
                tags: tags,
                files: files
            )
        }
    }

    private func read(_ wish: VersionWish) async throws -> (Draft, modelID: String?) {
        let modelSource = try ModelSource(wish.source, matching: registry.sourcePattern)
        var draft = Draft(
            name: try ModelName(wish.name),
            source: modelSource,
            storageLocation: wish.source,
            runID: wish.runID ?? "",
            runLink: wish.runLink,
            description: wish.description,
            tags: wish.tags
        )
        let modelID = wish.modelID
        guard !Prompt.isMarked(draft.tags) else {
            try draft.source.checkPrompt()
            return (draft, nil)
        }
        let reference = try draft.source.reference()
        switch reference {
        case nil, .loggedModel: break
        case let reference?: try await follow(reference, in: &draft, wish)
        }
        if let modelID {
            try await draft.source.check(modelID: modelID, root: root(of: modelID, for: draft.source))
        } else {
            try await draft.source.check(
                runID: draft.runID,
                root: root(ofRun: draft.runID, for: draft.source)
            )
        }
        if case .loggedModel(let id)? = reference {
            let model = try await tracking.loggedModels(for: caller).get(id)
            draft.storageLocation = model.artifactLocation
            draft.loggedModel = model
        }
        return (draft, modelID)
    }

    /// Makes the draft a copy of the version that its source names.
    private func follow(_ reference: ModelReference, in draft: inout Draft, _ wish: VersionWish) async throws
    {
        let lead = "Invalid model version source: '\(draft.source.text)'. "
        // Before its version is looked for, as in the original.
        if let name = reference.modelName {
            let model = try await registry.registeredModels(for: caller).get(ModelName(name))
            guard !Prompt.isMarked(model.tags) else {
                throw Failure.invalid(lead + "Prompt versions cannot be used as model version sources.")
            }
        }
        let original = try await registry.modelVersions(for: caller).get(reference)
        let isOther = wish.runID.map { $0 != original.runID } ?? false
        guard !isOther, wish.modelID == nil else {
            throw Failure.invalid(
                lead + "The run_id and model_id request parameters must match the referenced model version."
            )
        }
        draft.source = try ModelSource("models:/\(original.name)/\(original.version)")
        draft.storageLocation = original.storageLocation
        draft.runID = original.runID
        draft.original = original
    }

    /// Where the artifacts of a run lie; nil for none, and where the source can be judged without.
    private func root(ofRun id: String, for source: ModelSource) async throws -> String? {
        guard source.needsRoot, !id.isEmpty else { return nil }
        return try await found { try await tracking.runs(for: caller).get(id).info.artifactURI }
    }

    private func root(of modelID: String, for source: ModelSource) async throws -> String? {
        guard source.needsRoot else { return nil }
        return try await found { try await tracking.loggedModels(for: caller).get(modelID).artifactLocation }
    }

    private func found(_ root: () async throws -> String) async throws -> String? {
        do {
            return try await root()
        } catch let failure as Failure where failure.code == .missing {
            return nil
        }
    }
}
