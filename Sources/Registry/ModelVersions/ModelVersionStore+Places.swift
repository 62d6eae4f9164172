import Core
import Database

extension ModelVersionStore {
    /// A version by its key, and where its files lie.
    package struct Place: Sendable, Hashable {
        package let key: Int64
        package let storageLocation: String
    }

    /// Where the files of versions lie.
    ///
    /// - Parameters:
    ///   - key: The key of the version behind which to begin; 0 for the first.
    ///   - limit: How many at the most.
    /// - Returns: The versions of the workspace in the order of their keys.
    /// - Throws: `DatabaseError` where the database fails.
    package func places(after key: Int64, limit: Int) async throws -> [Place] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT version_key, storage_location FROM model_versions
                WHERE workspace_id = \(caller.workspace.key) AND version_key > \(key)
                ORDER BY version_key LIMIT \(limit)
                """
            ) { Place(key: $0.int(0), storageLocation: $0.text(1)) }
        }
    }

    /// Writes where the files of a version lie by another address; what it was registered from stays as it was written.
    ///
    /// - Parameters:
    ///   - place: The version as it was found; one that has changed since stays as it is.
    ///   - location: The same files by another address.
    /// - Throws: `DatabaseError` where the database fails.
    package func replace(_ place: Place, by location: String) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                UPDATE model_versions SET storage_location = \(location)
                WHERE workspace_id = \(caller.workspace.key) AND version_key = \(place.key)
                    AND storage_location = \(place.storageLocation)
                """
            )
        }
    }
}
