internal import Core

/// The order of a run search: the terms that were asked for, then the newest first, then by id.
///
/// - Source: `_get_orderby_clauses` in `mlflow/store/tracking/sqlalchemy_store.py`.
struct RunOrder: Sendable {
    struct Term: Hashable, Sendable {
        let field: RunField
        let isAscending: Bool
    }

    let terms: [Term]

    /// - Parameters:
    ///   - texts: The terms, such as `metrics.acc DESC`.
    ///   - isOfTable: Whether they may name what only the table of runs is ordered by: `attributes.duration`, by which a
    ///     run that has not ended comes last.
    /// - Throws: `Failure.invalid` in MLflow's words.
    init(_ texts: [String], isOfTable: Bool = false) throws(Failure) {
        let attributeNames =
            isOfTable
            ? RunFilter.orderNames.merging([RunField.Attribute.duration.rawValue: .duration]) { $1 }
            : RunFilter.orderNames
        try OrderClause.checkCount(texts.count)
        var terms: [Term] = []
        for text in texts {
            let clause = try OrderClause(text)
            let field = try RunFilter.field(
                clause.name,
                in: clause.source,
                attributeNames: attributeNames
            )
            if case .dataset = field { throw .invalid("Invalid identifier type 'dataset'") }
            guard !terms.contains(where: { $0.field == field }) else { throw OrderClause.duplicates(texts) }
            terms.append(Term(field: field, isAscending: clause.isAscending))
        }
        for (attribute, isAscending) in [(RunField.Attribute.startTime, false), (.runID, true)]
        where !terms.contains(where: { $0.field == .attribute(attribute) }) {
            terms.append(Term(field: .attribute(attribute), isAscending: isAscending))
        }
        self.terms = terms
    }

    /// Whether it is the order that nobody has to ask for, in which an index has the runs of an experiment.
    var isNewestFirst: Bool {
        terms[0] == Term(field: .attribute(.startTime), isAscending: false)
            && terms[1] == Term(field: .attribute(.runID), isAscending: true)
    }
}
