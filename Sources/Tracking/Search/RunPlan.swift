internal import Core
internal import Database

/// How a search for runs is answered: by which queries, in which order.
///
/// Where one experiment and one stage of life are searched, `runs` has them in the default order and `latest_metrics` has
/// them in the order of each metric; so a search is cut into such parts, and their answers are merged.
struct RunPlan {
    /// More parts than this are cheaper to sort together.
    static let mostParts = 16
    /// As many runs are found by a metric and then sorted; if more match, walking in order finds a page soon enough.
    static func mostDriven(limit: Int) -> Int { max(4_000, 10 * limit) }

    /// The columns that the search is sorted by; queries may fix some of them.
    let columns: [SortColumn]
    private let query: RunQuery
    private let terms: [RunSortTerm]
    /// The parts of the filter that must all hold, each with the metric that it requires, if it does.
    private let conditions: [(metricID: Int64?, sql: SQL)]
    /// What every run found fulfils of its metrics.
    private let metrics: [RequiredMetric]
    private let firstMetricID: Int64?
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
        var conditions: [(metricID: Int64?, sql: SQL)] = []
        if namesRuns { conditions.append((nil, "r.workspace_id = \(query.workspace.key)")) }
        var metrics: [RequiredMetric] = []
        try withoutActuallyEscaping(nameID) { nameID in
            for conjunct in conjuncts {
                let required = try RequiredMetric(conjunct, nameID: nameID)
                conditions.append((required?.nameID, try RunConditions(nameID: nameID).sql(for: conjunct)))
                if let required { metrics.add(required) }
            }
        }
        self.conditions = conditions
        self.metrics = metrics
        if case .metric(let key) = query.order.terms[0].field {
            firstMetricID = try nameID(key)
        } else {
            firstMetricID = nil
        }
    }

    /// The next rows in order.
    func rows(after values: [Value]?, limit: Int, in connection: any Connection) throws -> [SortedRow] {
        guard query.experiments.count * query.viewType.stages.count <= Self.mostParts else {
            return try everything.rows(after: values, limit: limit, in: connection)
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
        _ connection: any Connection
    ) throws -> [SortedRow] {
        var rows: [SortedRow] = []
        for (rank, query) in try queries(for: part, in: connection) {
            var behind = values
            if let rank, case .integer(let reached)? = values?.first {
                if rank < reached { continue }
                if rank > reached { behind = nil }
            }
            rows += try query.rows(after: behind, limit: limit - rows.count, in: connection)
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
            // The sign keeps SQLite from walking the experiment in order instead.
            let conditions: [SQL] = [
                "+r.experiment_key = \(part.experiment)", "r.lifecycle_stage = \(part.stage.rawValue)",
            ]
            return [(nil, sorted(from: "FROM runs r", where: conditions, columns))]
        }
        let most = Self.mostDriven(limit: query.limit)
        if let driver = try metrics.first(where: { try $0.isFulfilled(byAtMost: most, in: part, connection) })
        {
            let query = sorted(
                from: "FROM latest_metrics d CROSS JOIN runs r",
                where: driver.conditions("d", in: part) + ["r.run_key = d.run_key"] + part.conditions,
                columns,
                answering: driver.nameID
            )
            return [(nil, query)]
        }
        guard let firstMetricID else {
            return [(nil, sorted(from: "FROM runs r", where: part.conditions, columns))]
        }
        return metricWalk(firstMetricID, in: part)
    }

    /// The runs in the order of a metric: by its index those that have it, then those where it is NaN, then the others.
    private func metricWalk(_ id: Int64, in part: Part) -> [(rank: Int64?, SortedQuery)] {
        let required = metrics.first { $0.nameID == id }
        let isAscending = query.order.terms[0].isAscending
        let rest = terms.dropFirst().flatMap(\.columns)
        let having: [(rank: Int64?, SortedQuery)] = [(0, "FALSE" as SQL), (1, "TRUE")].map { rank, isNaN in
            let conditions: [SQL] = [
                "o0.experiment_key = \(part.experiment)", "o0.name_id = \(id)", "o0.is_nan = \(isNaN)",
                "r.run_key = o0.run_key", "r.lifecycle_stage = \(part.stage.rawValue)",
            ]
            let query = sorted(
                from: "FROM latest_metrics o0 CROSS JOIN runs r",
                where: conditions + (required?.conditions("o0") ?? []),
                RunSortTerm.metricColumns("o0", rank: rank, isAscending: isAscending) + rest,
                joining: terms.dropFirst(),
                answering: id
            )
            return (Int64(rank), query)
        }
        // A run of which a comparison of the metric holds has it, and it is a number.
        guard required == nil else { return [having[0]] }
        let missing: SQL =
            "NOT EXISTS (SELECT 1 FROM latest_metrics m WHERE m.run_key = r.run_key AND m.name_id = \(id))"
        let others = sorted(
            from: "FROM runs r",
            where: part.conditions + [missing],
            RunSortTerm.metricColumns("o0", rank: 2, isAscending: isAscending) + rest,
            joining: terms.dropFirst()
        )
        return having + [(2, others)]
    }

    /// A query with the filter and the tables of the order; `joining` nil means those of all terms.
    ///
    /// Of the metric that it is `answering`, the conditions say all that the filter requires, and it is not asked twice.
    private func sorted(
        from source: SQL,
        where conditions: [SQL],
        _ columns: [SortColumn],
        joining: ArraySlice<RunSortTerm>? = nil,
        answering metricID: Int64? = nil
    ) -> SortedQuery {
        let rest = self.conditions.filter { $0.metricID == nil || $0.metricID != metricID }.map(\.sql)
        let joins = (joining ?? terms[...]).map(\.join).filter { !$0.isEmpty }
        return SortedQuery(
            key: "r.run_key",
            source: ([source] + joins).joined(separator: "\n"),
            conditions: conditions + rest,
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
}

/// The comparisons of one metric that every run found fulfils.
struct RequiredMetric {
    let nameID: Int64
    fileprivate var comparisons: [Comparison]

    /// Nil for a clause that is something else, or that a run without the number may fulfil.
    init?(_ clause: Filter<RunField>, nameID: (String) throws -> Int64?) throws {
        guard case .leaf(let condition) = clause, case .metric(let key) = condition.field,
            case .number(let order, _) = condition.comparison, order != .notEqual, let id = try nameID(key)
        else { return nil }
        self.nameID = id
        comparisons = [condition.comparison]
    }

    func conditions(_ table: SQL) -> [SQL] {
        comparisons.compactMap { $0.conditionOnMetric(table) }
    }

    func conditions(_ table: SQL, in part: Part) -> [SQL] {
        ["\(table).experiment_key = \(part.experiment)", "\(table).name_id = \(nameID)"] + conditions(table)
    }

    /// Whether the index of metrics finds no more runs than this.
    func isFulfilled(byAtMost most: Int, in part: Part, _ connection: any Connection) throws -> Bool {
        let count = try connection.first(
            """
            SELECT COUNT(*)
            FROM (
                SELECT 1
                FROM latest_metrics d
                WHERE \(conditions("d", in: part).joined(separator: " AND "))
                LIMIT \(most + 1)
            ) found
            """
        ) { $0.int(0) }
        return count.map { $0 <= most } ?? false
    }
}

extension [RequiredMetric] {
    /// Joins what is required of the same metric.
    fileprivate mutating func add(_ metric: RequiredMetric) {
        if let index = firstIndex(where: { $0.nameID == metric.nameID }) {
            self[index].comparisons += metric.comparisons
        } else {
            append(metric)
        }
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
