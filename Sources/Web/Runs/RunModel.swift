import Core
import Tracking

/// Something of a run that can be registered as a version of a model.
struct RunModel: Sendable, Hashable {
    let label: String
    /// The source of the version, as MLflow's client writes it.
    let source: String
    /// The logged model; nil for a folder of the run's artifacts.
    let modelID: String?

    /// The models that a run made: those logged by MLflow 3, and folders that MLflow 2 noted in a tag.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - names: What logged models are called by their ids, as far as it is known.
    /// - Returns: The models.
    static func all(of run: Run, called names: [String: String]) -> [RunModel] {
        let logged = run.modelOutputs.map { output in
            let id = output.modelID
            let label = names[id].map { "\($0) (\(id.prefix(10))…)" } ?? id
            return RunModel(label: label, source: "models:/\(id)", modelID: id)
        }
        return logged + folders(of: run)
    }

    /// - Source: MLflow 2, `mlflow/tracking/_model_registry`, `_record_logged_model`.
    private static func folders(of run: Run) -> [RunModel] {
        guard let text = run.word(.modelHistory), case .array(let entries)? = try? JSON(parsing: text) else {
            return []
        }
        var seen: Set<String> = []
        return entries.compactMap { entry in
            guard case .string(let path)? = entry["artifact_path"], !path.contains(":"),
                seen.insert(path).inserted
            else { return nil }
            return RunModel(label: path, source: "\(run.info.artifactURI)/\(path)", modelID: nil)
        }
    }
}
