internal import Core
internal import Database

/// How a search for runs is answered: by which queries, in which order.
///
/// Where one experiment and one stage of life are searched, `runs` has them in the default order and the index of a sorted
/// name has them in the order of its values; so a search is cut into such parts, and their answers are merged.
struct RunPlan {
    /// More parts than this are cheaper to sort together.
    static let mostParts = 16
    /// More tables than these are not joined for the sake of the filter; SQLite joins 64 at the most.
    private static let mostJoins = 16
    /// As many runs are found by a value and then sorted; if more match, walking in order finds a page soon enough.
    static func mostDriven(limit: Int) -> Int { max(4_000, 10 * limit) }

    /// So many runs tell how frequent a value is.
    private static let sampled = 500

    /// So many values are compared in an index before the first page of a walk would be full.
    private static let quicklyCompared = 20_000

    /// To look at so many runs one after the other takes as long as to compare some five times as many values in an index.
    private static let mostWalked = 20_000

    /// More keys than this are not handed back to the database.
    private static let mostListed = 20_000

    /// The columns that the search is sorted by; queries may fix some of them.
    let columns: [SortColumn]
    private let query: RunQuery
    private let terms: [RunSortTerm]
    /// The parts of the filter that must all hold.
    private let requirements: [Requirement]
    /// What every run found fulfils of its values.
    private let values: [RequiredValue]
    /// The name by whose values the runs are ordered first.
    private let firstName: SortedNames.Name?
    /// Whether single runs are named, which the unique index leads to.
    private let namesRuns: Bool

    init(_ query: RunQuery, nameID: (String) throws -> Int64?) throws {
        self.query = query
        terms = try query.order.terms.enumerated().map { index, term in
            try RunSortTerm(term, alias: SQL(trusted: "o\(index)"), nameID: nameID)
        }
        columns = terms.flatMap(\.columns)
        let conjuncts = query.filter?.conjuncts ?? []
        namesRuns = conjuncts.contains(where: \.namesRuns)
        var requirements: [Requirement] = []
        if namesRuns { requirements.append(Requirement("r.workspace_id = \(query.workspace.key)")) }
        var values: [RequiredValue] = []
        try withoutActuallyEscaping(nameID) { nameID in
            for (index, conjunct) in conjuncts.enumerated() {
                if index < Self.mostJoins, let required = try RequiredValue(conjunct, nameID: nameID) {
                    requirements.append(Requirement(required, alias: SQL(trusted: "c\(index)")))
                    values.add(required)
                } else {
                    requirements.append(Requirement(try RunConditions(nameID: nameID).sql(for: conjunct)))
                }
            }
        }
        self.requirements = requirements
        self.values = values
        firstName = try SortedNames.Name(query.order.terms[0].field, nameID: nameID)
    }

    /// The names that are not sorted yet and would help, by the experiment.
    ///
    /// - Parameter connection: The transaction that answers the search.
    /// - Returns: Nothing for experiments of few runs, which are quickly sorted as they are.
    /// - Throws: `DatabaseError` where the database fails.
    func wishes(in connection: any Connection) throws -> [(experiment: Int64, names: [SortedNames.Name])] {
        guard isCut, !namesRuns else { return [] }
        let wanted = [firstName].compactMap(\.self) + values.map(\.name)
        return try query.experiments.compactMap { experiment in
            let sorted = query.sortedNames[experiment] ?? .none
            let names = wanted.filter { sorted[$0] == .filling || (sorted[$0] == nil && !sorted.isFull) }
            guard !names.isEmpty, try hasManyRuns(experiment, connection) else { return nil }
            return (experiment, names)
        }
    }

    private func hasManyRuns(_ experiment: Int64, _ connection: any Connection) throws -> Bool {
        let few = NameSorter.fewRuns
        let count = try connection.first(
            "SELECT COUNT(*) FROM (SELECT 1 FROM runs WHERE experiment_key = \(experiment) LIMIT \(few + 1)) counted"
        ) { $0.int(0) }
        return (count ?? 0) > few
    }

    /// Whether each experiment and stage of life is searched on its own.
    private var isCut: Bool { query.experiments.count * query.viewType.stages.count <= Self.mostParts }

