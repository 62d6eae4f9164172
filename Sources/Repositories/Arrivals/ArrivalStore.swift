package import Core
package import Database

/// What comes into a caller's new repository, from the moment that makes it until all is there.
///
/// It is noted in the transaction that makes the repository, and forgotten when its content is whole, so that whatever ends in
/// between leaves a repository that says what it lacks. Whoever brings it holds it by a lease. Until it is whole nobody pushes.
package struct ArrivalStore: Sendable {
    let repositories: Repositories
    let caller: Caller

    private static let leaseMs: Int64 = 20_000
    private static let renewalPause = Duration.milliseconds(leaseMs / 4)

    private var database: any Database { repositories.database }
    private var workspace: Int64 { caller.workspace.key }

    /// What has not come whole; nil where nothing is lacking.
    package func find() async throws -> Arrival? {
        try await database.read { connection in
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                """
                SELECT parent_id, address, started_ms, lease_until_ms, error
                FROM arrivals
                WHERE workspace_id = \(workspace)
                """
            ) { row in
                let isUnderWay = row.int(3) > nowMs
                let failure = row.optionalText(4) ?? "The server was stopped while it came."
                return Arrival(
                    origin: row.optionalInt(0).map { .parent(WorkspaceID(key: $0)) } ?? .address(row.text(1)),
                    startedMs: row.int(2),
                    failure: isUnderWay ? nil : failure
                )
            }
        }
    }

    /// Brings what was announced, for the first time or again.
    ///
    /// Whether the caller may read the parent of a fork is asked before.
    ///
    /// - Returns: What became of large files from another server; those that cannot be had fail nothing.
    /// - Throws: `Failure.missing` where nothing is lacking; `.invalidState` while it is on its way; `Failure.invalid` where
    ///   another server does not give it. Whatever it is, `find` tells it from then on.
    @discardableResult
    package func bring() async throws -> LargeFileReport {
        let attempt = try await take()
        do {
            let report = try await holding(attempt) { try await fetch(attempt) }
            try await finish(attempt, failure: nil)
            return report
        } catch {
            let words = Self.words(for: error)
            // Also where nobody waits any more.
            try await Task { try await finish(attempt, failure: words) }.value
            throw error
        }
    }

    /// Leaves the repository as it is: what has not come is not waited for.
    ///
    /// - Throws: `Failure.missing` where nothing is lacking; `.invalidState` while it is on its way.
    package func forget() async throws {
        guard try await database.write({ connection in try forget(in: connection) }) else {
            throw Self.nothing
        }
    }

    /// - Returns: Whether anything was lacking.
    /// - Throws: `Failure.invalidState` while it is on its way.
    func forget(in connection: any Connection) throws -> Bool {
        let removed = try connection.execute(
            """
            DELETE FROM arrivals
            WHERE workspace_id = \(workspace) AND lease_until_ms <= \(try connection.sharedNowMs())
            """
        )
        let left = try connection.first("SELECT 1 FROM arrivals WHERE workspace_id = \(workspace)") { _ in
            true
        }
        guard left == nil else { throw Self.underWay }
        return removed > 0
    }

    func announce(_ new: NewArrival, in connection: any Connection) throws {
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
            INSERT INTO arrivals (workspace_id, parent_id, address, user_name, secret, started_ms, attempts, lease_until_ms)
            VALUES (\(workspace), \(parent), \(address), \(userName), \(secret), \(nowMs), 0, \(nowMs + Self.leaseMs))
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

    /// Takes what nobody brings; who has announced it is the first who may.
    private func take() async throws -> Attempt {
        let attempt = try await database.write { connection in
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                """
                UPDATE arrivals
                SET attempts = attempts + 1, started_ms = \(nowMs), lease_until_ms = \(nowMs + Self.leaseMs), error = NULL
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
            group.addTask { try await hold(attempt) }
            defer { group.cancelAll() }
            guard let report = try await group.next() else { preconditionFailure("two tasks were begun") }
            return report
        }
    }

    /// Holds on to an attempt until somebody else has it, or nobody knows any more who has.
    private func hold(_ attempt: Attempt) async throws -> Never {
        var end = ContinuousClock.now + .milliseconds(Self.leaseMs)
        while true {
            try await Task.sleep(for: Self.renewalPause)
            let asked = ContinuousClock.now
            do {
                guard try await renew(attempt) else { throw CancellationError() }
                end = asked + .milliseconds(Self.leaseMs)
            } catch let error where !(error is CancellationError) {
                // What has taken an hour does not end because the database was away for a moment.
                guard .now < end else { throw error }
            }
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
    private func finish(_ attempt: Attempt, failure: String?) async throws {
        let change: SQL =
            failure.map { "UPDATE arrivals SET lease_until_ms = 0, error = \($0)" } ?? "DELETE FROM arrivals"
        try await database.write { connection in
            _ = try connection.execute(
                "\(change) WHERE workspace_id = \(workspace) AND attempts = \(attempt.number)"
            )
        }
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case let failure as Failure: failure.message
        case is CancellationError: "It was broken off."
        default: "It failed on this server, whose log says why."
        }
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
    package func announcing(_ new: NewArrival) -> @Sendable (Caller, any Connection) throws -> Void {
        { caller, connection in try arrivals(for: caller).announce(new, in: connection) }
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
