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

    /// - Returns: How many values were new or replaced.
    @discardableResult
    func write(
        _ values: [(name: Int64, value: String)],
        of kind: SortedNames.Kind,
        _ conflict: Conflict,
        in connection: any Connection
    ) throws -> Int {
        guard !values.isEmpty else { return 0 }
        var sorted = try SortedNames.load(of: experiment, in: connection)
        try refuseLong(values, of: kind, &sorted, in: connection)
        return try connection.insert(
            into: kind == .param ? "params" : "tags",
            ["run_key", "name_id", "value", "sorted_in"],
            values: values.flatMap { name, value in
                [
                    .integer(run), .integer(name), .text(value),
                    sorted.place(of: SortedNames.Name(kind: kind, id: name), in: experiment),
                ]
            },
            conflict.sql
        )
    }

    /// A name with a value that no index takes is sorted no more.
    private func refuseLong(
        _ values: [(name: Int64, value: String)],
        of kind: SortedNames.Kind,
        _ sorted: inout SortedNames,
        in connection: any Connection
    ) throws {
        let long = values.filter { _, value in
            value.utf8.count > SortedNames.longestValue
                && value.unicodeScalars.count > SortedNames.longestValue
        }
        let names = long.map { SortedNames.Name(kind: kind, id: $0.name) }
        guard names.contains(where: { sorted.place(of: $0, in: experiment) != .null }) else { return }
        sorted = try SortedNames.loadToChange(of: experiment, in: connection)
        for name in names where sorted[name] != nil { sorted[name] = .refused }
        try sorted.store(of: experiment, in: connection)
    }
}
