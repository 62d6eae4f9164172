internal import GRDBSQLite

extension SQLiteConnection {
    /// A connection that only reads.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - cacheKilobytes: How much of it is kept in memory. Nothing is mapped: a mapped page is looked for in the log at
    ///     each use, a cached one only when it is read.
    /// - Throws: `DatabaseError` where the file cannot be opened.
    convenience init(reading path: String, cacheKilobytes: Int) throws {
        var handle: OpaquePointer?
        // Without locks of SQLite's own: whoever uses a connection has it alone.
        let status = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard let handle else {
            throw DatabaseError(kind: .other, message: "cannot open \(path): no memory", statement: nil)
        }
        self.init(handle: handle)
        do {
            guard status == SQLITE_OK else { throw failure(nil) }
            sqlite3_busy_timeout(handle, Self.patienceMs)
            for pragma in [
                "PRAGMA case_sensitive_like = ON", "PRAGMA temp_store = MEMORY",
                "PRAGMA cache_size = -\(cacheKilobytes)", "PRAGMA mmap_size = 0",
            ] {
                guard sqlite3_exec(handle, pragma, nil, nil, nil) == SQLITE_OK else { throw failure(pragma) }
            }
        } catch {
            close()
            throw error
        }
    }

    /// Runs a body on one snapshot.
    func snapshot<T>(_ nowMs: Int64, _ body: (any Connection) throws -> T) throws -> T {
        self.nowMs = nowMs
        try run("BEGIN")
        do {
            let value = try body(self)
            try run("COMMIT")
            for hook in takeHooks() { hook() }
            return value
        } catch {
            _ = takeHooks()
            if isInTransaction { try run("ROLLBACK") }
            throw error
        }
    }

    /// Runs a body that may neither wait for a lock nor compute for long.
    ///
    /// - Returns: What it returns; nil where SQLite was interrupted, whatever the body made of that.
    func hurry<T>(_ body: () -> T) -> T? {
        hurriedTicks = 0
        hasGivenUp = false
        sqlite3_busy_timeout(handle, 0)
        sqlite3_progress_handler(
            handle,
            Self.stepsPerTick,
            { Unmanaged<SQLiteConnection>.fromOpaque($0!).takeUnretainedValue().tick() ? 0 : 1 },
            Unmanaged.passUnretained(self).toOpaque()
        )
        let value = body()
        sqlite3_progress_handler(handle, 0, nil, nil)
        sqlite3_busy_timeout(handle, Self.patienceMs)
        return hasGivenUp ? nil : value
    }
}
