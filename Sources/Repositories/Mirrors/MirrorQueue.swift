import Core
import Database
import Events

/// The mirrors of all repositories that are due, from which several servers on one database may take.
///
/// Whoever takes one holds it by a lease that is renewed while it runs, so that it comes back soon where a server dies. Of a
/// repository, one runs at a time.
struct MirrorQueue: Sendable {
    let database: any Database

    static let leaseMs: Int64 = 60_000
    private static let firstDelayMs: Int64 = 60_000
    private static let longestDelayMs: Int64 = 6 * 3_600_000
    fileprivate static let lackingDelayMs: Int64 = 3_600_000

    /// A run that somebody has begun.
    struct Attempt: Sendable {
        let key: Int64
        let direction: Mirror.Direction
        let address: String
        let userName: String
        let secret: [UInt8]?
        let intervalMs: Int64
        /// In whose name it runs, and in which repository.
        let caller: Caller
        /// What it was asked for when it began.
        let wishes: Int64
        /// Says later whether this run is still the last.
        let number: Int64
        let failures: Int64
        /// Of which version of the refs all large files are known to have come; negative for none.
        let largeFilesVersion: Int64
    }

    /// How a run ended.
    enum Outcome: Sendable, Hashable {
        /// `lacking` tells what did not come with it; where nothing is, all large files of `largeFilesVersion` are there.
        case synced(changes: Int, lacking: String? = nil, largeFilesVersion: Int64? = nil)
        case failed(String)
        /// It was not brought to its end; it does not count.
        case cutOff
        /// There was nothing that it may do, for this reason; it does not count either.
        case resting(String)
    }

