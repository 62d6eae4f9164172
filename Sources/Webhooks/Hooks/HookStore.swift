package import Core
package import Database
import Events
import Outbound

/// The hooks of a caller's repository.
///
/// Whether the caller may see and change them is asked before.
package struct HookStore: Sendable {
    let database: any Database
    let means: WebhookMeans
    let caller: Caller

    package static let countLimit = 20

    package init(_ database: any Database, _ means: WebhookMeans, for caller: Caller) {
        self.database = database
        self.means = means
        self.caller = caller
    }

    /// Makes a hook, which is told what happens from now on.
    ///
    /// - Parameters:
    ///   - new: What it is made of.
    ///   - server: The address of this server as it will stand in what the hook is told.
    /// - Returns: The hook as it was stored.
    /// - Throws: `Failure.invalid` for an address that may not be asked; `Failure.tooLarge` for too many.
    package func create(_ new: NewHook, at server: String) async throws -> Hook {
        try await check(new.url)
        let id = RandomID.uuid()
        let secret = try sealed(new.secret, of: id)
        return try await database.write { connection in
            try connection.lock("hooks of \(caller.workspace.key)")
            guard try count(in: connection) < Self.countLimit else {
                throw Failure(.tooLarge, "A repository may have \(Self.countLimit) hooks.")
            }
            try EventFollower.begin(in: connection)
            let key = try connection.first(
                """
                INSERT INTO webhooks (workspace_id, webhook_id, name, description, url, secret, status, creation_time,
                    last_updated_time, kind, content_type, server, after_event, branch_filter)
                VALUES (\(caller.workspace.key), \(id), '', '', \(new.url), \(secret), \(Self.status(new.isActive)),
                    \(connection.nowMs), \(connection.nowMs), \(new.kind.rawValue), \(new.contentType.rawValue),
                    \(server), \(try EventLog.newestID(in: connection)), \(new.branches.text))
                RETURNING webhook_key
                """
            ) { $0.int(0) }
            guard let key else { preconditionFailure("an inserted hook has no key") }
            try insert(new.events, of: key, in: connection)
            try log(.webhookCreated, id, in: connection)
            return try get(key, in: connection)
        }
    }

    /// - Returns: A page of the hooks, the oldest first.
    package func list(_ page: PageRequest) async throws -> ListPage<Hook> {
        try await database.read { connection in
            let hooks = try rows("TRUE", page, in: connection)
            return ListPage(hooks, total: try count(in: connection))
        }
    }

    /// - Throws: `Failure.missing` where the repository has no such hook.
    package func get(_ id: Int64) async throws -> Hook {
        try await database.read { try get(id, in: $0) }
    }

    /// Changes a hook; what waits for it goes to where it is by then.
    ///
    /// - Parameters:
    ///   - id: The hook.
    ///   - change: What is to be another.
    ///   - server: The address of this server from now on.
    /// - Returns: The hook after the change.
    /// - Throws: `Failure.missing`, `.invalid` for an address that may not be asked.
    package func edit(_ id: Int64, _ change: HookChange, at server: String) async throws -> Hook {
        if let url = change.url { try await check(url) }
        return try await database.write { connection in
            let name = try webhookID(of: id, lock: true, in: connection)
            var changes: [SQL] = ["last_updated_time = \(connection.nowMs)", "server = \(server)"]
            if let url = change.url { changes.append("url = \(url)") }
            if let type = change.contentType { changes.append("content_type = \(type.rawValue)") }
            if let secret = change.secret { changes.append("secret = \(try sealed(secret, of: name))") }
            if let branches = change.branches { changes.append("branch_filter = \(branches.text)") }
            if let isActive = change.isActive { changes.append("status = \(Self.status(isActive))") }
            try connection.execute(
                "UPDATE webhooks SET \(changes.joined(separator: ", ")) WHERE webhook_key = \(id)"
            )
            if let events = change.events {
                try connection.execute("DELETE FROM webhook_events WHERE webhook_key = \(id)")
                try insert(events, of: id, in: connection)
            }
            try log(.webhookUpdated, name, in: connection)
            let bell = means.bell
            connection.afterCommit { bell.ring() }
            return try get(id, in: connection)
        }
    }

    /// Deletes a hook with its address and its secret; what it was to be told is given up.
    ///
    /// - Throws: `Failure.missing`.
    package func delete(_ id: Int64) async throws {
        try await database.write { connection in
            let name = try webhookID(of: id, lock: true, in: connection)
            try connection.execute(
                """
                UPDATE webhooks
                SET deleted_time = \(connection.nowMs), last_updated_time = \(connection.nowMs), secret = NULL, url = ''
                WHERE webhook_key = \(id)
                """
            )
            try connection.execute(
                """
                UPDATE webhook_deliveries
                SET status = 'FAILED', finished_ms = \(connection.nowMs), error = 'The webhook was deleted.'
                WHERE webhook_key = \(id) AND status = 'PENDING'
                """
            )
            try log(.webhookDeleted, name, in: connection)
        }
    }

    private func get(_ id: Int64, in connection: any Connection) throws -> Hook {
        guard let hook = try rows("webhook_key = \(id)", in: connection).first else { throw Self.absent(id) }
        return hook
    }

    private static func absent(_ id: Int64) -> Failure { .missing("The repository has no hook \(id).") }

    /// The name under which its secret is sealed and the log knows it.
    func webhookID(of id: Int64, lock: Bool = false, in connection: any Connection) throws -> String {
        let ending: SQL = lock ? "\(.forUpdate)" : ""
        let name = try connection.first(
            "SELECT webhook_id FROM webhooks WHERE \(isOurs) AND webhook_key = \(id) \(ending)"
        ) { $0.text(0) }
        guard let name else { throw Self.absent(id) }
        return name
    }

    private var isOurs: SQL {
        """
        workspace_id = \(caller.workspace.key) AND kind <> \(WebhookKind.mlflow.rawValue) AND deleted_time IS NULL
        """
    }

    private func count(in connection: any Connection) throws -> Int {
        try connection.first("SELECT COUNT(*) FROM webhooks WHERE \(isOurs)") { Int($0.int(0)) } ?? 0
    }

    private func rows(
        _ condition: SQL,
        _ page: PageRequest? = nil,
        in connection: any Connection
    ) throws -> [Hook] {
        try connection.rows(
            """
            SELECT webhook_key, kind, url, content_type, secret IS NOT NULL, status, creation_time, last_updated_time,
                branch_filter
            FROM webhooks
            WHERE \(isOurs) AND \(condition)
            ORDER BY webhook_key
            LIMIT \(page?.limit ?? 1) OFFSET \(page?.offset ?? 0)
            """
        ) { row in
            Hook(
                id: row.int(0),
                kind: try WebhookKind(stored: row.text(1)),
                url: row.text(2),
                contentType: WebhookContentType(rawValue: row.text(3)) ?? .json,
                hasSecret: row.bool(4),
                events: try events(of: row.int(0), in: connection),
                branches: try BranchFilter(row.text(8)),
                isActive: row.text(5) == Self.status(true),
                createdMs: row.int(6),
                updatedMs: row.int(7)
            )
        }
    }

    private func events(of key: Int64, in connection: any Connection) throws -> HookEvents {
        HookEvents(
            stored: try connection.rows(
                "SELECT event FROM webhook_events WHERE webhook_key = \(key) ORDER BY event"
            ) { $0.text(0) }
        )
    }

    private func insert(_ events: HookEvents, of key: Int64, in connection: any Connection) throws {
        guard !events.words.isEmpty else { return }
        try connection.insert(
            into: "webhook_events",
            ["webhook_key", "event"],
            values: events.words.flatMap { [.integer(key), .text($0)] as [Value] }
        )
    }

    private func sealed(_ secret: String, of id: String) throws -> [UInt8]? {
        secret.isEmpty ? nil : try means.secrets.seal(secret, of: id)
    }

    private static func status(_ isActive: Bool) -> String { isActive ? "ACTIVE" : "DISABLED" }

    private func check(_ url: String) async throws {
        do {
            _ = try await means.client.check(url)
        } catch OutboundError.busy {
            throw Failure(.unavailable, "\(OutboundError.busy)")
        } catch let error as OutboundError {
            throw Failure.invalid("The address of a hook cannot be asked: \(error)")
        }
    }

    /// Security: neither the address, which may hold a token, nor the secret is told to the log.
    private func log(_ kind: Event.Kind, _ id: String, in connection: any Connection) throws {
        try EventLog.append(kind, to: "webhook/\(id)", by: caller, in: connection)
    }
}
