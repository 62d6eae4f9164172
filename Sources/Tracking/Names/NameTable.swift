import Core
import Database
import Synchronization

/// The interned names of metrics, params and tags: `names` of the database, with what was seen kept in memory.
///
/// A name is never deleted or renumbered, so what is remembered stays true, also beside other servers. Only what has
/// been committed is remembered.
final class NameTable: Sendable {
    private struct Known {
        var ids: [ExactText: Int64] = [:]
        var names: [Int64: String] = [:]
    }

    private let known = Mutex(Known())

    /// How many names are remembered; beyond it the memory starts anew.
    private static let limit = 100_000
    private static let nameLimitBytes = 1_000

    /// The numbers of names, in their order; names that are new get a number.
    func intern(_ names: [String], in connection: any Connection) throws -> [Int64] {
        let names = names.map(ExactText.init)
        var ids = known.withLock { known in names.map { known.ids[$0] } }
        guard ids.contains(nil) else { return ids.compactMap(\.self) }
        // Where a key has no limit of its own; 250 characters are at most 1,000 bytes.
        guard names.allSatisfy({ $0.text.utf8.count <= Self.nameLimitBytes }) else {
            throw Failure.invalid("'key' exceeds the maximum length of \(NameRules.keyLimit) characters")
        }
        var fresh: [ExactText: Int64] = [:]
        // In the order of the names, so that two transactions never wait for each other's new names.
        let missing = Set(zip(names, ids).filter { $0.1 == nil }.map(\.0)).sorted()
        for name in missing { fresh[name] = try insert(name.text, in: connection) }
        for index in ids.indices where ids[index] == nil { ids[index] = fresh[names[index]] }
        let learned = fresh
        connection.afterCommit { self.remember(learned) }
        return ids.compactMap(\.self)
    }

    /// The number of a name that is known already; nil where nothing carries the name.
    func find(_ name: String, in connection: any Connection) throws -> Int64? {
        if let id = known.withLock({ $0.ids[ExactText(name)] }) { return id }
        guard let id = try stored(name, in: connection) else { return nil }
        connection.afterCommit { self.remember([ExactText(name): id]) }
        return id
    }

    /// The names of numbers.
    func names(of ids: Set<Int64>, in connection: any Connection) throws -> [Int64: String] {
        var (result, missing) = known.withLock { known in
            var result: [Int64: String] = [:]
            var missing: [Int64] = []
            for id in ids {
                if let name = known.names[id] { result[id] = name } else { missing.append(id) }
            }
            return (result, missing)
        }
        guard !missing.isEmpty else { return result }
        missing.sort()
        var learned: [ExactText: Int64] = [:]
        try connection.forEach("SELECT name_id, name FROM names WHERE name_id \(anyOf: missing)") { row in
            result[row.int(0)] = row.text(1)
            learned[ExactText(row.text(1))] = row.int(0)
        }
        let committed = learned
        connection.afterCommit { self.remember(committed) }
        return result
    }

    private func insert(_ name: String, in connection: any Connection) throws -> Int64 {
        if let id = try stored(name, in: connection) { return id }
        let inserted = try connection.first(
            "INSERT INTO names (name) VALUES (\(name)) ON CONFLICT (name) DO NOTHING RETURNING name_id"
        ) { $0.int(0) }
        if let inserted { return inserted }
        guard let id = try stored(name, in: connection) else { throw DatabaseError.gone("a name") }
        return id
    }

    private func stored(_ name: String, in connection: any Connection) throws -> Int64? {
        try connection.first("SELECT name_id FROM names WHERE name = \(name)") { $0.int(0) }
    }

    private func remember(_ learned: [ExactText: Int64]) {
        known.withLock { known in
            if known.ids.count + learned.count > Self.limit { known = Known() }
            for (name, id) in learned {
                known.ids[name] = id
                known.names[id] = name.text
            }
        }
    }
}
