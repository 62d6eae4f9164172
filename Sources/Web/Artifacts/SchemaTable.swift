import Core

/// The columns of a dataset or a model as a table: their names, types, and whether they must be there.
///
/// - Source: MLflow 3, `mlflow/types/schema.py`, `Schema.to_dict`, `ParamSchema.to_dict`.
struct SchemaTable: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        let name: String
        let type: String
        /// Empty where nothing is said.
        let notes: String
    }

    private static let mostColumns = 1_000

    let columns: [Column]

    /// - Parameter json: A list of columns.
    init?(_ json: JSON) {
        guard case .array(let entries) = json, !entries.isEmpty else { return nil }
        columns = entries.compactMap(Self.column)
        guard columns.count == entries.count else { return nil }
    }

    /// - Parameter dataset: What a dataset says of its columns, such as `{"mlflow_colspec": […]}`.
    init?(dataset: JSON) {
        guard let columns = dataset["mlflow_colspec"] ?? Self.features(dataset) else { return nil }
        self.init(columns)
    }

    /// The features of arrays, which are a list, or JSON within a text.
    ///
    /// - Source: MLflow 3, `mlflow/data/schema.py`, `TensorDatasetSchema.to_dict`.
    private static func features(_ dataset: JSON) -> JSON? {
        guard let features = dataset["mlflow_tensorspec"]?["features"] else { return nil }
        guard case .string(let text) = features else { return features }
        return try? JSON(parsing: text)
    }

    private static func column(_ entry: JSON) -> Column? {
        guard case .object = entry, let type = entry["type"] ?? entry["dtype"] else { return nil }
        var notes: [String] = []
        if case .boolean(false)? = entry["required"] { notes.append("optional") }
        if let value = entry["default"] { notes.append("default \(value.text)") }
        if let shape = entry["shape"], shape != .null { notes.append("shape \(shape.text)") }
        return Column(
            name: entry["name"]?.plainText ?? "–",
            type: self.type(type, entry),
            notes: notes.joined(separator: ", ")
        )
    }

    private static func type(_ type: JSON, _ entry: JSON) -> String {
        if type == "tensor", let spec = entry["tensor-spec"] {
            return "tensor \(spec["dtype"]?.plainText ?? "") \(spec["shape"]?.text ?? "")"
        }
        if type == "array", let items = entry["items"]?["type"] { return "array of \(items.plainText)" }
        return type.plainText
    }

    var html: HTML {
        let shown = columns.prefix(Self.mostColumns)
        return """
            <div class="scroll"><table class="list dense"><thead><tr><th scope="col">Column</th>\
            <th scope="col">Type</th><th scope="col">Notes</th></tr></thead><tbody>\(shown.map { column in
                "<tr><td>\(column.name)</td><td class=\"mono\">\(column.type)</td><td>\(column.notes)</td></tr>" as HTML
            })</tbody></table></div>
            \(ListEnd(hidden: columns.count - shown.count).html)
            """
    }
}
