import Core
import Database
import Events

/// What is locked in a caller's repository.
///
/// Whether the caller may write there is asked before. Who pushes is told by their own `git lfs` what others have locked.
package struct FileLockStore: Sendable {
    let database: any Database
    let caller: Caller

    /// What became of the wish to lock a file.
    package enum Attempt: Sendable, Hashable {
        case locked(FileLock)
        /// It is locked already, by whomever.
        case taken(FileLock)
    }

    /// Which locks are looked for.
    package struct Search: Sendable {
        package var path: String?
        package var id: String?
        /// Where the page begins; the `next` of the one before.
        package var cursor: String?
        /// How many at the most.
        package var limit: Int

        package init(path: String? = nil, id: String? = nil, cursor: String? = nil, limit: Int) {
            self.path = path
            self.id = id
            self.cursor = cursor
            self.limit = limit
        }
    }

    package func lock(_ path: LockPath) async throws -> Attempt {
        let id = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
        return try await database.write { connection in
            let isNew =
                try connection.execute(
                    """
                    INSERT INTO lfs_locks (workspace_id, path, lock_id, owner, account_id, locked_ms)
                    VALUES (\(caller.workspace.key), \(path.text), \(id), \(caller.name), \(caller.account?.key),
                        \(connection.nowMs))
                    ON CONFLICT (workspace_id, path) DO NOTHING
                    """
                ) == 1
            guard let lock = try find("path = \(path.text)", in: connection).first else {
                throw Failure.unavailable("Somebody has just unlocked '\(path.text)': try again.")
            }
            guard isNew else { return .taken(lock) }
            try EventLog.append(.lfsLocked, to: subject(lock), by: caller, in: connection)
            return .locked(lock)
        }
    }

    /// Locks by their path.
    ///
    /// - Returns: At most as many as are asked for, and where the next page begins; nil where there is none.
    package func list(_ search: Search) async throws -> (locks: [FileLock], next: String?) {
        var conditions: [SQL] = []
        if let path = search.path { conditions.append("path = \(path)") }
        if let id = search.id { conditions.append("lock_id = \(id)") }
        if let cursor = search.cursor { conditions.append("path >= \(cursor)") }
        let condition = conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND ")
        let locks = try await database.read { connection in
            try find(condition, limit: search.limit + 1, in: connection)
        }
        guard locks.count > search.limit else { return (locks, nil) }
        return (Array(locks.prefix(search.limit)), locks[search.limit].path.text)
    }

    /// A lock that is not the caller's, of some paths and of what lies below them; nil where there is none.
    package func lockOfOthers(on paths: [TreePath]) async throws -> FileLock? {
        let others: SQL =
            if let account = caller.account {
                "(account_id IS NULL OR account_id <> \(account.key))"
            } else {
                "(account_id IS NOT NULL OR owner <> \(caller.name))"
            }
        // So many that no database finds the condition too deep.
        let most = 100
        for start in stride(from: 0, to: paths.count, by: most) {
            let places = paths[start..<min(start + most, paths.count)].map { path -> SQL in
                // What follows the slash in the order of bytes ends what lies below.
                "path = \("\(path)") OR (path >= \("\(path)/") AND path < \("\(path)0"))"
            }
            let condition: SQL = "\(others) AND (\(places.joined(separator: " OR ")))"
            let locks = try await database.read { connection in try find(condition, in: connection) }
            if let lock = locks.first { return lock }
        }
        return nil
    }

    /// Unlocks a file.
    ///
    /// - Parameters:
    ///   - id: Which lock.
    ///   - isForced: Whether it may be another's.
    /// - Returns: What it was.
    /// - Throws: `Failure.missing` where there is none; `.permissionDenied` for another's without force.
    package func unlock(_ id: String, isForced: Bool) async throws -> FileLock {
        try await database.write { connection in
            guard let lock = try find("lock_id = \(id)", in: connection).first else {
                throw Failure.missing("There is no lock '\(id)'.")
            }
            guard isForced || lock.isHeld(by: caller) else {
                throw Failure(
                    .permissionDenied,
                    "'\(lock.path.text)' is locked by \(lock.owner); only --force unlocks it."
                )
            }
            let isGone = try connection.execute(
                "DELETE FROM lfs_locks WHERE workspace_id = \(caller.workspace.key) AND lock_id = \(id)"
            )
            guard isGone == 1 else { throw Failure.missing("There is no lock '\(id)'.") }
            let details = JSON.object([JSON.Member(key: "owner", value: .string(lock.owner))])
            try EventLog.append(
                .lfsUnlocked,
                to: subject(lock),
                details: details.text,
                by: caller,
                in: connection
            )
            return lock
        }
    }

    private func find(_ condition: SQL, limit: Int = 1, in connection: any Connection) throws -> [FileLock] {
        try connection.rows(
            """
            SELECT lock_id, path, owner, locked_ms, account_id FROM lfs_locks
            WHERE workspace_id = \(caller.workspace.key) AND \(condition)
            ORDER BY path LIMIT \(limit)
            """
        ) { row in
            FileLock(
                id: row.text(0),
                path: LockPath(kept: row.text(1)),
                owner: row.text(2),
                lockedMs: row.int(3),
                account: row.optionalInt(4).map(AccountID.init)
            )
        }
    }

    private func subject(_ lock: FileLock) -> String { "lock/\(lock.path.text)" }
}
