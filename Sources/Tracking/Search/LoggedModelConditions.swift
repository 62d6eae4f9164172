import Core
internal import Database

/// Writes the filter of a logged model search as conditions on the table `logged_models`, called `l`.
///
/// - Source: `_apply_filter_string_datasets_search_logged_models` in `mlflow/store/tracking/sqlalchemy_store.py`.
struct LoggedModelConditions {
    let datasets: [LoggedModelDataset]

    func sql(for condition: Condition<LoggedModelField>, nameID: (String) throws -> Int64?) throws -> SQL {
        switch condition.field {
        case .attribute(.status):
            condition.comparison.withStatusWords.condition(on: LoggedModelField.Attribute.status.column)
        case .attribute(.experimentID):
            condition.comparison.condition(
                on: "CAST(\(LoggedModelField.Attribute.experimentID.column) AS TEXT)"
            )
        case .attribute(let attribute) where attribute.isOptional:
            condition.comparison.condition(onNullable: attribute.column)
        case .attribute(let attribute):
            condition.comparison.condition(on: attribute.column)
        case .metric(let key):
            try metric(try nameID(key), condition.comparison)
        case .param(let key):
            try value(nameID(key), in: "logged_model_params", condition.comparison)
        case .tag(let key):
            try value(nameID(key), in: "logged_model_tags", condition.comparison)
        }
    }

    /// The model has some metric on one of the datasets.
    var anyMetric: SQL {
        "EXISTS (SELECT 1 FROM logged_model_metrics m WHERE m.model_key = l.model_key AND \(onDatasets))"
    }

    /// Any value that was ever logged may fulfil it, as in MLflow.
    private func metric(_ nameID: Int64?, _ comparison: Comparison) throws -> SQL {
        guard let nameID, let condition = comparison.conditionOnMetric("m") else { return "FALSE" }
        return """
            EXISTS (
                SELECT 1
                FROM logged_model_metrics m
                WHERE m.model_key = l.model_key AND m.name_id = \(nameID) AND \(condition) AND \(onDatasets)
            )
            """
    }

    private func value(_ nameID: Int64?, in table: SQL, _ comparison: Comparison) -> SQL {
        guard let nameID else { return "FALSE" }
        return """
            EXISTS (
                SELECT 1
                FROM \(table) v
                WHERE v.model_key = l.model_key AND v.name_id = \(nameID)
                    AND \(comparison.condition(on: "v.value"))
            )
            """
    }

    private var onDatasets: SQL {
        guard !datasets.isEmpty else { return "TRUE" }
        let alternatives = datasets.map { dataset -> SQL in
            guard let digest = dataset.digest else { return "m.dataset_name = \(dataset.name)" }
            return "(m.dataset_name = \(dataset.name) AND m.dataset_digest = \(digest))"
        }
        return "(\(alternatives.joined(separator: " OR ")))"
    }
}

extension LoggedModelField {
    var isMetric: Bool {
        if case .metric = self { true } else { false }
    }
}

extension LoggedModelField.Attribute {
    var isOptional: Bool { self == .modelType || self == .sourceRunID || self == .statusMessage }

    var column: SQL {
        switch self {
        case .name: "l.name"
        case .modelID: "l.model_id"
        case .experimentID:
            "(SELECT e.experiment_id FROM experiments e WHERE e.experiment_key = l.experiment_key)"
        case .modelType: "l.model_type"
        case .status: Self.statusWord
        case .statusMessage: "l.status_message"
        case .sourceRunID: "l.source_run_id"
        case .artifactLocation: "l.artifact_location"
        case .lifecycleStage: "l.lifecycle_stage"
        case .creationTimestamp: "l.creation_timestamp_ms"
        case .lastUpdatedTimestamp: "l.last_updated_timestamp_ms"
        }
    }

    /// By its number; MLflow's filters know only these numbers, the words are ours besides.
    ///
    /// - Source: `LoggedModelStatus` in `mlflow/entities/logged_model_status.py`.
    fileprivate static let statusWords = ["UNSPECIFIED", "PENDING", "READY", "FAILED"]

    private static let statusWord: SQL = """
        CASE l.status WHEN 1 THEN 'PENDING' WHEN 2 THEN 'READY' WHEN 3 THEN 'FAILED' ELSE 'UNSPECIFIED' END
        """
}

extension Comparison {
    /// With the words of the statuses whose numbers were given.
    fileprivate var withStatusWords: Comparison {
        let words = LoggedModelField.Attribute.statusWords
        func word(_ value: String) -> String {
            Int(value).flatMap { words.indices.contains($0) ? words[$0] : nil } ?? value
        }
        return switch self {
        case .text(let match, let value): .text(match, word(value))
        case .list(let isIn, let values): .list(isIn: isIn, values.map(word))
        case .number, .presence: self
        }
    }
}
