import Core
import Database

extension ModelVersionStore {
    /// The version that an address of the form `models:/…` names today.
    ///
    /// - Parameter reference: A version by its number, alias or stage; no logged model.
    /// - Returns: The version.
    /// - Throws: `Failure.missing`, and `.invalid` for an alias that is not there, as in the original.
    package func get(_ reference: ModelReference) async throws -> ModelVersion {
        let models = registry.registeredModels(for: caller)
        // A model that is not there is said before what is wrong behind its name.
        if let name = reference.modelName { _ = try await models.get(ModelName(name)) }
        switch reference {
        case .version(let name, let number):
            return try await get(VersionNumber.parse(number), of: ModelName(name))
        case .alias(let name, let alias):
            return try await models.version(at: AliasName(alias), of: ModelName(name))
        case .stage(let name, let word):
            return try await newest(of: name, in: [ModelStage(word: word)], called: " and stage '\(word)'")
        case .latest(let name):
            return try await newest(of: name, in: [], called: "")
        case .loggedModel(let id):
            throw Failure.invalid("'models:/\(id)' is no version of a registered model.")
        }
    }

    private func newest(
        of name: String,
        in stages: Set<ModelStage>,
        called words: String
    ) async throws -> ModelVersion {
        let models = registry.registeredModels(for: caller)
        let latest = try await models.latestVersions(of: ModelName(name), in: stages)
        guard let newest = latest.max(by: { $0.version < $1.version }) else {
            throw Failure.missing("No versions of model with name '\(name)'\(words) found")
        }
        return newest
    }
}
