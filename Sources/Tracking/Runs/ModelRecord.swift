package import Core

/// What the tag `mlflow.log-model.history` keeps of a model that a client before MLflow 3 logged.
package struct ModelRecord: Sendable {
    static let tagKey = "mlflow.log-model.history"

    let json: JSON

    /// - Parameter text: The model as JSON, as `MLmodel` has it.
    /// - Throws: `Failure.invalid` in MLflow's words where it is no JSON object with the fields of a model.
    /// - Source: MLflow 3.17, `mlflow/server/handlers.py`, `_log_model`; `mlflow/models/model.py`, `get_tags_dict`.
    package init(parsing text: String) throws(Failure) {
        let model: JSON
        do throws(JSONError) {
            model = try JSON(parsing: text)
        } catch {
            throw .invalid("Malformed model info. \n \(text) \n is not a valid JSON.")
        }
        guard case .object = model else { throw .invalid("Model json must be an object.") }
        let missing = ["artifact_path", "flavors", "run_id", "utc_time_created"].filter { model[$0] == nil }
        guard missing.isEmpty else {
            throw .invalid("Model json is missing mandatory fields: \(pythonSet(missing))")
        }
        guard case .object(let flavors)? = model["flavors"] else {
            throw .invalid("The flavors of a model json must be an object.")
        }
        var members = ["run_id", "artifact_path"].compactMap { Self.member($0, of: model) }
        members.append(JSON.Member(key: "utc_time_created", value: Self.text(of: model["utc_time_created"])))
        members.append(JSON.Member(key: "model_uuid", value: model["model_uuid"] ?? .null))
        members.append(JSON.Member(key: "flavors", value: .object(flavors.map(Self.withoutConfig))))
        json = .object(members)
    }

    /// The member as it came; nil for `null`, which MLflow leaves out.
    private static func member(_ key: String, of model: JSON) -> JSON.Member? {
        guard let value = model[key], value != .null else { return nil }
        return JSON.Member(key: key, value: value)
    }

    private static func text(of value: JSON?) -> JSON {
        switch value {
        case .string(let text): .string(text)
        case let other: .string(PythonText.json(other ?? .null))
        }
    }

    private static func withoutConfig(_ flavor: JSON.Member) -> JSON.Member {
        guard case .object(let members) = flavor.value else { return flavor }
        return JSON.Member(key: flavor.key, value: .object(members.filter { $0.key != "config" }))
    }
}
