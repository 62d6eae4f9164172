package import Core
package import Database

extension Webhooks {
    /// Gives up what the webhooks of a workspace were to be told, in the transaction that deletes its repository.
    package static func giveUp(of workspace: WorkspaceID, in connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE webhook_deliveries
            SET status = 'FAILED', finished_ms = \(connection.nowMs), error = 'The repository was deleted.'
            WHERE status = 'PENDING'
                AND webhook_key IN (SELECT webhook_key FROM webhooks WHERE workspace_id = \(workspace.key))
            """
        )
    }

    /// Removes the webhooks of a workspace that is no more, of both kinds, with what they were told and are to be told.
    ///
    /// It may be ended at any moment and begun again; each step is one transaction.
    package func removeAll(of workspace: WorkspaceID) async throws {
        // From here on nothing is queued for them.
        try await database.write { connection in
            _ = try connection.execute(
                """
                UPDATE webhooks SET deleted_time = \(connection.nowMs), secret = NULL, url = ''
                WHERE workspace_id = \(workspace.key) AND deleted_time IS NULL
                """
            )
        }
        while try await removeDeliveries(of: workspace) == Self.stepLimit {}
        try await database.write { connection in
            _ = try connection.execute("DELETE FROM webhooks WHERE workspace_id = \(workspace.key)")
        }
    }

    private static let stepLimit = 1_000

    private func removeDeliveries(of workspace: WorkspaceID) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM webhook_deliveries WHERE delivery_key IN (
                    SELECT d.delivery_key
                    FROM webhooks w JOIN webhook_deliveries d ON d.webhook_key = w.webhook_key
                    WHERE w.workspace_id = \(workspace.key)
                    LIMIT \(Self.stepLimit)
                )
                """
            )
        }
    }
}
