import Database

extension RunStore {
    /// The runs with these ids, active or deleted, with everything that was logged of them.
    ///
    /// - Parameter ids: The ids; one that is named twice is read once.
    /// - Returns: The runs in the order in which they were first named, without those that the caller cannot see.
    /// - Throws: `DatabaseError`.
    package func find(_ ids: [String]) async throws -> [Run] {
        try await database.read { connection in
            var seen: Set<String> = []
            let keys = try ids.filter { seen.insert($0).inserted }.compactMap {
                try find($0, in: connection)?.key
            }
            return try RunReader(names: names, connection: connection).load(keys)
        }
    }
}