    /// The next rows in order, behind so many that are passed over.
    func rows(
        after values: [Value]?,
        limit: Int,
        passing: Int = 0,
        in connection: any Connection
    ) throws -> [SortedRow] {
        guard isCut else {
            return try everything.rows(after: values, limit: limit, passing: passing, in: connection)
        }
        if passing > 0 {
            guard query.experiments.count == 1, query.viewType.stages.count == 1 else {
                // What is merged is passed over after it was merged.
                return Array(
                    try rows(after: values, limit: passing + limit, in: connection).dropFirst(passing)
                )
            }
            let part = Part(experiment: query.experiments[0], stage: query.viewType.stages[0])
            return try rows(of: part, after: values, limit, passing: passing, connection)
        }
        var found: [SortedRow] = []
        for experiment in query.experiments {
            for stage in query.viewType.stages {
                let part = try rows(
                    of: Part(experiment: experiment, stage: stage),
                    after: values,
                    limit,
                    connection
                )
                found = found.isEmpty ? part : merged(found, part, limit: limit)
            }
        }
        return found
    }

    /// All parts in one query, which sorts what it finds.
    private var everything: SortedQuery {
        let stages = query.viewType.stages.map { "\($0.rawValue)" as SQL }.joined(separator: ", ")
        return sorted(
            from: "FROM runs r",
            where: ["r.experiment_key \(anyOf: query.experiments)", "r.lifecycle_stage IN (\(stages))"],
            columns
        )
    }

    private func rows(
        of part: Part,
        after values: [Value]?,
        _ limit: Int,
        passing: Int = 0,
        _ connection: any Connection
    ) throws -> [SortedRow] {
        var passing = passing
        var rows: [SortedRow] = []
        for (rank, query) in try queries(for: part, in: connection) {
            var behind = values
            if let rank, case .integer(let reached)? = values?.first {
                if rank < reached { continue }
                if rank > reached { behind = nil }
            }
            let found = try query.rows(
                after: behind,
                limit: limit - rows.count,
                passing: passing,
                in: connection
            )
            if passing > 0 {
                passing = found.isEmpty ? passing - (try query.count(after: behind, in: connection)) : 0
            }
            rows += found
            if rows.count == limit { break }
        }
        return rows
    }

    /// The queries that answer a part one after the other, each with the rank of its rows if all have the same.
    private func queries(
        for part: Part,
        in connection: any Connection
    ) throws -> [(rank: Int64?, SortedQuery)] {
        guard !namesRuns else {
            return [(nil, sorted(from: "FROM runs r", where: part.conditionsOfFew, columns))]
        }
        let names = query.sortedNames[part.experiment] ?? .none
        for value in values where names.isReady(value.name) {
            if let query = try driven(by: value, in: part, connection) { return [(nil, query)] }
        }
        guard let firstName, names.isReady(firstName) else {
            return [(nil, sorted(from: "FROM runs r", where: part.conditions, columns))]
        }
        return walk(firstName, in: part)
    }

    /// The runs to which the index of a value leads, sorted afterwards; nil where they are too many for that.
    private func driven(
        by value: RequiredValue,
        in part: Part,
        _ connection: any Connection
    ) throws -> SortedQuery? {
        let most = Self.mostDriven(limit: query.limit)
        guard value.isRange else {
            if try isFrequent(value, in: part, connection) { return nil }
            let most = min(most, Self.mostListed)
            guard let runs = try value.runs(atMost: most, in: part, connection) else { return nil }
            return sorted(
                from: "FROM runs r",
                where: ["r.run_key \(anyOf: runs)"] + part.conditionsOfFew,
                columns,
                answering: value.name
            )
        }
        guard try value.isFulfilled(byAtMost: most, in: part, connection) else { return nil }
        return sorted(
            from: "FROM \(value.name.kind.table) d",
            "CROSS JOIN runs r",
            where: value.conditions("d", in: part) + ["r.run_key = d.run_key"] + part.conditions,
            columns,
            answering: value.name
        )
    }

    /// Whether a page is soon full by walking in order, judged by the newest runs.
    private func isFrequent(
        _ value: RequiredValue,
        in part: Part,
        _ connection: any Connection
    ) throws -> Bool {
        guard query.order.isNewestFirst, try value.has(moreThan: Self.quicklyCompared, in: part, connection)
        else { return false }
        let found = try value.count(amongNewest: Self.sampled, in: part, connection)
        return found > 0 && query.limit * Self.sampled / found <= Self.mostWalked
    }

