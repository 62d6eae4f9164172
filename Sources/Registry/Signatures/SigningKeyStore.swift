import Database

/// The public keys of the servers on one database; they stay, so that old signatures can be checked.
package struct SigningKeyStore: Sendable {
    let database: any Database

    /// Makes a key known.
    ///
    /// - Parameter key: The key; known already, it stays as it is.
    /// - Throws: `DatabaseError` where the database fails.
    package func register(_ key: VerifyingKey) async throws {
        try await database.write { try insert(key, in: $0) }
    }

    /// Makes the successor of a key known and says that nothing is signed with the key any more.
    ///
    /// - Parameters:
    ///   - old: The key.
    ///   - new: Its successor.
    /// - Throws: `DatabaseError` where the database fails.
    package func replace(_ old: VerifyingKey, by new: VerifyingKey) async throws {
        try await database.write { connection in
            try insert(new, in: connection)
            try connection.execute(
                "UPDATE signing_keys SET retired_ms = \(connection.nowMs) WHERE key_id = \(old.id)"
            )
        }
    }

    /// Every key, the newest first.
    ///
    /// - Returns: At most a thousand.
    /// - Throws: `DatabaseError` where the database fails.
    package func all() async throws -> [KnownKey] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT public_key, created_ms, retired_ms FROM signing_keys
                ORDER BY created_ms DESC, key_id LIMIT 1000
                """
            ) {
                KnownKey(
                    key: VerifyingKey(bytes: $0.blob(0)),
                    createdMs: $0.int(1),
                    retiredMs: $0.optionalInt(2)
                )
            }
        }
    }

    private func insert(_ key: VerifyingKey, in connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO signing_keys (key_id, public_key, created_ms)
            VALUES (\(key.id), \(key.bytes), \(connection.nowMs))
            ON CONFLICT (key_id) DO NOTHING
            """
        )
    }
}
