internal import Core
internal import Database

/// One term of the order of a logged model search, as clients send it.
package struct LoggedModelOrderTerm: Sendable, Hashable {
    /// An attribute, such as `creation_timestamp`, or a metric, such as `metrics.acc`.
    package let field: String
    package let isAscending: Bool
    /// Of a metric: only what was measured on this dataset.
    package let datasetName: String?
    package let datasetDigest: String?

    package init(
        field: String,
        isAscending: Bool = true,
        datasetName: String? = nil,
        datasetDigest: String? = nil
    ) {
        self.field = field
        self.isAscending = isAscending
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
    }
}

/// The order of a logged model search: the terms that were asked for, then the newest first, then by id.
///
/// - Source: `_apply_order_by_search_logged_models` in `mlflow/store/tracking/sqlalchemy_store.py`.
struct LoggedModelOrder: Sendable {
    private enum Field: Hashable {
        case attribute(LoggedModelField.Attribute)
        case metric(String)
    }

    private let terms: [(field: Field, asked: LoggedModelOrderTerm)]

    init(_ asked: [LoggedModelOrderTerm]) throws(Failure) {
        try OrderClause.checkCount(asked.count)
        var terms: [(field: Field, asked: LoggedModelOrderTerm)] = []
        for term in asked { terms.append((try Self.field(term.field), term)) }
        for (attribute, isAscending) in [
            (LoggedModelField.Attribute.creationTimestamp, false), (.modelID, true),
        ]
        where !terms.contains(where: { $0.field == .attribute(attribute) }) {
            let term = LoggedModelOrderTerm(field: attribute.rawValue, isAscending: isAscending)
            terms.append((.attribute(attribute), term))
        }
        self.terms = terms
    }

    private static func field(_ name: String) throws(Failure) -> Field {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            guard let attribute = LoggedModelField.Attribute(name: name) else {
                throw .invalid("Invalid order by field name: \(name)")
            }
            return .attribute(attribute)
        }
        guard parts[0] == "metrics" else {
            throw .invalid("Invalid order by field name: \(name). Only metrics are supported.")
        }
        return .metric(FilterSource.trimmed(String(parts[1]), ["`"]))
    }

    /// The columns of the table `logged_models`, called `l`.
    func columns(nameID: (String) throws -> Int64?) rethrows -> [SortColumn] {
        try terms.flatMap { field, asked -> [SortColumn] in
            switch field {
            case .attribute(.status):
                [SortColumn("l.status", .integer, isAscending: asked.isAscending)]
            case .attribute(let attribute) where attribute.isNumeric || attribute == .experimentID:
                [SortColumn(attribute.column, .integer, isAscending: asked.isAscending)]
            case .attribute(let attribute) where attribute.isOptional:
                SortColumn.missingLast(attribute.column, .text, isAscending: asked.isAscending)
            case .attribute(let attribute):
                [SortColumn(attribute.column, .text, isAscending: asked.isAscending)]
            case .metric(let key):
                SortColumn.missingLast(
                    Self.latest(try nameID(key), asked),
                    .real,
                    isAscending: asked.isAscending
                )
            }
        }
    }

    /// The newest value of a metric of a model; NULL where there is none or it is NaN.
    private static func latest(_ nameID: Int64?, _ term: LoggedModelOrderTerm) -> SQL {
        var conditions: [SQL] = ["m.model_key = l.model_key", nameID.map { "m.name_id = \($0)" } ?? "FALSE"]
        if let name = term.datasetName, !name.isEmpty { conditions.append("m.dataset_name = \(name)") }
        if let digest = term.datasetDigest, !digest.isEmpty {
            conditions.append("m.dataset_digest = \(digest)")
        }
        return """
            (
                SELECT CASE WHEN m.is_nan THEN NULL ELSE m.value END
                FROM logged_model_metrics m
                WHERE \(conditions.joined(separator: " AND "))
                ORDER BY m.timestamp DESC, m.step DESC, m.run_id
                LIMIT 1
            )
            """
    }
}
