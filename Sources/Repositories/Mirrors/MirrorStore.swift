package import Core
package import Database
import Events
import Outbound

/// The mirrors of a caller's repository.
///
/// Whether the caller may change them is asked before.
package struct MirrorStore: Sendable {
    let repositories: Repositories
    let caller: Caller

    package static let countLimit = 10

    private var database: any Database { repositories.database }
    private var workspace: Int64 { caller.workspace.key }

    package func list() async throws -> [Mirror] {
        try await database.read { connection in try list("", in: connection) }
    }

    /// Sets a mirror, in place of the one with the same address; of those that pull there is but one.
    ///
    /// It is due at once.
    ///
    /// - Returns: The mirror, which has a new id.
    /// - Throws: `Failure.invalid` for an address that may not be asked; `Failure.invalidState` where a repository that is not
    ///   empty, or is being filled, would be made to follow another; `Failure.tooLarge` for too many.
    package func set(_ new: NewMirror) async throws -> Mirror {
        let address = try await repositories.checked(new.source.address)
        try await repositories.storage.ensure(caller.workspace)
        return try await database.write { connection in try set(new, at: address, in: connection) }
    }

    fileprivate func set(_ new: NewMirror, at address: String, in connection: any Connection) throws -> Mirror
    {
        let secret = try new.source.password.map { password in
            try repositories.mirrorMeans.secrets.seal(
                password,
                MirrorQueue.owner(of: caller.workspace, address, new.source.userName)
            )
        }
        try connection.lock("mirrors of \(workspace)")
        try makeRoom(for: new.direction, address, in: connection)
        // The time is where its runs are counted from: one of a mirror that had the same key before is not taken for one of it.
        let key = try connection.first(
            """
            INSERT INTO mirrors (workspace_id, direction, address, user_name, secret, interval_ms, creator, due_ms, wishes,
                attempts, lease_until_ms, failures, large_files_version)
            VALUES (\(workspace), \(new.direction.rawValue), \(address), \(new.source.userName), \(secret),
                \(new.intervalMs), \(caller.name), 0, 0, \(connection.nowMs), 0, 0, -1)
            RETURNING mirror_key
            """
        ) { $0.int(0) }
        guard let key else { preconditionFailure("an inserted mirror has no key") }
        try MirrorQueue.log(.mirrorSet, key, new.direction, address, by: caller, in: connection)
        return try get(key, in: connection)
    }

    /// - Throws: `Failure.missing` where it is not of this repository.
    package func delete(_ id: Int64) async throws {
        try await database.write { connection in
            let mirror = try get(id, in: connection)
            try connection.execute("DELETE FROM mirrors WHERE mirror_key = \(id)")
            try MirrorQueue.log(
                .mirrorRemoved,
                id,
                mirror.direction,
                mirror.address,
                by: caller,
                in: connection
            )
        }
    }

    /// Makes all mirrors of the repository due.
    ///
    /// - Throws: `Failure.missing` where it has none.
    package func sync() async throws {
        try await database.write { connection in
            let count = try connection.execute(
                "UPDATE mirrors SET due_ms = 0, wishes = wishes + 1 WHERE workspace_id = \(workspace)"
            )
            guard count > 0 else { throw Failure.missing("The repository has no mirror.") }
        }
    }

    private func makeRoom(
        for direction: Mirror.Direction,
        _ address: String,
        in connection: any Connection
    ) throws {
        let replaced: SQL =
            switch direction {
            case .pull: "direction = 'pull'"
            case .push: "direction = 'push' AND address = \(address)"
            }
        let removed = try connection.execute(
            "DELETE FROM mirrors WHERE workspace_id = \(workspace) AND \(replaced)"
        )
        let others = try list("", in: connection)
        guard others.count < Self.countLimit else {
            throw Failure(.tooLarge, "A repository may have \(Self.countLimit) mirrors.")
        }
        guard direction == .pull, removed == 0 else { return }
        let isFilled = try connection.first(
            "SELECT 1 FROM git_refs WHERE workspace_id = \(workspace) LIMIT 1"
        ) { _ in
            true
        }
        // What was pushed here would be gone after the first pull.
        guard isFilled == nil else {
            throw Failure(.invalidState, "Only an empty repository can be made to follow another.")
        }
        // It is the mirror that brings its content from now on.
        _ = try repositories.arrivals(for: caller).forget(in: connection)
    }

    private func get(_ id: Int64, in connection: any Connection) throws -> Mirror {
        guard let mirror = try list("AND mirror_key = \(id)", in: connection).first else {
            throw Failure.missing("The repository has no mirror \(id).")
        }
        return mirror
    }

    private func list(_ condition: SQL, in connection: any Connection) throws -> [Mirror] {
        let nowMs = try connection.sharedNowMs()
        return try connection.rows(
            """
            SELECT mirror_key, direction, address, user_name, secret IS NOT NULL, interval_ms, creator, due_ms,
                lease_until_ms, failures, last_ms, last_success_ms, last_error
            FROM mirrors
            WHERE workspace_id = \(workspace) \(condition)
            ORDER BY mirror_key
            """
        ) { row in
            Mirror(
                id: row.int(0),
                direction: try MirrorQueue.direction(row.text(1)),
                address: row.text(2),
                userName: row.text(3),
                hasPassword: row.bool(4),
                intervalSeconds: row.int(5) / 1_000,
                createdBy: row.text(6),
                dueMs: row.optionalInt(7),
                isRunning: row.int(8) > nowMs,
                failures: row.int(9),
                lastMs: row.optionalInt(10),
                lastSuccessMs: row.optionalInt(11),
                lastError: row.optionalText(12)
            )
        }
    }
}

extension Repositories {
    /// Sets a mirror in the transaction that makes its repository.
    ///
    /// - Returns: What is done in that transaction.
    /// - Throws: `Failure.invalid` for an address that may not be asked.
    package func following(
        _ new: NewMirror
    ) async throws -> @Sendable (Caller, any Connection) throws -> Void {
        let address = try await checked(new.source.address)
        return { caller, connection in
            _ = try mirrors(for: caller).set(new, at: address, in: connection)
        }
    }

    /// The address as it is stored.
    fileprivate func checked(_ text: String) async throws -> String {
        do {
            let (address, _) = try await mirrorMeans.client.locate(text)
            try Remote.checkName(address)
            return address.text
        } catch OutboundError.busy {
            throw Failure(.unavailable, "\(OutboundError.busy)")
        } catch let error as OutboundError {
            throw Failure.invalid("\(error)")
        } catch let failure as MirrorFailure {
            throw Failure.invalid(failure.description)
        }
    }
}
