import Core

/// The views that MLflow's pages save as tags of an experiment.
///
/// - Source: MLflow 3.17, `_validate_custom_view_count`.
enum CustomViews {
    private static let prefix = "mlflow.customView.view"
    private static let limit = 50

    static func isOne(_ key: String) -> Bool { key.hasPrefix(prefix) }

    /// - Throws: `Failure.invalid` where there are more views than an experiment may have.
    static func check(count: Int, of experiment: Int64?) throws(Failure) {
        guard count > limit else { return }
        throw .invalid(
            "Unable to create another custom view\(experiment.map { " for experiment \($0)" } ?? ""); the maximum "
                + "number of custom views per experiment is \(limit). Delete an existing custom view before creating "
                + "a new one."
        )
    }
}
