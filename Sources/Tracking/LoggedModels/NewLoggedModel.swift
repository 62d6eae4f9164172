package import Core

/// What a new logged model is made of; its initialiser is the validation.
package struct NewLoggedModel: Sendable {
    let experimentID: Int64
    /// Nil for a name that the server makes.
    let name: String?
    let type: String
    let sourceRunID: String
    let params: [Param]
    let tags: [Tag]

    /// - Throws: `Failure.invalid` in MLflow's words for a name that could be read as a path, and where the key of a param
    ///   or a tag comes twice.
    /// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_validate_logged_model_name`.
    package init(
        experimentID: Int64,
        name: String,
        type: String,
        sourceRunID: String,
        params: [Param],
        tags: [Tag]
    ) throws(Failure) {
        guard !name.contains(where: Self.isBad) else {
            throw .invalid(
                "Invalid model name (\(PythonText.repr(name))) provided. Model name must be a non-empty string "
                    + #"and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")"#
            )
        }
        try Self.checkUnique(params.map(\.key), of: "param")
        try Self.checkUnique(tags.map(\.key), of: "tag")
        self.experimentID = experimentID
        self.name = name.isEmpty ? nil : name
        self.type = type
        self.sourceRunID = sourceRunID
        self.params = params
        self.tags = tags
    }

    static func checkUnique(_ keys: [String], of kind: String) throws(Failure) {
        var seen: Set<ExactText> = []
        for key in keys where !seen.insert(ExactText(key)).inserted {
            throw .invalid("The \(kind) \(PythonText.repr(key)) comes twice.")
        }
    }

    private static func isBad(_ character: Character) -> Bool { "/:.%\"'".contains(character) }
}
