package import Core
import Database
import Events

/// The releases of a caller's repository.
///
/// Whether the caller may change them, and see drafts, is asked before. The tag is made by whoever makes the release.
package struct ReleaseStore: Sendable {
    let database: any Database
    let caller: Caller

    /// - Parameters:
    ///   - page: Which part of the list.
    ///   - drafts: Whether drafts are among them.
    /// - Returns: Releases, the newest first.
    /// - Throws: `DatabaseError` where the database fails.
    package func list(_ page: PageRequest, drafts: Bool) async throws -> ListPage<Release> {
        let isSeen = isSeen(drafts: drafts)
        return try await database.read { connection in
            let releases = try rows(
                """
                WHERE \(isSeen)
                ORDER BY COALESCE(published_ms, created_ms) DESC, release_key DESC
                LIMIT \(page.limit) OFFSET \(page.offset)
                """,
                in: connection
            )
            let total = try connection.first("SELECT COUNT(*) FROM releases WHERE \(isSeen)") {
                Int($0.int(0))
            }
            return ListPage(releases, total: total ?? 0)
        }
    }

    /// The release that was published last, and is no preview.
    ///
    /// - Throws: `Failure.missing` where there is none.
    package func latest() async throws -> Release {
        try await first(
            """
            WHERE \(isSeen(drafts: false)) AND is_prerelease = FALSE
            ORDER BY published_ms DESC, release_key DESC LIMIT 1
            """,
            "The repository has no release."
        )
    }

    /// - Throws: `Failure.missing` where there is none that the caller sees.
    package func get(_ id: Int64, drafts: Bool) async throws -> Release {
        try await first(
            "WHERE \(isSeen(drafts: drafts)) AND release_key = \(id)",
            "The repository has no release \(id)."
        )
    }

    /// - Throws: `Failure.missing` where there is none that the caller sees.
    package func get(of tag: TagName, drafts: Bool) async throws -> Release {
        try await first(
            "WHERE \(isSeen(drafts: drafts)) AND tag = \(tag.text)",
            "The tag '\(tag)' has no release."
        )
    }

    /// Asks whether a tag can have a release, before something is made for it.
    ///
    /// - Throws: `Failure.alreadyExists` where it has another already.
    package func checkFree(_ tag: TagName, for id: Int64? = nil) async throws {
        let other = try await database.read { try holder(of: tag, in: $0) }
        guard other == nil || other == id else { throw Self.taken(tag) }
    }

    /// - Throws: `Failure.alreadyExists` where the tag has a release already.
    package func create(_ new: NewRelease) async throws -> Release {
        try await database.write { connection in
            let key = try connection.first(
                """
                INSERT INTO releases (workspace_id, tag, target, name, note, is_draft, is_prerelease, author, author_id,
                    created_ms, published_ms)
                VALUES (\(workspace), \(new.tag.text), \(new.target), \(new.name), \(new.note), \(new.isDraft),
                    \(new.isPrerelease), \(caller.name), \(caller.account?.key), \(connection.nowMs),
                    \(new.isDraft ? nil : connection.nowMs))
                ON CONFLICT (workspace_id, tag) DO NOTHING
                RETURNING release_key
                """
            ) { $0.int(0) }
            guard let key else { throw Self.taken(new.tag) }
            let release = try get(key, in: connection)
            try log(new.isDraft ? .releaseDrafted : .releasePublished, release, in: connection)
            return release
        }
    }

    /// Changes a release; a draft that is none any more is published now.
    ///
    /// - Throws: `Failure.missing`; `Failure.alreadyExists` for a tag that has another release.
    package func edit(_ id: Int64, _ change: ReleaseChange) async throws -> Release {
        try await database.write { connection in
            let old = try get(id, in: connection)
            if let tag = change.tag, tag != old.tag {
                guard try holder(of: tag, in: connection) == nil else { throw Self.taken(tag) }
            }
            let isDraft = change.isDraft ?? old.isDraft
            let publishedMs = isDraft ? nil : old.publishedMs ?? connection.nowMs
            try connection.execute(
                """
                UPDATE releases
                SET tag = COALESCE(\(change.tag?.text), tag), target = COALESCE(\(change.target), target),
                    name = COALESCE(\(change.name), name), note = COALESCE(\(change.note), note),
                    is_draft = \(isDraft), is_prerelease = \(change.isPrerelease ?? old.isPrerelease),
                    published_ms = \(publishedMs)
                WHERE release_key = \(id)
                """
            )
            let release = try get(id, in: connection)
            let isNew = old.isDraft && !isDraft
            try log(
                isDraft ? .releaseDrafted : isNew ? .releasePublished : .releaseUpdated,
                release,
                in: connection
            )
            return release
        }
    }

    /// Deletes a release with its files; the tag stays.
    ///
    /// - Throws: `Failure.missing`.
    package func delete(_ id: Int64) async throws {
        try await database.write { connection in
            let release = try get(id, in: connection)
            try connection.removeAssets("release_key = \(id)")
            try connection.execute("DELETE FROM releases WHERE release_key = \(id)")
            try log(.releaseDeleted, release, in: connection)
        }
    }

    var workspace: Int64 { caller.workspace.key }

    /// A release that is changed, held until the transaction ends.
    func get(_ id: Int64, in connection: any Connection) throws -> Release {
        let found = try rows(
            "WHERE workspace_id = \(workspace) AND release_key = \(id) \(.forUpdate)",
            in: connection
        )
        guard let release = found.first else {
            throw Failure.missing("The repository has no release \(id).")
        }
        return release
    }

    private func first(_ condition: SQL, _ absence: String) async throws -> Release {
        try await database.read { connection in
            guard let release = try rows(condition, in: connection).first else {
                throw Failure.missing(absence)
            }
            return release
        }
    }

    private func isSeen(drafts: Bool) -> SQL {
        drafts ? "workspace_id = \(workspace)" : "workspace_id = \(workspace) AND is_draft = FALSE"
    }

    private func holder(of tag: TagName, in connection: any Connection) throws -> Int64? {
        try connection.first(
            "SELECT release_key FROM releases WHERE workspace_id = \(workspace) AND tag = \(tag.text)"
        ) { $0.int(0) }
    }

    private static func taken(_ tag: TagName) -> Failure {
        .alreadyExists("The tag '\(tag)' has a release already.")
    }

    private func rows(_ condition: SQL, in connection: any Connection) throws -> [Release] {
        let releases = try connection.rows(
            """
            SELECT release_key, tag, target, name, note, is_draft, is_prerelease, author, author_id, created_ms, published_ms
            FROM releases \(condition)
            """
        ) { row in
            Release(
                id: row.int(0),
                tag: try TagName(row.text(1)),
                target: row.text(2),
                name: row.text(3),
                note: row.text(4),
                isDraft: row.bool(5),
                isPrerelease: row.bool(6),
                author: row.text(7),
                authorID: row.optionalInt(8).map(AccountID.init),
                createdMs: row.int(9),
                publishedMs: row.optionalInt(10),
                assets: []
            )
        }
        let assets = try assets("release_key \(anyOf: releases.map(\.id))", in: connection)
        let byRelease = Dictionary(grouping: assets, by: \.release)
        return releases.map { $0.with(byRelease[$0.id] ?? []) }
    }

    func assets(_ condition: SQL, in connection: any Connection) throws -> [ReleaseAsset] {
        try connection.rows(
            """
            SELECT asset_key, release_key, name, size_bytes, download_count, created_ms, object_key
            FROM release_assets
            WHERE workspace_id = \(workspace) AND \(condition)
            ORDER BY asset_key
            """
        ) { row in
            ReleaseAsset(
                id: row.int(0),
                release: row.int(1),
                name: try AssetName(row.text(2)),
                sizeBytes: row.int(3),
                downloadCount: row.int(4),
                createdMs: row.int(5),
                objectKey: row.int(6)
            )
        }
    }

    private func log(_ kind: Event.Kind, _ release: Release, in connection: any Connection) throws {
        try EventLog.append(
            kind,
            to: "release/\(release.id)",
            details: release.details.text,
            by: caller,
            in: connection
        )
    }
}

extension Release {
    fileprivate func with(_ assets: [ReleaseAsset]) -> Release {
        Release(
            id: id,
            tag: tag,
            target: target,
            name: name,
            note: note,
            isDraft: isDraft,
            isPrerelease: isPrerelease,
            author: author,
            authorID: authorID,
            createdMs: createdMs,
            publishedMs: publishedMs,
            assets: assets
        )
    }
}
