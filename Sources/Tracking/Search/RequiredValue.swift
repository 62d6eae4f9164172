internal import Core
internal import Database

/// The comparisons of one metric, param or tag that every run found fulfils.
struct RequiredValue {
    let name: SortedNames.Name
    private var comparisons: [Comparison]

    /// Nil for a clause that is something else, or that a run without the value, or with NaN, may fulfil.
    init?(_ clause: Filter<RunField>, nameID: (String) throws -> Int64?) throws {
        guard case .leaf(let condition) = clause,
            let name = try SortedNames.Name(condition.field, nameID: nameID)
        else { return nil }
        switch (name.kind, condition.comparison) {
        case (.metric, .number(.notEqual, _)), (_, .presence(false)): return nil
        case (.metric, .number), (.param, _), (.tag, _): break
        case (.metric, _): return nil
        }
        self.name = name
        comparisons = [condition.comparison]
    }

    /// Whether the index finds the runs without passing over others.
    var isRange: Bool {
        comparisons.contains { comparison in
            switch comparison {
            case .number, .text(.equal, _): true
            case .text, .list, .presence: false
            }
        }
    }

    /// So many values are compared one after the other in the index, in some ten milliseconds, rather than each beside its
    /// run, which takes thirty times as long for those that do not match.
    private static let mostCompared = 200_000

    func conditions(_ table: SQL) -> [SQL] {
        comparisons.map { $0.condition(on: table, of: name.kind) }
    }

    /// The conditions by which the index of sorted values finds the runs of a part.
    func conditions(_ table: SQL, in part: Part) -> [SQL] {
        place(table, in: part) + conditions(table)
    }

    private func place(_ table: SQL = "d", in part: Part) -> [SQL] {
        ["\(table).sorted_in = \(part.experiment)", "\(table).name_id = \(name.id)"]
    }

    /// Whether the index of sorted values leads to no more runs than this.
    func isFulfilled(byAtMost most: Int, in part: Part, _ connection: any Connection) throws -> Bool {
        try has(atMost: most, conditions("d", in: part), connection)
    }

    /// The keys of the runs that are found by comparing every value in the index of sorted ones.
    ///
    /// - Returns: Nil where more runs are found, or more values would have to be compared than is quick.
    func runs(atMost most: Int, in part: Part, _ connection: any Connection) throws -> [Int64]? {
        guard try !has(moreThan: Self.mostCompared, in: part, connection) else { return nil }
        let runs = try connection.rows(
            """
            SELECT d.run_key
            FROM \(name.kind.table) d
            WHERE \(conditions("d", in: part).joined(separator: " AND "))
            LIMIT \(most + 1)
            """
        ) { $0.int(0) }
        return runs.count <= most ? runs : nil
    }

    /// Whether more runs than this have a value of the name, whatever it is.
    func has(moreThan count: Int, in part: Part, _ connection: any Connection) throws -> Bool {
        // Keys are given one by one: there are no more runs than the last one says, and none need be counted.
        let last = try connection.first("SELECT run_key FROM runs ORDER BY run_key DESC LIMIT 1") {
            $0.int(0)
        }
        guard let last, last > count else { return false }
        return try !has(atMost: count, place(in: part), connection)
    }

    /// How many of the newest runs of a part fulfil it.
    func count(amongNewest count: Int, in part: Part, _ connection: any Connection) throws -> Int {
        let conditions = ["d.run_key = r.run_key", "d.name_id = \(name.id)"] + conditions("d")
        let found = try connection.first(
            """
            SELECT COUNT(*)
            FROM (
                SELECT r.run_key FROM runs r WHERE \(part.conditions.joined(separator: " AND "))
                ORDER BY r.start_time DESC, r.run_uuid LIMIT \(count)
            ) r
            CROSS JOIN \(name.kind.table) d
            WHERE \(conditions.joined(separator: " AND "))
            """
        ) { Int($0.int(0)) }
        return found ?? 0
    }

    private func has(atMost most: Int, _ conditions: [SQL], _ connection: any Connection) throws -> Bool {
        try connection.first(
            """
            SELECT 1
            FROM \(name.kind.table) d
            WHERE \(conditions.joined(separator: " AND "))
            LIMIT 1 OFFSET \(most)
            """
        ) { _ in true } == nil
    }

    fileprivate mutating func join(_ other: RequiredValue) { comparisons += other.comparisons }
}

extension [RequiredValue] {
    /// Joins what is required of the same name.
    mutating func add(_ value: RequiredValue) {
        if let index = firstIndex(where: { $0.name == value.name }) {
            self[index].join(value)
        } else {
            append(value)
        }
    }
}

/// A part of a filter that must hold: conditions, and the table beside `runs` that they need.
struct Requirement {
    /// What they are about where that is a value which every run found has.
    let name: SortedNames.Name?
    let join: SQL
    let conditions: [SQL]

    init(_ condition: SQL) {
        name = nil
        join = ""
        conditions = [condition]
    }

    /// A run has one row of a name at the most, so a join finds no run twice; it is cheaper than a query within.
    init(_ value: RequiredValue, alias: SQL) {
        name = value.name
        join = "CROSS JOIN \(value.name.kind.table) \(alias)"
        conditions =
            ["\(alias).run_key = r.run_key", "\(alias).name_id = \(value.name.id)"] + value.conditions(alias)
    }
}

extension SortedNames.Name {
    /// Nil for a field that is no metric, param or tag, or that nothing has.
    init?(_ field: RunField, nameID: (String) throws -> Int64?) rethrows {
        let (kind, key): (SortedNames.Kind, String)
        switch field {
        case .metric(let name): (kind, key) = (.metric, name)
        case .param(let name): (kind, key) = (.param, name)
        case .tag(let name): (kind, key) = (.tag, name)
        case .attribute, .dataset: return nil
        }
        guard let id = try nameID(key) else { return nil }
        self.init(kind: kind, id: id)
    }
}

extension Comparison {
    /// The comparison of the value in a row of metrics, params or tags.
    fileprivate func condition(on table: SQL, of kind: SortedNames.Kind) -> SQL {
        kind == .metric ? conditionOnMetric(table) ?? "FALSE" : condition(on: "\(table).value")
    }
}
