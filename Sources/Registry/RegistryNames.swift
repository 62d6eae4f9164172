package import Core

/// The name of a registered model; its initialiser is the validation.
///
/// It has no `/` and no `:`, so addresses such as `models:/name/3` and subjects of events are read in one way only.
///
/// Names are equal where their bytes are, as in the database: `é` in one character and in two are two names.
package struct ModelName: Sendable, Hashable, CustomStringConvertible {
    /// As long as the column that MLflow has for it.
    private static let limit = 256

    private let exact: ExactText

    package var text: String { exact.text }

    package var description: String { text }

    /// - Parameters:
    ///   - text: The name.
    ///   - parameter: What the request calls it.
    /// - Throws: `Failure.invalid` in MLflow's words.
    /// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_validate_model_name`, `_validate_model_renaming`.
    package init(_ text: String, parameter: String = "name") throws(Failure) {
        if !NameRules.isPlain(text) { try Self.checkCharacters(text, parameter) }
        try NameRules.checkLength(text, limit: Self.limit, of: "name")
        exact = ExactText(text)
    }

    private static func checkCharacters(_ text: String, _ parameter: String) throws(Failure) {
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw .invalid("Missing value for required parameter '\(parameter)'.")
        }
        guard !text.unicodeScalars.contains("/"), !text.unicodeScalars.contains(":") else {
            throw .invalid("Invalid model name '\(text)'. Names cannot contain '/' or ':'.")
        }
        try NameRules.checkPath(text, of: "name")
        guard !text.utf8.contains(0) else {
            throw .invalid("Invalid model name '\(text)'. Names cannot contain NUL.")
        }
    }

    /// A name that the database has.
    init(stored text: String) {
        exact = ExactText(text)
    }

    var missing: Failure { .missing("Registered Model with name=\(text) not found") }
}

/// The name of an alias; its initialiser is the validation.
///
/// Equal are those of the same bytes.
package struct AliasName: Sendable, Hashable {
    private static let limit = 255

    private let exact: ExactText

    package var text: String { exact.text }

    /// - Throws: `Failure.invalid` in MLflow's words.
    /// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_validate_model_alias_name`.
    package init(_ text: String) throws(Failure) {
        guard !text.isEmpty else { throw .invalid("Registered model alias name cannot be empty.") }
        guard text.unicodeScalars.allSatisfy({ $0 == "-" || NameRules.isWord($0) }) else {
            throw .invalid(
                "Invalid alias name: '\(text)'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
            )
        }
        try NameRules.checkLength(text, limit: Self.limit, of: "Registered model alias name")
        exact = ExactText(text)
    }

    /// A name that the database has.
    init(stored text: String) {
        exact = ExactText(text)
    }

    /// `latest`, which every model has without anybody setting it.
    var isLatest: Bool { text.lowercased() == "latest" }

    /// Refuses the names that mean something already.
    ///
    /// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_validate_model_alias_name_reserved`.
    package func checkFree() throws(Failure) {
        guard !isLatest else { throw .invalid("'latest' alias name (case insensitive) is reserved.") }
        let digits = text.unicodeScalars.dropFirst()
        let isVersion =
            (text.hasPrefix("v") || text.hasPrefix("V")) && !digits.isEmpty
            && digits.allSatisfy { $0.properties.generalCategory == .decimalNumber }
        guard !isVersion else { throw .invalid("Version alias name '\(text)' is reserved.") }
    }
}

/// The number of a version, which travels as text.
package enum VersionNumber {
    /// - Returns: The number; one that no version has where it is beyond 64 bits.
    /// - Throws: `Failure.invalid` in MLflow's words for a text that is none.
    package static func parse(_ text: String) throws(Failure) -> Int64 {
        let trimmed = trimmed(text)
        if let number = Int64(trimmed) { return number }
        let digits = trimmed.hasPrefix("-") || trimmed.hasPrefix("+") ? trimmed.dropFirst() : trimmed[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .invalid("Parameter 'version' must be an integer, got '\(text)'.")
        }
        return trimmed.hasPrefix("-") ? .min : .max
    }

    private static func trimmed(_ text: String) -> String {
        let rest = text.unicodeScalars.drop(while: \.properties.isWhitespace)
        return String(
            String.UnicodeScalarView(rest.reversed().drop(while: \.properties.isWhitespace).reversed())
        )
    }
}

/// How long the texts may be that people write about models and versions.
enum RegistryText {
    /// Far more than the 5,000 characters that MLflow has a column for, and SQLite does not count.
    private static let descriptionLimit = 100_000
    private static let linkLimit = 2_048
    /// As long as the id of a run may be: versions are found by it, and PostgreSQL has no long texts in an index.
    private static let runIDLimit = 256

    static func check(description: String) throws(Failure) {
        try check(description, of: "description", limit: descriptionLimit)
    }

    static func check(runLink: String) throws(Failure) {
        try check(runLink, of: "run_link", limit: linkLimit)
    }

    static func check(runID: String) throws(Failure) {
        try check(runID, of: "run_id", limit: runIDLimit)
    }

    static func check(_ text: String, of field: String, limit: Int) throws(Failure) {
        guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return }
        throw .invalid("'\(field)' exceeds the maximum length of \(limit) characters")
    }
}

/// What MLflow allows as tags of registered models and of versions.
enum RegistryTag {
    private static let valueLimit = 100_000

    /// - Source: MLflow 3.17, `_validate_registered_model_tag`, `_validate_model_version_tag`.
    static func check(_ tag: Tag) throws(Failure) {
        try NameRules.checkName(tag.key, path: "key")
        try NameRules.checkLength(tag.key, limit: NameRules.keyLimit, of: "key")
        if tag.key == Prompt.textKey, tag.value.unicodeScalars.count > valueLimit {
            throw .invalid("Prompt text exceeds max length of \(valueLimit) characters.")
        }
        try NameRules.checkLength(tag.value, limit: valueLimit, of: "value")
    }

    /// The tags with the last value of each key, in the order in which the keys came.
    static func unique(_ tags: [Tag]) -> [Tag] {
        var places: [ExactText: Int] = [:]
        var result: [Tag] = []
        for tag in tags {
            if let place = places[ExactText(tag.key)] {
                result[place] = tag
            } else {
                places[ExactText(tag.key)] = result.count
                result.append(tag)
            }
        }
        return result
    }
}

/// Prompts, which are registered models with a mark.
///
/// - Source: MLflow 3.17, `mlflow/prompt/constants.py`.
package enum Prompt {
    static let markKey = "mlflow.prompt.is_prompt"
    static let textKey = "mlflow.prompt.text"
    /// What says that it is a prompt and of which type, which is no tag to its people.
    static let ownKeys = [markKey, "_mlflow_prompt_type"]

    /// Whether tags say that what carries them is a prompt; of a key that comes twice, the last value counts.
    package static func isMarked(_ tags: [Tag]) -> Bool {
        tags.last { $0.key == markKey }?.value.lowercased() == "true"
    }

    /// Whether there is a mark at all, which is what decides over a name that is taken.
    static func hasMark(_ tags: [Tag]) -> Bool { tags.contains { $0.key == markKey } }
}
