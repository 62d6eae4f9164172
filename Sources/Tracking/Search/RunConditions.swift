import Core
internal import Database

/// Writes the filter of a run search as conditions on the table `runs`, called `r`.
///
/// Every condition is TRUE or FALSE, never NULL, so that NOT means what it says: a run without the metric, param or tag
/// does not match, and NOT of that does.
///
/// - Source: `_get_sqlalchemy_filter_clauses` in `mlflow/store/tracking/sqlalchemy_store.py`.
struct RunConditions {
    /// The key of a name; nil for one that nothing has.
    let nameID: (String) throws -> Int64?

    func sql(for filter: Filter<RunField>) throws -> SQL {
        try filter.sql { try sql(for: $0) }
    }

    private func sql(for condition: Condition<RunField>) throws -> SQL {
        switch condition.field {
        case .attribute(let attribute): attribute.condition(condition.comparison)
        case .metric(let key): try metric(key, condition.comparison)
        case .param(let key): try value(of: key, in: "params", condition.comparison)
        case .tag(let key): try value(of: key, in: "tags", condition.comparison)
        case .dataset(let dataset): self.dataset(dataset, condition.comparison)
        }
    }

    private func metric(_ key: String, _ comparison: Comparison) throws -> SQL {
        guard let id = try nameID(key), let condition = comparison.conditionOnMetric("m") else {
            return "FALSE"
        }
        return """
            EXISTS (
                SELECT 1
                FROM latest_metrics m
                WHERE m.run_key = r.run_key AND m.name_id = \(id) AND \(condition)
            )
            """
    }

    private func value(of key: String, in table: SQL, _ comparison: Comparison) throws -> SQL {
        guard let id = try nameID(key) else {
            return comparison == .presence(false) ? "TRUE" : "FALSE"
        }
        let row: SQL = "SELECT 1 FROM \(table) v WHERE v.run_key = r.run_key AND v.name_id = \(id)"
        return switch comparison {
        case .presence(true): "EXISTS (\(row))"
        case .presence(false): "NOT EXISTS (\(row))"
        default: "EXISTS (\(row) AND \(comparison.condition(on: "v.value")))"
        }
    }

    /// The run has some input of which it holds.
    private func dataset(_ dataset: RunField.Dataset, _ comparison: Comparison) -> SQL {
        guard dataset != .context else {
            return """
                EXISTS (
                    SELECT 1
                    FROM run_dataset_tags t
                    WHERE t.run_key = r.run_key AND t.key = 'mlflow.data.context'
                        AND \(comparison.condition(on: "t.value"))
                )
                """
        }
        let column: SQL = dataset == .name ? "d.name" : "d.digest"
        return """
            EXISTS (
                SELECT 1
                FROM run_datasets i
                JOIN datasets d ON d.dataset_key = i.dataset_key
                WHERE i.run_key = r.run_key AND \(comparison.condition(on: column))
            )
            """
    }
}

extension Comparison {
    /// The comparison of a metric, of which a row may be NaN; nil for one that numbers do not know.
    ///
    /// NaN is stored as 0 with a mark. It differs from every number and has no other relation to any.
    func conditionOnMetric(_ table: SQL) -> SQL? {
        guard case .number(let order, let number) = self else { return nil }
        let condition: SQL = "\(table).value \(SQL(trusted: order.rawValue)) \(number.double)"
        return order == .notEqual
            ? "(\(condition) OR \(table).is_nan)" : "\(table).is_nan = FALSE AND \(condition)"
    }
}

extension RunField.Attribute {
    fileprivate func condition(_ comparison: Comparison) -> SQL {
        switch self {
        case .endTime, .duration: comparison.condition(onNullable: column)
        case .runID, .runName, .userID, .status, .startTime, .artifactURI: comparison.condition(on: column)
        }
    }

    /// Runs are found by the name in their row; writers keep the tag `mlflow.runName` in step with it.
    var column: SQL {
        switch self {
        case .runID: "r.run_uuid"
        case .runName: "r.name"
        case .userID: "r.user_id"
        case .status: Self.statusWord
        case .startTime: "r.start_time"
        case .endTime: "r.end_time"
        case .artifactURI: "r.artifact_uri"
        case .duration: Self.durationMs
        }
    }

    /// No more than can be counted, as the table shows it: both times are anybody's.
    private static let durationMs: SQL = """
        CASE WHEN r.start_time < 0 THEN CASE
            WHEN r.end_time > 9223372036854775807 + r.start_time THEN 9223372036854775807
            ELSE r.end_time - r.start_time END
        WHEN r.end_time < -9223372036854775807 + r.start_time THEN -9223372036854775807
        ELSE r.end_time - r.start_time END
        """

    /// The status as it is searched and ordered: by its word.
    private static let statusWord: SQL = """
        CASE r.status WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'SCHEDULED' WHEN 3 THEN 'FINISHED' \
        WHEN 4 THEN 'FAILED' WHEN 5 THEN 'KILLED' ELSE '' END
        """
}
