import Database

/// Writes params and tags of runs, in order where their names are sorted.
struct RunValues {
    /// What happens where the run has a value of that name.
    enum Conflict {
        case keep
        case replace

        var sql: SQL {
            switch self {
            case .keep: "ON CONFLICT DO NOTHING"
            case .replace:
                "ON CONFLICT (run_key, name_id) DO UPDATE SET value = excluded.value, sorted_in = excluded.sorted_in"
            }
        }
    }

    let run: Int64
    let experiment: Int64
    private(set) var sorted: SortedNames

    /// - Parameters:
    ///   - run: The key of the run.
    ///   - experiment: The key of its experiment.
    ///   - hasLongValues: Whether some value that is going to be written is too long for an index.
    ///   - connection: The transaction that writes.
    /// - Throws: `DatabaseError` where the database fails.
    init(run: Int64, experiment: Int64, hasLongValues: Bool, in connection: any Connection) throws {
        self.run = run
        self.experiment = experiment
        sorted = try SortedNames.load(of: experiment, toChange: hasLongValues, in: connection)
    }

    /// - Returns: How many values were new or replaced.
    @discardableResult
    mutating func write(
        _ values: [(name: Int64, value: String)],
        of kind: SortedNames.Kind,
        _ conflict: Conflict,
        in connection: any Connection
    ) throws -> Int {
        guard !values.isEmpty else { return 0 }
        try refuseLong(values, of: kind, in: connection)
        return try connection.insert(
            into: kind == .param ? "params" : "tags",
            ["run_key", "name_id", "value", "sorted_in"],
            values: values.flatMap { name, value in
                [.integer(run), .integer(name), .text(value), place(of: kind, name)]
            },
            conflict.sql
        )
    }

    /// What `sorted_in` of a row with this name holds.
    func place(of kind: SortedNames.Kind, _ name: Int64) -> Value {
        sorted.place(of: SortedNames.Name(kind: kind, id: name), in: experiment)
    }

    /// A name with a value that no index takes is sorted no more.
    private mutating func refuseLong(
        _ values: [(name: Int64, value: String)],
        of kind: SortedNames.Kind,
        in connection: any Connection
    ) throws {
        let names = values.filter { SortedNames.isLong($0.value) }
            .map { SortedNames.Name(kind: kind, id: $0.name) }
            .filter { sorted.place(of: $0, in: experiment) != .null }
        guard !names.isEmpty else { return }
        for name in names { sorted[name] = .refused }
        try sorted.store(of: experiment, in: connection)
    }
}
