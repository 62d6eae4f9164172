internal import Core
internal import Database

/// The order of an experiment search: the terms that were asked for, then the highest id first.
///
/// - Source: `_get_search_experiments_order_by_clauses` in `mlflow/store/tracking/sqlalchemy_store.py`.
struct ExperimentOrder: Sendable {
    struct Term: Hashable, Sendable {
        let attribute: ExperimentField.Attribute
        let isAscending: Bool
    }

    let terms: [Term]

    init(_ texts: [String]) throws(Failure) {
        try OrderClause.checkCount(texts.count)
        var terms: [Term] = []
        for text in texts.isEmpty ? ["creation_time DESC", "experiment_id ASC"] : texts {
            let clause = try OrderClause(text)
            guard case .attribute(let attribute) = try ExperimentFilter.field(clause.name, in: clause.source)
            else {
                throw .invalid("Invalid order_by entity: tag")
            }
            terms.append(Term(attribute: attribute, isAscending: clause.isAscending))
        }
        if !terms.contains(where: { $0.attribute == .experimentID }) {
            terms.append(Term(attribute: .experimentID, isAscending: false))
        }
        self.terms = terms
    }

    var columns: [SortColumn] {
        terms.map { term in
            SortColumn(
                term.attribute.column,
                term.attribute == .name ? .text : .integer,
                isAscending: term.isAscending
            )
        }
    }
}
