package import Core
internal import Database

extension FileStore {
    /// What a collection freed.
    package struct Freed: Sendable, Hashable {
        package var objects = 0
        package var sizeBytes: Int64 = 0
        /// Bytes that no row knew: uploads whose process ended before they were named.
        package var orphans = 0
        /// Such bytes that stay, since the database knows no object at all and may be that of another server.
        package var spared = 0
        /// Uploads in parts that were begun more than a week ago and never completed.
        package var uploads = 0
    }

    /// Frees objects that nothing has named since a time in epoch milliseconds, and bytes that no object knows.
    ///
    /// It may be ended at any moment and started again, and run beside uploads and other collections: rows go first, in
    /// transactions, and their bytes after them; bytes left behind are orphans to the next run. Missing bytes are as good
    /// as freed.
    ///
    /// - Parameters:
    ///   - beforeMs: What was released earlier goes; bytes without a row stay for an hour in any case, because an upload
    ///     may be on its way between its bytes and its name.
    ///   - clock: Where that hour is counted from.
    /// - Returns: What was freed.
    /// - Throws: Faults of the database or the storage; what was freed before them stays freed.
    package func collectGarbage(
        releasedBeforeMs beforeMs: Int64,
        clock: Clock = .system
    ) async throws -> Freed {
        var freed = Freed()
        while try await freeBatch(beforeMs, &freed) {}
        let writtenBeforeMs = min(beforeMs, clock.nowMs() - Self.orphanGraceMs)
        if try await knowsObjects() {
            try await freeOrphans(writtenBeforeMs: writtenBeforeMs, &freed)
        } else {
            freed.spared = try await countOrphans(writtenBeforeMs: writtenBeforeMs)
        }
        try await objects.sweep()
        // Last, so that parts which cannot go keep nothing else.
        freed.uploads = try await forgetUploads(
            begunBeforeMs: min(beforeMs, clock.nowMs() - Self.uploadLifeMs)
        )
        return freed
    }

    /// Whether there are objects that nothing has named since before a time in epoch milliseconds.
    package func hasReleased(beforeMs: Int64) async throws -> Bool {
        try await database.read { connection in
            let found = try connection.first(
                "SELECT 1 FROM objects WHERE released_ms < \(beforeMs) LIMIT 1"
            ) { $0.int(0) }
            return found != nil
        }
    }

    /// Counts what `collectGarbage` would free, and leaves it as it is; parameters as there.
    ///
    /// - Returns: What it would free, without uploads in parts.
    /// - Throws: Faults of the database or the storage.
    package func countGarbage(
        releasedBeforeMs beforeMs: Int64,
        clock: Clock = .system
    ) async throws -> Freed {
        let released = try await database.read { connection in
            try connection.first(
                """
                SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM objects
                WHERE released_ms < \(beforeMs)
                """
            ) { (objects: Int($0.int(0)), sizeBytes: $0.int(1)) }
        }
        var freed = Freed(objects: released?.objects ?? 0, sizeBytes: released?.sizeBytes ?? 0)
        let writtenBeforeMs = min(beforeMs, clock.nowMs() - Self.orphanGraceMs)
        let orphans = try await countOrphans(writtenBeforeMs: writtenBeforeMs)
        if try await knowsObjects() { freed.orphans = orphans } else { freed.spared = orphans }
        return freed
    }

    /// Whether there is a row of any object.
    ///
    /// Security: to a database that knows none all bytes are orphans; it may be a new one, or one that was left behind.
    private func knowsObjects() async throws -> Bool {
        try await database.read { try $0.first("SELECT 1 FROM objects LIMIT 1") { $0.int(0) } } != nil
    }

    private func countOrphans(writtenBeforeMs: Int64) async throws -> Int {
        var count = 0
        for shard in UInt8.min ... .max {
            count += try await orphans(shard: shard, writtenBeforeMs: writtenBeforeMs).count
        }
        return count
    }

    private static let orphanGraceMs: Int64 = 3_600_000
    private static let uploadLifeMs: Int64 = 7 * 86_400_000

    private func freeBatch(_ beforeMs: Int64, _ freed: inout Freed) async throws -> Bool {
        let batch = try await database.write { connection in
            let objects = try connection.rows(
                """
                SELECT object_key, sha256, size_bytes, nonce FROM objects
                WHERE released_ms < \(beforeMs) ORDER BY released_ms LIMIT \(Self.freeBatch) \(.skipLocked)
                """
            ) {
                (
                    key: $0.int(0), hash: ContentHash(bytes: $0.blob(1)), sizeBytes: $0.int(2),
                    nonce: $0.optionalInt(3)
                )
            }
            try connection.execute("DELETE FROM objects WHERE object_key \(anyOf: objects.map(\.key))")
            return objects
        }
        for object in batch {
            freed.objects += 1
            freed.sizeBytes += object.sizeBytes
            if let nonce = object.nonce {
                try await objects.remove(ObjectLocation(hash: object.hash, nonce: nonce))
            }
        }
        return batch.count == Self.freeBatch
    }

    private static let freeBatch = 500

    private func freeOrphans(writtenBeforeMs: Int64, _ freed: inout Freed) async throws {
        for shard in UInt8.min ... .max {
            for orphan in try await orphans(shard: shard, writtenBeforeMs: writtenBeforeMs) {
                try await objects.remove(orphan)
                freed.orphans += 1
            }
        }
    }

    private func orphans(shard: UInt8, writtenBeforeMs: Int64) async throws -> [ObjectLocation] {
        // Bytes first and rows after: what is named between the two is then known.
        let locations = try await objects.locations(shard: shard, writtenBeforeMs: writtenBeforeMs)
        if locations.isEmpty { return [] }
        let known = try await database.read { connection in
            Set(
                try connection.rows(
                    """
                    SELECT sha256, nonce FROM objects
                    WHERE sha256 >= \([shard]) AND sha256 <= \([shard] + [UInt8](repeating: 255, count: 31))
                        AND nonce IS NOT NULL
                    """
                ) { ObjectLocation(hash: ContentHash(bytes: $0.blob(0)), nonce: $0.int(1)) }
            )
        }
        return locations.filter { !known.contains($0) }
    }
}