    /// The runs in the order of the values of a name: by its index those that have one, then the others.
    ///
    /// A metric that is NaN comes between the two.
    private func walk(_ name: SortedNames.Name, in part: Part) -> [(rank: Int64?, SortedQuery)] {
        let required = values.first { $0.name == name }
        let isAscending = query.order.terms[0].isAscending
        let rest = terms.dropFirst().flatMap(\.columns)
        let ranks: [SQL] = name.kind == .metric ? ["o0.is_nan = FALSE", "o0.is_nan = TRUE"] : ["TRUE"]
        let having: [(rank: Int64?, SortedQuery)] = ranks.enumerated().map { rank, condition in
            let conditions: [SQL] = [
                "o0.sorted_in = \(part.experiment)", "o0.name_id = \(name.id)", condition,
                "r.run_key = o0.run_key", "r.lifecycle_stage = \(part.stage.rawValue)",
            ]
            let query = sorted(
                from: "FROM \(name.kind.table) o0 CROSS JOIN runs r",
                where: conditions + (required?.conditions("o0") ?? []),
                RunSortTerm.columns(of: name.kind, "o0", rank: rank, isAscending: isAscending) + rest,
                joining: terms.dropFirst(),
                answering: name
            )
            return (Int64(rank), query)
        }
        // A run of which a comparison of the value holds has one, and a metric is a number then.
        guard required == nil else { return [having[0]] }
        let missing: SQL = """
            NOT EXISTS (SELECT 1 FROM \(name.kind.table) m WHERE m.run_key = r.run_key AND m.name_id = \(name.id))
            """
        let others = sorted(
            from: "FROM runs r",
            where: part.conditions + [missing],
            RunSortTerm.columns(of: name.kind, "o0", rank: ranks.count, isAscending: isAscending) + rest,
            joining: terms.dropFirst()
        )
        return having + [(Int64(ranks.count), others)]
    }

    /// A query with the filter and the tables of the order; `joining` nil means those of all terms.
    ///
    /// If `source` is not the table of runs, `runs` joins it, behind the tables of the filter: most runs fall out there.
    /// Of the name that it is `answering`, the conditions say all that the filter requires, and it is not asked twice.
    private func sorted(
        from source: SQL,
        _ runs: SQL = "",
        where conditions: [SQL],
        _ columns: [SortColumn],
        joining: ArraySlice<RunSortTerm>? = nil,
        answering name: SortedNames.Name? = nil
    ) -> SortedQuery {
        let rest = requirements.filter { $0.name == nil || $0.name != name }
        let joins = (rest.map(\.join) + [runs] + (joining ?? terms[...]).map(\.join)).filter { !$0.isEmpty }
        return SortedQuery(
            key: "r.run_key",
            source: ([source] + joins).joined(separator: "\n"),
            conditions: conditions + rest.flatMap(\.conditions),
            columns: columns
        )
    }

    private func merged(_ first: [SortedRow], _ second: [SortedRow], limit: Int) -> [SortedRow] {
        var result: [SortedRow] = []
        var (a, b) = (first[...], second[...])
        while result.count < limit, let x = a.first ?? b.first {
            if let y = b.first, a.isEmpty || columns.isBefore(y.values, x.values) {
                result.append(y)
                b.removeFirst()
            } else {
                result.append(x)
                a.removeFirst()
            }
        }
        return result
    }
}

/// The runs of one experiment in one stage of life.
struct Part {
    let experiment: Int64
    let stage: LifecycleStage

    var conditions: [SQL] { ["r.experiment_key = \(experiment)", "r.lifecycle_stage = \(stage.rawValue)"] }

    /// For runs that are named; the sign keeps SQLite from walking the experiment in order instead.
    var conditionsOfFew: [SQL] {
        ["+r.experiment_key = \(experiment)", "r.lifecycle_stage = \(stage.rawValue)"]
    }
}

extension Filter<RunField> {
    /// Whether it names single runs.
    fileprivate var namesRuns: Bool {
        guard case .leaf(let condition) = self, condition.field == .attribute(.runID) else { return false }
        switch condition.comparison {
        case .text(.equal, _), .list(isIn: true, _): return true
        default: return false
        }
    }
}
