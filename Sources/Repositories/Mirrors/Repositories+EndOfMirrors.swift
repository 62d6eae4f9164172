package import Core
package import Database
import Events

extension Repositories {
    /// Removes the mirrors of a repository in the transaction that deletes it; those that run end within a minute.
    package static func endMirrors(of caller: Caller, in connection: any Connection) throws {
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
    }
}
