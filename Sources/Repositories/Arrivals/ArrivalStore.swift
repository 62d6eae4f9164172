package import Core
package import Database

/// What comes into a caller's new repository, from the moment that makes it until all is there.
///
/// It is noted in the transaction that makes the repository, and forgotten when its content is whole, so that whatever ends in
/// between leaves a repository that says what it lacks. Whoever brings it holds it by a lease: who asked for it and waits, or
/// the `ArrivalWorker` of a server, which also takes up what was ended in the middle. Until the branches are there nobody pushes.
package struct ArrivalStore: Sendable {
    let repositories: Repositories
    let caller: Caller

    private static let leaseMs: Int64 = 20_000
    /// What was ended in the middle as often is not taken up again: perhaps it is what ends servers.
    private static let mostResumed: Int64 = 5
    /// So many of one person's are brought at the same time; others have their turn before the rest.
    private static let mostOfOne = 2

    private var database: any Database { repositories.database }
    private var workspace: Int64 { caller.workspace.key }

    /// What has not come whole; nil where nothing is lacking.
    package func find() async throws -> Arrival? {
        try await database.read { connection in
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                """
                SELECT parent_id, address, started_ms, error, lacking,
                    lease_until_ms > \(nowMs) OR (\(Self.isWaiting)) AS is_under_way
                FROM arrivals
                WHERE workspace_id = \(workspace)
                """
            ) { row in
                let state: Arrival.State =
                    if row.bool(5) {
                        .underWay
                    } else if let lacking = row.optionalText(4) {
                        .incomplete(lacking)
                    } else {
                        .failed(row.optionalText(3) ?? "The server was stopped while it came.")
                    }
                return Arrival(
                    origin: row.optionalInt(0).map { .parent(WorkspaceID(key: $0)) } ?? .address(row.text(1)),
                    startedMs: row.int(2),
                    state: state
                )
            }
        }
    }

    /// Whether a server brings it where nobody does.
    ///
    /// A fork is not brought: who asked for it may not read its parent any more.
    private static let isWaiting: SQL =
        "parent_id IS NULL AND error IS NULL AND lacking IS NULL AND resumed < \(mostResumed)"

    /// Brings what was announced, for the first time or again.
    ///
    /// Whether the caller may read the parent of a fork is asked before.
    ///
    /// - Returns: What became of large files from another server; those that cannot be had fail nothing.
    /// - Throws: `Failure.missing` where nothing is lacking; `.invalidState` while it is on its way; `Failure.invalid` where
    ///   another server does not give it. Whatever it is, `find` tells it from then on.
    @discardableResult
    package func bring() async throws -> LargeFileReport { try await bring(resumes: false) }

    private func bring(resumes: Bool) async throws -> LargeFileReport {
        let attempt = try await take(resumes: resumes)
        do {
            let report = try await holding(attempt) { try await fetch(attempt) }
            try await finish(attempt, report.lacking.map(Ending.lacking) ?? .whole)
            return report
        } catch {
            let ending = Self.ending(of: attempt, with: error)
            // Also where nobody waits any more.
            try await Task { try await finish(attempt, ending) }.value
            throw error
        }
    }

    /// Has a server bring what has not come from another one.
    ///
    /// - Throws: `Failure.missing` where nothing is lacking, or it is a fork; `.invalidState` while it is on its way.
    package func wish() async throws {
        let wished = try await database.write { connection in
            try connection.execute(
                """
                UPDATE arrivals
                SET lease_until_ms = 0, error = NULL, lacking = NULL, resumed = 0, creator = \(caller.name)
                WHERE workspace_id = \(workspace) AND parent_id IS NULL
                    AND lease_until_ms <= \(try connection.sharedNowMs())
                """
            )
        }
        guard wished == 0 else { return }
        throw try await find() == nil ? Self.nothing : Self.underWay
    }

    /// Brings what has waited for longest of all that wait in any repository.
    ///
    /// - Returns: False where nothing waits. What cannot be had is told by `find`.
    /// - Throws: What failed on this server; `CancellationError` where it is being stopped, and the next goes on.
    static func bringNext(of repositories: Repositories) async throws -> Bool {
        let waiting = try await repositories.database.read { connection in
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                """
                SELECT workspace_id, creator FROM arrivals a
                WHERE lease_until_ms <= \(nowMs) AND \(isWaiting) AND (
                    SELECT COUNT(*) FROM arrivals o WHERE o.creator = a.creator AND o.lease_until_ms > \(nowMs)
                ) < \(mostOfOne)
                ORDER BY started_ms, workspace_id
                LIMIT 1
                """
            ) { Caller(name: $0.text(1), workspace: WorkspaceID(key: $0.int(0))) }
        }
        guard let caller = waiting else { return false }
        do {
            _ = try await repositories.arrivals(for: caller).bring(resumes: true)
        } catch let failure as Failure
            where [.invalidParameter, .invalidState, .missing].contains(failure.code)
        {
            // It cannot be had, or somebody else was quicker.
        } catch is CancellationError where !Task.isCancelled {
            // The repository was deleted meanwhile, or somebody else has taken it up.
        }
        return true
    }

    /// Leaves the repository as it is: what has not come is not waited for.
    ///
    /// - Throws: `Failure.missing` where nothing is lacking; `.invalidState` while it is on its way.
    package func forget() async throws {
        guard try await database.write({ connection in try forget(in: connection) }) else {
            throw Self.nothing
        }
    }

    /// Notes that large files have come which an import had left out.
    func noteWhole() async throws {
        _ = try await database.write { connection in
            try connection.execute(
                "DELETE FROM arrivals WHERE workspace_id = \(workspace) AND lacking IS NOT NULL"
            )
        }
    }

    /// - Returns: Whether anything was lacking.
    /// - Throws: `Failure.invalidState` while it is on its way.
    func forget(in connection: any Connection) throws -> Bool {
        let removed = try connection.execute(
            """
            DELETE FROM arrivals
            WHERE workspace_id = \(workspace) AND lease_until_ms <= \(try connection.sharedNowMs())
                AND NOT (\(Self.isWaiting))
            """
        )
        let left = try connection.first("SELECT 1 FROM arrivals WHERE workspace_id = \(workspace)") { _ in
            true
        }
        guard left == nil else { throw Self.underWay }
        return removed > 0
    }

    /// Notes what is to come; if it `isAwaited`, who announces it brings it at once, or else a server does.
    func announce(_ new: NewArrival, isAwaited: Bool = true, in connection: any Connection) throws {
        var (parent, address, userName, secret): (Int64?, String, String, [UInt8]?) = (nil, "", "", nil)
        switch new {
        case .fork(let source): parent = source.key
        case .copy(let source):
            (address, userName) = (source.address, source.userName)
            secret = try source.password.map { password in
                try repositories.mirrorMeans.secrets.seal(password, owner(address, userName))
            }
        }
        let nowMs = try connection.sharedNowMs()
        try connection.execute(
            """
            INSERT INTO arrivals (
                workspace_id, parent_id, address, user_name, secret, started_ms, attempts, lease_until_ms, creator
            ) VALUES (
                \(workspace), \(parent), \(address), \(userName), \(secret), \(nowMs), 0,
                \(isAwaited ? nowMs + Self.leaseMs : 0), \(caller.name)
            )
            """
        )
    }

    private struct Attempt: Sendable {
        let parent: WorkspaceID?
        let address: String
        let userName: String
        let secret: [UInt8]?
        let number: Int64
    }

    private enum Ending {
        case whole
        case lacking(String)
        case failed(String)
        /// It was not brought to its end, and waits for whoever goes on.
        case cutOff
    }

    /// Takes what nobody brings; who has announced it is the first who may.
    private func take(resumes: Bool) async throws -> Attempt {
        let attempt = try await database.write { connection in
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                """
                UPDATE arrivals
                SET attempts = attempts + 1, started_ms = \(nowMs), lease_until_ms = \(nowMs + Self.leaseMs), error = NULL,
                    lacking = NULL, resumed = resumed + CASE WHEN attempts > 0 THEN \(resumes ? 1 : 0) ELSE 0 END
                WHERE workspace_id = \(workspace) AND (attempts = 0 OR lease_until_ms <= \(nowMs))
                RETURNING parent_id, address, user_name, secret, attempts
                """
            ) { row in
                Attempt(
                    parent: row.optionalInt(0).map(WorkspaceID.init),
                    address: row.text(1),
                    userName: row.text(2),
                    secret: row.isNull(3) ? nil : row.blob(3),
                    number: row.int(4)
                )
            }
        }
        if let attempt { return attempt }
        throw try await find() == nil ? Self.nothing : Self.underWay
    }

    private func fetch(_ attempt: Attempt) async throws -> LargeFileReport {
        if let parent = attempt.parent {
            try await repositories.copyContent(of: parent, for: caller)
            return LargeFileReport()
        }
        let password = try attempt.secret.map { sealed in
            try repositories.mirrorMeans.secrets.open(sealed, owner(attempt.address, attempt.userName))
        }
        return try await repositories.importAll(
            from: RemoteSource(address: attempt.address, userName: attempt.userName, password: password),
            for: caller
        )
    }

    /// Runs a body while the lease is renewed, and ends it where somebody else has the lease.
    private func holding(
        _ attempt: Attempt,
        _ body: @escaping @Sendable () async throws -> LargeFileReport
    ) async throws -> LargeFileReport {
        try await withThrowingTaskGroup(of: LargeFileReport.self) { group in
            group.addTask(operation: body)
            group.addTask { try await Lease.hold(forMs: Self.leaseMs) { try await renew(attempt) } }
            defer { group.cancelAll() }
            guard let report = try await group.next() else { preconditionFailure("two tasks were begun") }
            return report
        }
    }

    private func renew(_ attempt: Attempt) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE arrivals SET lease_until_ms = \(try connection.sharedNowMs() + Self.leaseMs)
                WHERE workspace_id = \(workspace) AND attempts = \(attempt.number)
                """
            ) == 1
        }
    }

    /// Writes how it ended; what somebody else has begun anew meanwhile is left to them.
    private func finish(_ attempt: Attempt, _ ending: Ending) async throws {
        let change: SQL =
            switch ending {
            case .whole: "DELETE FROM arrivals"
            case .lacking(let words): "UPDATE arrivals SET lease_until_ms = 0, lacking = \(words)"
            case .failed(let words): "UPDATE arrivals SET lease_until_ms = 0, error = \(words)"
            case .cutOff: "UPDATE arrivals SET lease_until_ms = 0"
            }
        try await database.write { connection in
            _ = try connection.execute(
                "\(change) WHERE workspace_id = \(workspace) AND attempts = \(attempt.number)"
            )
        }
    }

    private static func ending(of attempt: Attempt, with error: any Error) -> Ending {
        if error is CancellationError || Task.isCancelled {
            return attempt.parent == nil ? .cutOff : .failed("It was broken off.")
        }
        return .failed((error as? Failure)?.message ?? "It failed on this server, whose log says why.")
    }

    /// What a password is sealed with: it opens for no other address and no other name.
    private func owner(_ address: String, _ userName: String) -> String {
        "arrival \(workspace) \(address) \(userName)"
    }

    private static var nothing: Failure {
        .missing("Nothing is lacking that was to come into the repository.")
    }
    private static var underWay: Failure {
        Failure(
            .invalidState,
            "The content of the repository is on its way: wait until it has come or failed."
        )
    }
}

extension Repositories {
    /// Notes where the content of a repository is to come from, in the transaction that makes the repository.
    ///
    /// If it `isAwaited`, who makes the repository brings it at once, or else a server does.
    package func announcing(
        _ new: NewArrival,
        isAwaited: Bool = true
    ) -> @Sendable (Caller, any Connection) throws -> Void {
        { caller, connection in
            try arrivals(for: caller).announce(new, isAwaited: isAwaited, in: connection)
        }
    }

    /// Makes a fork what its parent is, with the large files; it may be ended at any moment and begun again.
    ///
    /// - Parameters:
    ///   - parent: What is copied.
    ///   - caller: Who asks, and into which fork.
    /// - Throws: `GitError` where it cannot be copied.
    func copyContent(of parent: WorkspaceID, for caller: Caller) async throws {
        let fork = caller.workspace
        guard storage.exists(parent) else { return try await storage.ensure(fork) }
        try await storage.copy(parent, to: fork, for: caller.account?.gitClient)
        try await copyLargeFiles(from: parent, to: fork)
        try await refLog.record(fork, ending: [])
    }
}
