package import Database
import Testing

extension Connection {
    /// Returns when another transaction waits for a row that this one has; at once on SQLite, where only one writes.
    package func waitUntilAwaited() throws {
        guard dialect == .postgres else { return }
        for _ in 0..<500 {
            let isAwaited = try first(
                """
                SELECT pg_sleep(0.01) IS NOT NULL AND EXISTS (
                    SELECT 1 FROM pg_locks
                    WHERE NOT granted AND transactionid = CAST(pg_current_xact_id() AS xid)
                )
                """
            ) { $0.bool(0) }
            if isAwaited == true { return }
        }
        Issue.record("nobody waits for this transaction")
    }
}
