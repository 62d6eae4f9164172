import Core

/// - Source: MLflow 3.17, `mlflow/utils/validation.py`.
extension NameRules {
    static let paramValueLimit = 6_000
    static let tagValueLimit = 8_000
    static let experimentNameLimit = 500
    static let experimentTagValueLimit = 20_000
}
