import Core
import Tracking

extension Run {
    /// Whether it made a model: one that MLflow 3 logged, or one that MLflow 2 noted in a tag.
    ///
    /// - Source: MLflow 2, `mlflow/tracking/_model_registry`, `_record_logged_model`.
    var hasModels: Bool {
        if !modelOutputs.isEmpty { return true }
        guard let text = word(.modelHistory), case .array(let entries)? = try? JSON(parsing: text) else {
            return false
        }
        return !entries.isEmpty
    }
}
