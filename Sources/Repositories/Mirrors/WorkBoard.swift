package import Core
import Database

extension Repositories {
    /// How mirrors and maintenance stand, for who looks after the server, which the surface has checked.
    package var workBoard: WorkBoard { WorkBoard(repositories: self) }
}

/// What is done for all repositories beside requests.
package struct WorkBoard: Sendable {
    private static let mostListed = 500

    let repositories: Repositories

    package struct State: Sendable {
        package let mirrorCount: Int
        /// The longest failing first.
        package let mirrors: [MirrorWork]
        /// How many repositories wait to be packed.
        package let untendedCount: Int
        /// Those, the most in disorder first.
        package let untended: [WorkspaceID]
    }

    /// How a mirror went when it ran last.
    package struct MirrorWork: Sendable {
        package let workspace: WorkspaceID
        package let address: String
        package let failures: Int64
        /// Nil for one that never ran.
        package let lastMs: Int64?
        package let error: String
    }

    /// - Throws: `DatabaseError` where the database fails.
    package func state() async throws -> State {
        try await repositories.database.read { connection in
            let count = try connection.first("SELECT COUNT(*) FROM mirrors") { Int($0.int(0)) }
            let mirrors = try connection.rows(
                """
                SELECT workspace_id, address, failures, last_ms, COALESCE(last_error, '')
                FROM mirrors
                ORDER BY failures DESC, mirror_key
                LIMIT \(Self.mostListed)
                """
            ) {
                MirrorWork(
                    workspace: WorkspaceID(key: $0.int(0)),
                    address: $0.text(1),
                    failures: $0.int(2),
                    lastMs: $0.optionalInt(3),
                    error: $0.text(4)
                )
            }
            let untended = try connection.first(
                """
                SELECT COUNT(*) FROM git_repositories
                WHERE pushes_since_maintenance >= \(Maintenance.pushLimit)
                """
            ) { Int($0.int(0)) }
            let repositories = try connection.rows(
                """
                SELECT workspace_id FROM git_repositories
                WHERE pushes_since_maintenance >= \(Maintenance.pushLimit)
                ORDER BY pushes_since_maintenance DESC, workspace_id
                LIMIT \(Self.mostListed)
                """
            ) { WorkspaceID(key: $0.int(0)) }
            return State(
                mirrorCount: count ?? 0,
                mirrors: mirrors,
                untendedCount: untended ?? 0,
                untended: repositories
            )
        }
    }
}
