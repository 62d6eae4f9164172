package import Core
import Database

/// What the hooks of a repository were told.
extension HookStore {
    /// - Returns: A page of the deliveries of a hook, the newest first.
    /// - Throws: `Failure.missing` where the repository has no such hook.
    package func deliveries(of id: Int64, _ page: PageRequest) async throws -> ListPage<Delivery> {
        try await database.read { try log(of: id, in: $0).list(page) }
    }

    /// - Returns: A delivery, and what it carries.
    /// - Throws: `Failure.missing`.
    package func delivery(_ delivery: String, of id: Int64) async throws -> (delivery: Delivery, body: String)
    {
        try await database.read { try log(of: id, in: $0).get(delivery) }
    }

    /// Queues a delivery once more, behind all that waits; it is tried once.
    ///
    /// - Throws: `Failure.missing`, `.invalidState` for one that is under way.
    package func sendAgain(_ delivery: String, of id: Int64) async throws -> Delivery {
        let bell = means.bell
        return try await database.write { try log(of: id, in: $0).sendAgain(delivery, bell) }
    }

    /// Queues something for one hook, whether it asks for such events or not.
    ///
    /// - Throws: `Failure.missing`; `.invalidState` for a hook that is told nothing.
    package func post(_ event: HookEvent, _ body: String, to id: Int64) async throws {
        guard try await get(id).isActive else {
            throw Failure(.invalidState, "The hook is not active: it is told nothing.")
        }
        try await database.write { connection in
            _ = try webhookID(of: id, lock: true, in: connection)
            try means.post(event.rawValue, body, to: [id], in: connection)
        }
    }

    private func log(of id: Int64, in connection: any Connection) throws -> DeliveryLog {
        _ = try webhookID(of: id, in: connection)
        return DeliveryLog(of: id, in: connection)
    }
}
