import Core

/// What an operator allows as the source of a version: a regular expression that matches somewhere in it.
///
/// - Source: MLflow 3.17, `MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX`.
package struct SourcePattern: Sendable, Hashable {
    package let text: String

    /// - Parameter text: The expression, as Swift reads it: nearly as Python does, without look-behind.
    /// - Throws: What is wrong with it.
    package init(_ text: String) throws {
        self.text = text
        _ = try regex
    }

    /// - Throws: `Failure.invalid` in MLflow's words for a source that it does not match.
    package func check(_ source: String) throws {
        guard try regex.firstMatch(in: source) != nil else {
            throw Failure.invalid("Invalid model version source: '\(source)'.")
        }
    }

    /// Compiled for each source, in tens of microseconds: a compiled one cannot be shared between threads.
    private var regex: Regex<AnyRegexOutput> {
        get throws { try Regex(text).matchingSemantics(.unicodeScalar) }
    }
}
