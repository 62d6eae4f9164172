package import Core
package import Database

/// What permissions for single models are checked by.
extension RegisteredModelStore {
    /// Holds the caller to what they may do with a model.
    ///
    /// - Throws: `Failure.missing` for one that is not there for them, `.permissionDenied` for one that is.
    package func require(_ action: ObjectAction, on name: ModelName) async throws {
        _ = try await database.glance { try rows($0).model(name) }
        try caller.require(action, onModel: name.text)
    }

    /// Keeps a model from being renamed or removed until the transaction ends.
    ///
    /// - Throws: `Failure.missing`.
    package func hold(_ name: ModelName, in connection: any Connection) throws {
        _ = try rows(connection).model(name, lock: true)
    }
}

extension ModelVersionStore {
    /// Whether a version that the caller reaches has its files at one of these places.
    package func isAny(of locations: [String]) async throws -> Bool {
        try await database.read { connection in
            try connection.first(
                """
                SELECT 1 FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key
                WHERE m.workspace_id = \(caller.workspace.key) \(caller.reaches("m.name"))
                    AND v.storage_location \(anyOf: locations)
                """
            ) { _ in true } ?? false
        }
    }
}
