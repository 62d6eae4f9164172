import Core
import Database
import Events
import Webhooks

/// The webhooks of a caller's workspace.
package struct WebhookStore: Sendable {
    let registry: Registry
    let caller: Caller

    var database: any Database { registry.database }

    /// Makes a webhook.
    ///
    /// - Parameter new: What it is made of.
    /// - Returns: The webhook as it was stored.
    /// - Throws: `Failure.invalid` in MLflow's words for an address that may not be asked.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.create_webhook`.
    package func create(_ new: NewWebhook) async throws -> Webhook {
        try await registry.webhookMeans.client.checkWebhook(new.url)
        let id = RandomID.uuid()
        let secret = try sealed(new.secret, of: id)
        return try await database.write { connection in
            let key = try connection.first(
                """
                INSERT INTO webhooks (workspace_id, webhook_id, name, description, url, secret, status, creation_time,
                    last_updated_time)
                VALUES (\(caller.workspace.key), \(id), \(new.name.text), \(new.description), \(new.url), \(secret),
                    \(new.status.rawValue), \(connection.nowMs), \(connection.nowMs))
                RETURNING webhook_key
                """
            ) { $0.int(0) }
            guard let key else { preconditionFailure("an inserted webhook has no key") }
            try insert(new.events, of: key, in: connection)
            try log(.webhookCreated, id, new.name.text, in: connection)
            return try load(key, in: connection)
        }
    }

    /// One page of the webhooks, newest first.
    ///
    /// - Parameters:
    ///   - limit: How many at the most.
    ///   - pageToken: Where the page before ended; nil for the first.
    /// - Returns: The webhooks, and the token of the next page.
    /// - Throws: `Failure.invalid` for a token that is none.
    package func list(
        limit: Int,
        after pageToken: String?
    ) async throws -> (webhooks: [Webhook], next: String?) {
        try await database.read { connection in
            let query = SortedQuery(
                key: "webhook_key",
                source: "FROM webhooks",
                conditions: [
                    "workspace_id = \(caller.workspace.key)", "deleted_time IS NULL",
                    "kind = \(WebhookKind.mlflow.rawValue)",
                ],
                columns: [SortColumn("webhook_key", .integer, isAscending: false)]
            )
            let page = try SearchPage(
                after: pageToken,
                of: "webhooks \(caller.workspace.key)",
                columns: query.columns,
                limit: limit
            ) { values, limit in try query.rows(after: values, limit: limit, in: connection) }
            return (try page.keys.map { try load($0, in: connection) }, page.next)
        }
    }

    /// The webhook with this id.
    ///
    /// - Parameter id: Its id.
    /// - Returns: The webhook.
    /// - Throws: `Failure.missing`, also for one that is deleted.
    package func get(_ id: String) async throws -> Webhook {
        try await database.read { try load(key(of: id, in: $0), in: $0) }
    }

    /// Changes a webhook; deliveries that are under way go to where it is by then.
    ///
    /// - Parameters:
    ///   - id: Its id.
    ///   - change: What is to be another.
    /// - Returns: The webhook after the change.
    /// - Throws: `Failure.missing`, `.invalid` for an address that may not be asked.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.update_webhook`.
    package func update(_ id: String, _ change: WebhookChange) async throws -> Webhook {
        _ = try await get(id)
        if let url = change.url { try await registry.webhookMeans.client.checkWebhook(url) }
        let secret = try change.secret.map { try sealed($0, of: id) }
        let bell = registry.webhookMeans.bell
        return try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            var changes: [SQL] = ["last_updated_time = \(connection.nowMs)"]
            if let name = change.name { changes.append("name = \(name.text)") }
            if let url = change.url { changes.append("url = \(url)") }
            if let description = change.description { changes.append("description = \(description)") }
            if let secret { changes.append("secret = \(secret)") }
            if let status = change.status { changes.append("status = \(status.rawValue)") }
            try connection.execute(
                "UPDATE webhooks SET \(changes.joined(separator: ", ")) WHERE webhook_key = \(key)"
            )
            if !change.events.isEmpty {
                try connection.execute("DELETE FROM webhook_events WHERE webhook_key = \(key)")
                try insert(change.events, of: key, in: connection)
            }
            let webhook = try load(key, in: connection)
            try log(.webhookUpdated, id, webhook.name, in: connection)
            connection.afterCommit { bell.ring() }
            return webhook
        }
    }

    /// Deletes a webhook with its address and its secret; what it was to be told is given up, and its log is no longer shown.
    ///
    /// - Parameter id: Its id.
    /// - Throws: `Failure.missing`.
    package func delete(_ id: String) async throws {
        try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            let name = try load(key, in: connection).name
            try connection.execute(
                """
                UPDATE webhooks
                SET deleted_time = \(connection.nowMs), last_updated_time = \(connection.nowMs), secret = \(nil as [UInt8]?),
                    url = ''
                WHERE webhook_key = \(key)
                """
            )
            try connection.execute(
                """
                UPDATE webhook_deliveries
                SET status = 'FAILED', finished_ms = \(connection.nowMs), error = 'The webhook was deleted.'
                WHERE webhook_key = \(key) AND status = 'PENDING'
                """
            )
            try log(.webhookDeleted, id, name, in: connection)
        }
    }

    /// The key of a webhook.
    func key(of id: String, lock: Bool = false, in connection: any Connection) throws -> Int64 {
        let ending: SQL = lock ? "\(.forUpdate)" : ""
        let key = try connection.first(
            """
            SELECT webhook_key FROM webhooks
            WHERE workspace_id = \(caller.workspace.key) AND webhook_id = \(id) AND deleted_time IS NULL
                AND kind = \(WebhookKind.mlflow.rawValue) \(ending)
            """
        ) { $0.int(0) }
        guard let key else { throw Failure.missing("Webhook with ID \(id) not found.") }
        return key
    }

    private func sealed(_ secret: String, of id: String) throws -> [UInt8]? {
        secret.isEmpty ? nil : try registry.webhookMeans.secrets.seal(secret, of: id)
    }

    private func insert(_ events: [WebhookEvent], of key: Int64, in connection: any Connection) throws {
        try connection.insert(
            into: "webhook_events",
            ["webhook_key", "event"],
            values: Set(events).flatMap { [.integer(key), .text($0.rawValue)] as [Value] }
        )
    }

    private func load(_ key: Int64, in connection: any Connection) throws -> Webhook {
        let events = try connection.rows(
            "SELECT event FROM webhook_events WHERE webhook_key = \(key) ORDER BY event"
        ) { WebhookEvent(rawValue: $0.text(0)) }
        let webhook = try connection.first(
            """
            SELECT webhook_id, name, description, url, status, creation_time, last_updated_time
            FROM webhooks
            WHERE webhook_key = \(key)
            """
        ) {
            Webhook(
                id: $0.text(0),
                name: $0.text(1),
                description: $0.optionalText(2),
                url: $0.text(3),
                events: events.compactMap(\.self),
                status: WebhookStatus(rawValue: $0.text(4)) ?? .disabled,
                creationTime: $0.int(5),
                lastUpdateTime: $0.int(6)
            )
        }
        guard let webhook else { throw DatabaseError.gone("webhook \(key)") }
        return webhook
    }

    /// Security: neither the address, which may hold a token, nor the secret is told to the log.
    private func log(
        _ kind: Event.Kind,
        _ id: String,
        _ name: String,
        in connection: any Connection
    ) throws {
        try EventLog.append(
            kind,
            to: "webhook/\(id)",
            details: JSON.object([JSON.Member(key: "name", value: .string(name))]).text,
            by: caller,
            in: connection
        )
    }
}
