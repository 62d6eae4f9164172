package import Database
import Synchronization

/// Makes names sorted: marks them, adds the rows that are there to the index a few at a time, and marks them ready.
///
/// Searches only say what they wish (`wish`); a service of the server, which hears of it by `wishes`, does the work.
/// Whoever is ended in the middle leaves names that are filling, which the next wish goes on with.
package final class NameSorter: Sendable {
    /// Says that there are wishes.
    package let wishes: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let wished = Mutex<[Int64: Set<SortedNames.Name>]>([:])

    /// So many runs are searched quickly in any order; fewer are not worth an index.
    static let fewRuns = 200

    /// Runs whose rows change in one transaction, so that nobody waits long for the writer.
    private let chunk: Int

    /// Experiments beyond this many wait for a later search.
    private static let mostWishes = 1_000

    init(chunk: Int = 2_000) {
        self.chunk = chunk
        (wishes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func wish(_ names: [SortedNames.Name], of experiment: Int64) {
        wished.withLock { wished in
            guard wished[experiment] != nil || wished.count < Self.mostWishes else { return }
            wished[experiment, default: []].formUnion(names)
        }
        signal.yield()
    }

    /// Sorts what was wished since the last time.
    ///
    /// - Throws: `CancellationError`, and `DatabaseError` or `Failure` where the database cannot be written; what was
    ///   done stays, and is gone on with when it is wished again.
    package func sortWished(in database: any Database) async throws {
        while let (experiment, names) = wished.withLock({ $0.popFirst() }) {
            try await sort(names.sorted(), of: experiment, in: database)
        }
    }

    private func sort(
        _ names: [SortedNames.Name],
        of experiment: Int64,
        in database: any Database
    ) async throws {
        let (marked, runs) = try await database.write { connection in
            // In this order: a run that is not among those read is written by somebody who sees the marks.
            let marked = try Self.mark(names, of: experiment, in: connection)
            return (marked, try Self.runs(of: experiment, in: connection))
        }
        var filling = marked
        for start in stride(from: 0, to: runs.count, by: chunk) where !filling.isEmpty {
            let part = Array(runs[start..<min(start + chunk, runs.count)])
            try Task.checkCancellation()
            filling = try await database.write { [filling] connection in
                try Self.add(part, filling, of: experiment, in: connection)
            }
        }
        try await database.write { [filling] connection in
            var sorted = try SortedNames.load(of: experiment, toChange: true, in: connection)
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
        var sorted = try SortedNames.load(of: experiment, toChange: true, in: connection)
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

    /// Adds rows of runs to the index, and gives back the names that can go on.
    private static func add(
        _ runs: [Int64],
        _ names: [SortedNames.Name],
        of experiment: Int64,
        in connection: any Connection
    ) throws -> [SortedNames.Name] {
        let long = try names.filter { try $0.kind != .metric && hasLongValue(runs, $0, in: connection) }
        if !long.isEmpty {
            var sorted = try SortedNames.load(of: experiment, toChange: true, in: connection)
            for name in long { sorted[name] = .refused }
            try sorted.store(of: experiment, in: connection)
        }
        let fit = names.filter { !long.contains($0) }
        for name in fit {
            try connection.execute(
                """
                UPDATE \(name.kind.table) SET sorted_in = \(experiment)
                WHERE run_key \(anyOf: runs) AND name_id = \(name.id) AND sorted_in IS NULL
                """
            )
        }
        return fit
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
