import Core

/// The file `MLmodel` that MLflow writes beside a model: what it takes, what it gives, and what can load it.
///
/// - Source: MLflow 3.17, `mlflow/models/model.py`, `Model.to_dict`.
struct MLmodelFile: Sendable, Hashable {
    /// Such as `python_function` and `sklearn`.
    let flavors: [String]
    let mlflowVersion: String?
    /// Nil for a model that was logged without a signature, or takes none.
    let inputs: SchemaTable?
    let outputs: SchemaTable?
    let params: SchemaTable?

    init(_ text: String) {
        let file = BlockYAML(text)
        flavors = (file["flavors"]?.members ?? []).map(\.key)
        mlflowVersion = file["mlflow_version"]?.text
        let signature = file["signature"]
        inputs = Self.table(signature?["inputs"])
        outputs = Self.table(signature?["outputs"])
        params = Self.table(signature?["params"])
    }

    private static func table(_ yaml: BlockYAML?) -> SchemaTable? {
        guard let text = yaml?.text, let json = try? JSON(parsing: text) else { return nil }
        return SchemaTable(json)
    }

    /// What it takes and gives, as tables.
    var schema: HTML {
        let parts = [("Inputs", inputs), ("Outputs", outputs), ("Parameters", params)]
        let tables = parts.compactMap { heading, table in
            table.map { "<h3>\(heading)</h3>\($0.html)" as HTML }
        }
        guard tables.isEmpty else { return tables.joined() }
        return
            "<p class=\"quiet\">The model was logged without a signature, so nothing checks what it is given.</p>"
    }
}
