import Core
import Database

extension Repositories {
    /// Looks at the repositories on disk of which lists know nothing yet, such as those that were there before lists did.
    ///
    /// - Throws: `DatabaseError` where the database fails.
    package func fillGlances() async throws {
        var last: Int64 = 0
        while let key = try await unseen(after: last) {
            last = key
            let shape = try await GitShape.of(path(of: WorkspaceID(key: key)))
            guard let head = shape.head else { continue }
            try await database.write { connection in
                _ = try connection.execute(
                    """
                    UPDATE git_repositories SET head = \(head), size_bytes = \(shape.sizeBytes)
                    WHERE workspace_id = \(key) AND head IS NULL
                    """
                )
            }
        }
    }

    private func unseen(after key: Int64) async throws -> Int64? {
        try await database.read { connection in
            try connection.first(
                """
                SELECT workspace_id FROM git_repositories
                WHERE head IS NULL AND workspace_id > \(key) ORDER BY workspace_id LIMIT 1
                """
            ) { $0.int(0) }
        }
    }
}
