import Core
import Database

extension LoggedModelStore {
    /// Notes with a model that it became a version of a registered model; MLflow's pages show that beside it.
    ///
    /// - Parameters:
    ///   - version: The number of the version.
    ///   - name: The registered model.
    ///   - id: The logged model's id.
    /// - Throws: `Failure.missing`.
    /// - Source: MLflow 3.17, `AbstractStore.set_model_versions_tags`.
    package func note(version: Int64, of name: String, in id: String) async throws {
        let entry = JSON.object([
            JSON.Member(key: "name", value: .string(name)),
            JSON.Member(key: "version", value: .integer(version)),
        ])
        try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            let nameID = try names.find(Self.versionsKey, in: connection) ?? -1
            let old = try connection.first(
                "SELECT value FROM logged_model_tags WHERE model_key = \(key) AND name_id = \(nameID)"
            ) { $0.text(0) }
            var entries: [JSON] = []
            if let old, case .array(let known)? = try? JSON(parsing: old) { entries = known }
            guard !entries.contains(entry) else { return }
            let tag = Tag(key: Self.versionsKey, value: PythonText.json(.array(entries + [entry])))
            try write([tag], to: key, in: connection)
        }
    }

    private static let versionsKey = "mlflow.modelVersions"
}
