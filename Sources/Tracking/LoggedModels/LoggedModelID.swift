import Core

/// What the id of a logged model may be where nobody asks whether there is such a model.
enum LoggedModelID {
    /// As long as that of a run: what runs made and used is found by it, and PostgreSQL has no long texts in an index.
    private static let limit = RunID.limit

    /// - Throws: `Failure.invalid` for a text that is too long.
    static func check(_ id: String) throws(Failure) {
        try NameRules.checkLength(id, limit: limit, of: "model_id")
    }
}
