package import Core
package import Database
import Events

extension Repositories {
    /// Removes the mirrors of a repository, and what was to come into it, in the transaction that deletes it.
    ///
    /// What is under way ends within a minute. No password for another server outlives the repository.
    package static func endTransfers(of caller: Caller, in connection: any Connection) throws {
        let removed = try connection.rows(
            """
            DELETE FROM mirrors WHERE workspace_id = \(caller.workspace.key)
            RETURNING mirror_key, direction, address
            """
        ) { (key: $0.int(0), direction: try MirrorQueue.direction($0.text(1)), address: $0.text(2)) }
        for mirror in removed {
            try MirrorQueue.log(
                .mirrorRemoved,
                mirror.key,
                mirror.direction,
                mirror.address,
                by: caller,
                in: connection
            )
        }
        try connection.execute("DELETE FROM arrivals WHERE workspace_id = \(caller.workspace.key)")
    }
}
