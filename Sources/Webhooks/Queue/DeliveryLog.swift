package import Core
package import Database

/// What one webhook is to be told, and was; whose it is was asked before.
package struct DeliveryLog {
    let webhook: Int64
    let connection: any Connection

    /// - Parameters:
    ///   - webhook: The key of the webhook.
    ///   - connection: The transaction.
    package init(of webhook: Int64, in connection: any Connection) {
        self.webhook = webhook
        self.connection = connection
    }

    /// One page of the deliveries, newest first.
    ///
    /// - Parameters:
    ///   - status: Only those; nil for all.
    ///   - limit: How many at the most.
    ///   - pageToken: Where the page before ended; nil for the first.
    /// - Returns: The deliveries, and the token of the next page.
    /// - Throws: `Failure.invalid` for a token that is none.
    package func list(
        status: DeliveryStatus? = nil,
        limit: Int,
        after pageToken: String?
    ) throws -> (deliveries: [Delivery], next: String?) {
        var conditions: [SQL] = ["webhook_key = \(webhook)"]
        if let status { conditions.append("status = \(status.rawValue)") }
        let query = SortedQuery(
            key: "delivery_key",
            source: "FROM webhook_deliveries",
            conditions: conditions,
            columns: [SortColumn("delivery_key", .integer, isAscending: false)]
        )
        let page = try SearchPage(
            after: pageToken,
            of: "deliveries \(webhook) \(status?.rawValue ?? "")",
            columns: query.columns,
            limit: limit
        ) { values, limit in try query.rows(after: values, limit: limit, in: connection) }
        return (try page.keys.map { try load($0) }, page.next)
    }

    /// Another page, by its number.
    package func list(_ page: PageRequest) throws -> ListPage<Delivery> {
        let found = try connection.rows(
            """
            SELECT \(Self.columns) FROM webhook_deliveries
            WHERE webhook_key = \(webhook)
            ORDER BY delivery_key DESC
            LIMIT \(page.limit) OFFSET \(page.offset)
            """,
            Self.delivery
        )
        let total = try connection.first(
            "SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_key = \(webhook)"
        ) { Int($0.int(0)) }
        return ListPage(found, total: total ?? 0)
    }

    /// A delivery, and what it carries.
    ///
    /// - Throws: `Failure.missing`.
    package func get(_ id: String) throws -> (delivery: Delivery, body: String) {
        let key = try key(of: id)
        let body = try connection.first("SELECT body FROM webhook_deliveries WHERE delivery_key = \(key)") {
            $0.text(0)
        }
        return (try load(key), body ?? "")
    }

    /// Queues a delivery once more, under the same id, with all of its attempts before it.
    ///
    /// It becomes the newest, behind all that waits, and is tried once: so it neither holds up what is new nor runs beside
    /// what is under way.
    ///
    /// - Parameters:
    ///   - id: The delivery.
    ///   - bell: Rung when it is queued.
    /// - Returns: The delivery after the change.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is under way.
    package func sendAgain(_ id: String, _ bell: Bell) throws -> Delivery {
        let key = try key(of: id)
        let old = try connection.first(
            """
            DELETE FROM webhook_deliveries WHERE delivery_key = \(key) AND status <> 'PENDING'
            RETURNING webhook_key, event, body, attempts, created_ms, last_attempt_ms, response_status, error
            """,
            Old.init
        )
        guard let old else { throw Failure(.invalidState, "Delivery with ID \(id) is under way.") }
        let queued = try connection.first(
            """
            INSERT INTO webhook_deliveries (webhook_key, delivery_id, event, body, status, attempts, attempts_before,
                created_ms, queued_ms, due_ms, last_attempt_ms, response_status, error)
            VALUES (\(old.webhook), \(id), \(old.event), \(old.body), 'PENDING', \(old.attempts), \(old.attempts),
                \(old.createdMs), \(connection.nowMs), \(try connection.sharedNowMs()), \(old.lastAttemptMs),
                \(old.responseStatus), \(old.error))
            RETURNING delivery_key
            """
        ) { $0.int(0) }
        guard let queued else { preconditionFailure("an inserted delivery has no key") }
        connection.afterCommit { bell.ring() }
        return try load(queued)
    }

    /// What a delivery keeps that is queued once more.
    private struct Old {
        let webhook: Int64
        let event: String
        let body: String
        let attempts: Int64
        let createdMs: Int64
        let lastAttemptMs: Int64?
        let responseStatus: Int64?
        let error: String?

        init(_ row: borrowing Row) {
            webhook = row.int(0)
            event = row.text(1)
            body = row.text(2)
            attempts = row.int(3)
            createdMs = row.int(4)
            lastAttemptMs = row.optionalInt(5)
            responseStatus = row.optionalInt(6)
            error = row.optionalText(7)
        }
    }

    private func key(of id: String) throws -> Int64 {
        let key = try connection.first(
            """
            SELECT delivery_key FROM webhook_deliveries
            WHERE delivery_id = \(id) AND webhook_key = \(webhook)
            """
        ) { $0.int(0) }
        guard let key else { throw Failure.missing("Delivery with ID \(id) not found.") }
        return key
    }

    private func load(_ key: Int64) throws -> Delivery {
        let delivery = try connection.first(
            "SELECT \(Self.columns) FROM webhook_deliveries WHERE delivery_key = \(key)",
            Self.delivery
        )
        guard let delivery else { throw DatabaseError.gone("delivery \(key)") }
        return delivery
    }

    private static let columns: SQL =
        """
        delivery_id, event, status, attempts, created_ms, due_ms, last_attempt_ms, finished_ms, response_status, error
        """

    private static func delivery(_ row: borrowing Row) throws -> Delivery {
        guard let status = DeliveryStatus(rawValue: row.text(2)) else {
            throw Failure(.internalError, "The queue holds the unknown status '\(row.text(2))'.")
        }
        return Delivery(
            id: row.text(0),
            event: row.text(1),
            status: status,
            attempts: row.int(3),
            createdMs: row.int(4),
            dueMs: status == .pending ? row.int(5) : nil,
            lastAttemptMs: row.optionalInt(6),
            finishedMs: row.optionalInt(7),
            responseStatus: row.optionalInt(8),
            error: row.optionalText(9)
        )
    }
}
