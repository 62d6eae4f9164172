import Core
import Database
package import Events

extension Accounts {
    /// What happened to accounts, the newest first; for who looks after the server, which the surface has checked.
    ///
    /// - Parameters:
    ///   - search: Which events.
    ///   - limit: How many at the most.
    /// - Returns: At most `limit` events.
    /// - Throws: `DatabaseError` where the database fails.
    package func events(_ search: EventSearch, limit: Int) async throws -> [Event] {
        try await database.read { connection in
            let caller = Caller(name: "audit", workspace: .server)
            return try EventLog.newest(search, for: caller, limit: limit, in: connection)
        }
    }
}
