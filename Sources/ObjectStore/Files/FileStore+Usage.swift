package import Core
import Database

extension FileStore {
    /// How much is kept.
    package struct Usage: Sendable, Hashable {
        package let count: Int
        package let bytes: Int64
        /// Whether there is more, which was not counted.
        package let isPartial: Bool
    }

    /// More is not counted for somebody who waits for a page.
    private static let mostCounted = 200_000

    /// The objects that all files share, each once.
    package func usageOfObjects() async throws -> Usage {
        try await usage("SELECT size_bytes FROM objects")
    }

    /// The files of a workspace, however many of them share an object.
    package func usage(of workspace: WorkspaceID) async throws -> Usage {
        try await usage("SELECT size_bytes FROM files WHERE workspace_id = \(workspace.key)")
    }

    private func usage(_ rows: SQL) async throws -> Usage {
        try await database.read { connection in
            let found = try connection.first(
                """
                SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT)
                FROM (\(rows) LIMIT \(Self.mostCounted + 1)) counted
                """
            ) { (Int($0.int(0)), $0.int(1)) }
            let (count, bytes) = found ?? (0, 0)
            return Usage(count: count, bytes: bytes, isPartial: count > Self.mostCounted)
        }
    }
}
