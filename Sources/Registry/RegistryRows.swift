import Core
import Database

/// Finds the rows of a caller's workspace; every query of the stores begins here or carries the workspace itself.
struct RegistryRows {
    let caller: Caller
    let connection: any Connection

    /// The key of a model.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - lock: Whether nobody else may change the model, its tags and its aliases until the transaction ends.
    /// - Returns: The key of its row.
    /// - Throws: `Failure.missing`.
    func model(_ name: ModelName, lock: Bool = false) throws -> Int64 {
        let ending: SQL = lock ? "\(.forUpdate)" : ""
        let key = try connection.first(
            """
            SELECT model_key FROM registered_models
            WHERE workspace_id = \(caller.workspace.key) AND name = \(name.text) \(caller.reaches("name")) \(ending)
            """
        ) { $0.int(0) }
        guard let key else { throw name.missing }
        return key
    }

    struct Version {
        let modelKey: Int64
        let key: Int64
        let stage: ModelStage
        let description: String?
    }

    /// A version; a model that is not there has none.
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - name: Its model.
    ///   - lock: Whether nobody else may change the model and its versions until the transaction ends.
    /// - Returns: What a change of it has to know.
    /// - Throws: `Failure.missing`.
    func version(_ number: Int64, of name: ModelName, lock: Bool = false) throws -> Version {
        let ending: SQL = lock ? "\(.forUpdate)" : ""
        let found = try connection.first(
            """
            SELECT m.model_key, v.version_key, v.current_stage, v.description
            FROM registered_models m JOIN model_versions v ON v.model_key = m.model_key
            WHERE m.workspace_id = \(caller.workspace.key) AND m.name = \(name.text) AND v.version = \(number)
                \(caller.reaches("m.name")) \(ending)
            """
        ) {
            Version(
                modelKey: $0.int(0),
                key: $0.int(1),
                stage: ModelStage(rawValue: $0.text(2)) ?? .none,
                description: $0.optionalText(3)
            )
        }
        guard let found else { throw Self.missing(number, of: name) }
        return found
    }

    static func missing(_ number: Int64, of name: ModelName) -> Failure {
        .missing("Model Version (name=\(name), version=\(number)) not found")
    }

    /// Says that a model changed.
    func touch(_ modelKey: Int64) throws {
        try connection.execute(
            "UPDATE registered_models SET last_updated_time = \(connection.nowMs) WHERE model_key = \(modelKey)"
        )
    }
}
