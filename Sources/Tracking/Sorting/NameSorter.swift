import Core
import Database
import Synchronization

/// Makes names sorted: marks them, adds the rows that are there to the index a few at a time, and marks them ready.
///
/// Whoever is ended in the middle leaves names that are filling, which the next search that wants them goes on with.
final class NameSorter: Sendable {
    /// Experiments whose names this process is sorting.
    private let busy = Mutex<Set<Int64>>([])

    /// So many runs are searched quickly in any order; fewer are not worth an index.
    static let fewRuns = 200

    /// Runs whose rows change in one transaction, so that nobody waits long for the writer.
    private static let chunk = 2_000

    /// Makes names sorted in an experiment; returns at once where that is under way.
    ///
    /// - Throws: `DatabaseError` where the database fails; what was done stays and is gone on with later.
    func sort(_ names: [SortedNames.Name], of experiment: Int64, in database: any Database) async throws {
        guard busy.withLock({ $0.insert(experiment).inserted }) else { return }
        defer { busy.withLock { _ = $0.remove(experiment) } }
        let (marked, runs) = try await database.write { connection in
            // In this order: a run that is not among those read is written by somebody who sees the marks.
            let marked = try Self.mark(names, of: experiment, in: connection)
            return (marked, try Self.runs(of: experiment, in: connection))
        }
        var filling = marked
        for start in stride(from: 0, to: runs.count, by: Self.chunk) where !filling.isEmpty {
            let part = Array(runs[start..<min(start + Self.chunk, runs.count)])
            filling = try await database.write { [filling] connection in
                try filling.filter { try Self.add(part, $0, of: experiment, in: connection) }
            }
        }
        try await database.write { [filling] connection in
            var sorted = try SortedNames.loadToChange(of: experiment, in: connection)
            for name in filling where sorted[name] == .filling { sorted[name] = .ready }
            try sorted.store(of: experiment, in: connection)
        }
    }

    /// From here on writers add their rows to the index themselves.
    private static func mark(
        _ names: [SortedNames.Name],
        of experiment: Int64,
        in connection: any Connection
    ) throws -> [SortedNames.Name] {
        var sorted = try SortedNames.loadToChange(of: experiment, in: connection)
        for name in names where sorted[name] == nil && !sorted.isFull { sorted[name] = .filling }
        try sorted.store(of: experiment, in: connection)
        return names.filter { sorted[$0] == .filling }
    }

    private static func runs(of experiment: Int64, in connection: any Connection) throws -> [Int64] {
        try connection.rows("SELECT run_key FROM runs WHERE experiment_key = \(experiment) ORDER BY run_key")
        {
            $0.int(0)
        }
    }

    /// Adds rows of runs to the index; false where the name is refused instead.
    private static func add(
        _ runs: [Int64],
        _ name: SortedNames.Name,
        of experiment: Int64,
        in connection: any Connection
    ) throws -> Bool {
        if name.kind != .metric, try hasLongValue(runs, name, in: connection) {
            var sorted = try SortedNames.loadToChange(of: experiment, in: connection)
            sorted[name] = .refused
            try sorted.store(of: experiment, in: connection)
            return false
        }
        try connection.execute(
            """
            UPDATE \(name.kind.table) SET sorted_in = \(experiment)
            WHERE run_key \(anyOf: runs) AND name_id = \(name.id) AND sorted_in IS NULL
            """
        )
        return true
    }

    private static func hasLongValue(
        _ runs: [Int64],
        _ name: SortedNames.Name,
        in connection: any Connection
    ) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM \(name.kind.table)
            WHERE run_key \(anyOf: runs) AND name_id = \(name.id) AND length(value) > \(SortedNames.longestValue)
            LIMIT 1
            """
        ) { _ in true } ?? false
    }
}