    /// Takes the mirror that has been due for longest.
    func take() async throws -> Attempt? {
        // Most of the time there is nothing to do, which is seen without keeping anybody from writing.
        let isAnyDue = try await database.read { connection in
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                "SELECT 1 FROM mirrors WHERE due_ms <= \(nowMs) AND lease_until_ms <= \(nowMs) LIMIT 1"
            ) { _ in true } ?? false
        }
        guard isAnyDue else { return nil }
        return try await database.write { connection in
            try connection.lock("mirrors")
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                """
                UPDATE mirrors
                SET lease_until_ms = \(nowMs + Self.leaseMs), attempts = attempts + 1
                WHERE mirror_key = (
                    SELECT m.mirror_key FROM mirrors m
                    WHERE m.due_ms <= \(nowMs) AND NOT EXISTS (
                        SELECT 1 FROM mirrors o
                        WHERE o.workspace_id = m.workspace_id AND o.lease_until_ms > \(nowMs)
                    )
                    ORDER BY m.due_ms, m.mirror_key
                    LIMIT 1
                )
                RETURNING mirror_key, direction, address, user_name, secret, interval_ms, creator, workspace_id, wishes,
                    attempts, failures, large_files_version
                """,
                Self.attempt
            )
        }
    }

    /// Holds a run for longer.
    ///
    /// - Returns: False where it is somebody else's by now, or nobody's.
    func renew(_ attempt: Attempt) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE mirrors SET lease_until_ms = \(try connection.sharedNowMs() + Self.leaseMs)
                WHERE mirror_key = \(attempt.key) AND attempts = \(attempt.number)
                """
            ) == 1
        }
    }

    /// Writes how a run ended; one that somebody else has begun anew meanwhile is left to them.
    func finish(_ attempt: Attempt, _ outcome: Outcome) async throws {
        try await database.write { connection in
            let nowMs = try connection.sharedNowMs()
            let changes: SQL =
                switch outcome {
                case .synced(_, let lacking, let version):
                    """
                    due_ms = CASE WHEN wishes <> \(attempt.wishes) THEN CAST(0 AS BIGINT)
                        ELSE \(attempt.nextMs(after: nowMs, isWhole: lacking == nil)) END,
                    failures = 0, last_ms = \(nowMs), last_success_ms = \(nowMs), last_error = \(lacking),
                    large_files_version = \(version ?? attempt.largeFilesVersion)
                    """
                case .failed(let error):
                    """
                    due_ms = \(nowMs + Self.delayMs(after: attempt.failures)), failures = failures + 1,
                    last_ms = \(nowMs), last_error = \(error)
                    """
                case .cutOff: "due_ms = 0"
                case .resting(let reason): "due_ms = \(attempt.nextMs(after: nowMs)), last_error = \(reason)"
                }
            let isOurs = try connection.execute(
                """
                UPDATE mirrors SET lease_until_ms = 0, \(changes)
                WHERE mirror_key = \(attempt.key) AND attempts = \(attempt.number)
                """
            )
            guard isOurs == 1 else { return }
            switch outcome {
            case .synced(let count, let lacking, _):
                var members = [JSON.Member(key: "changes", value: .integer(Int64(count)))]
                if let lacking { members.append(JSON.Member(key: "lacking", value: .string(lacking))) }
                try attempt.log(.mirrorSynced, members, in: connection)
            case .failed(let error):
                let error = JSON.Member(key: "error", value: .string(error))
                try attempt.log(.mirrorFailed, [error], in: connection)
            case .cutOff, .resting: break
            }
        }
    }

    /// Makes mirrors due that follow a repository whose refs have changed; those that fail go on to wait.
    static func wishPushes(of workspace: WorkspaceID, in connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE mirrors
            SET wishes = wishes + 1, due_ms = CASE WHEN failures > 0 THEN due_ms ELSE 0 END
            WHERE workspace_id = \(workspace.key) AND direction = \(Mirror.Direction.push.rawValue)
            """
        )
    }

    /// What a password is sealed with: it opens for no other address and no other name.
    static func owner(of workspace: WorkspaceID, _ address: String, _ userName: String) -> String {
        "mirror \(workspace.key) \(address) \(userName)"
    }

    static func log(
        _ event: Event.Kind,
        _ key: Int64,
        _ direction: Mirror.Direction,
        _ address: String,
        _ members: [JSON.Member] = [],
        by caller: Caller,
        in connection: any Connection
    ) throws {
        let all = [
            JSON.Member(key: "direction", value: .string(direction.rawValue)),
            JSON.Member(key: "address", value: .string(address)),
        ]
        try EventLog.append(
            event,
            to: "mirror/\(key)",
            details: JSON.object(all + members).text,
            by: caller,
            in: connection
        )
    }

    static func direction(_ word: String) throws -> Mirror.Direction {
        guard let direction = Mirror.Direction(rawValue: word) else {
            throw Failure(.internalError, "The mirrors hold the unknown word '\(word)'.")
        }
        return direction
    }

    /// A minute, doubled with each failure.
    private static func delayMs(after failures: Int64) -> Int64 {
        min(firstDelayMs << min(failures, 16), longestDelayMs)
    }

    private static func attempt(_ row: borrowing Row) throws -> Attempt {
        Attempt(
            key: row.int(0),
            direction: try direction(row.text(1)),
            address: row.text(2),
            userName: row.text(3),
            secret: row.isNull(4) ? nil : row.blob(4),
            intervalMs: row.int(5),
            caller: Caller(name: row.text(6), workspace: WorkspaceID(key: row.int(7))),
            wishes: row.int(8),
            number: row.int(9),
            failures: row.int(10),
            largeFilesVersion: row.int(11)
        )
    }
}

extension MirrorQueue.Attempt {
    /// What is not whole is tried again within an hour, unless it runs only when it is asked.
    fileprivate func nextMs(after nowMs: Int64, isWhole: Bool = true) -> Int64? {
        guard intervalMs != 0 else { return nil }
        return nowMs + (isWhole ? intervalMs : min(intervalMs, MirrorQueue.lackingDelayMs))
    }

    fileprivate func log(
        _ event: Event.Kind,
        _ members: [JSON.Member],
        in connection: any Connection
    ) throws {
        try MirrorQueue.log(event, key, direction, address, members, by: caller, in: connection)
    }
}
