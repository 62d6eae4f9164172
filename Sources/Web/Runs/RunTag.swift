import Core
import Tracking

/// The tags that MLflow's clients write about a run by themselves.
///
/// - Source: MLflow 3, `mlflow/utils/mlflow_tags.py`.
enum RunTag: String, CaseIterable {
    case note = "mlflow.note.content"
    case parent = "mlflow.parentRunId"
    case user = "mlflow.user"
    case source = "mlflow.source.name"
    case sourceType = "mlflow.source.type"
    case commit = "mlflow.source.git.commit"
    case gitBranch = "mlflow.source.git.branch"
    case gitAddress = "mlflow.source.git.repoURL"
    case entryPoint = "mlflow.project.entryPoint"
    case modelHistory = "mlflow.log-model.history"

    private static let reserved = "mlflow."

    /// Whether a key is one that clients write by themselves.
    static func isReserved(_ key: String) -> Bool { key.hasPrefix(reserved) }
}

extension Run {
    /// The value of one of MLflow's tags; nil where it is not set or empty.
    func word(_ tag: RunTag) -> String? {
        tags.first { $0.key == tag.rawValue }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// Who ran it, as far as it says.
    var user: String? { word(.user) ?? (info.userID.isEmpty ? nil : info.userID) }
}
