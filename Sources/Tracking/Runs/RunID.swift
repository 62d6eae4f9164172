package import Core

/// The rule for ids of runs: a letter or digit, then up to 255 word characters or dashes.
///
/// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_RUN_ID_REGEX`.
package enum RunID {
    static let limit = 256

    /// - Throws: `Failure.invalid` in MLflow's words for a text that no run can be called by.
    package static func check(_ id: String) throws(Failure) {
        let scalars = id.unicodeScalars
        let start =
            scalars.first.map { $0.isASCII && (NameRules.isLetter($0) || ("0"..."9").contains($0)) } ?? false
        guard start, scalars.count <= limit, scalars.allSatisfy({ NameRules.isWord($0) || $0 == "-" }) else {
            let shown = NameRules.asciiJSON(NameRules.shown(id))
            throw .invalid("Invalid value \(shown) for parameter 'run_id' supplied.")
        }
    }
}
