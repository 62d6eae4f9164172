package import Core

/// The datasets and logged models that a run used; its initialiser is the validation.
///
/// Of a dataset that comes twice, the first is kept.
package struct RunInputs: Sendable {
    let datasets: [DatasetInput]
    /// Ids of logged models.
    let models: [String]

    static let nameLimit = 500
    static let digestLimit = 36
    static let sourceLimit = 65_535
    static let schemaLimit = 1_048_575
    static let profileLimit = 16_777_215
    static let tagKeyLimit = 255
    static let tagValueLimit = 500

    /// - Parameters:
    ///   - datasets: The datasets with the tags of their use.
    ///   - models: Ids of logged models; that they exist is not checked.
    /// - Throws: `Failure.invalid` in MLflow's words where something is too long, or where a tag comes twice.
    /// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_validate_dataset_inputs`.
    package init(datasets: [DatasetInput], models: [String]) throws(Failure) {
        for input in datasets { try Self.check(input) }
        for model in models { try LoggedModelID.check(model) }
        var seen: Set<[String]> = []
        self.datasets = datasets.filter { seen.insert([$0.dataset.name, $0.dataset.digest]).inserted }
        self.models = models
    }

    private static func check(_ input: DatasetInput) throws(Failure) {
        let dataset = input.dataset
        try NameRules.checkLength(dataset.name, limit: nameLimit, of: "name")
        try NameRules.checkLength(dataset.digest, limit: digestLimit, of: "digest")
        try NameRules.checkLength(dataset.source, limit: sourceLimit, of: "source")
        try NameRules.checkLength(dataset.schema ?? "", limit: schemaLimit, of: "schema")
        try NameRules.checkLength(dataset.profile ?? "", limit: profileLimit, of: "profile")
        var keys: Set<String> = []
        for tag in input.tags {
            try NameRules.checkLength(tag.key, limit: tagKeyLimit, of: "key")
            try NameRules.checkLength(tag.value, limit: tagValueLimit, of: "value")
            guard keys.insert(tag.key).inserted else {
                throw .invalid(
                    "The tag \(PythonText.repr(tag.key)) of the dataset \(PythonText.repr(dataset.name)) comes twice."
                )
            }
        }
    }
}
