import Core
import Database
import Events
package import NIOCore
package import ObjectStore

/// The files of the releases of a caller's repository; their bytes are shared with whatever else has the same content.
package struct ReleaseFileStore: Sendable {
    let files: FileStore
    let releases: ReleaseStore

    private var database: any Database { releases.database }

    /// Keeps a file of a release; durable when it returns.
    ///
    /// - Parameters:
    ///   - body: The whole content.
    ///   - id: The release.
    ///   - name: What the file is called, asked when the content is there.
    /// - Returns: The file.
    /// - Throws: `Failure.missing` for the release; `Failure.alreadyExists` for a name that it has; `Failure.tooLarge` for too
    ///   many files or too long a one; what `body` throws. Then nothing is kept.
    package func add<Body: AsyncSequence & Sendable>(
        _ body: Body,
        to id: Int64,
        named name: @escaping @Sendable () throws -> AssetName
    ) async throws -> ReleaseAsset where Body.Element == ByteBuffer {
        let release = try await releases.get(id, drafts: true)
        guard release.assets.count < ReleaseAsset.countLimit else { throw Self.tooMany }
        return try await files.receive(body, limitBytes: ReleaseAsset.sizeLimitBytes) { [releases] in
            try releases.insert(name(), of: id, objectKey: $1, sizeBytes: $2, in: $0)
        }
    }

    /// - Throws: `Failure.missing` where the release has no such file.
    package func get(_ asset: Int64, of id: Int64, drafts: Bool) async throws -> ReleaseAsset {
        let release = try await releases.get(id, drafts: drafts)
        guard let found = release.assets.first(where: { $0.id == asset }) else { throw Self.absent(asset) }
        return found
    }

    /// Gives a file another name.
    ///
    /// - Throws: `Failure.missing`; `Failure.alreadyExists` for a name that another file of the release has.
    package func rename(_ asset: Int64, of id: Int64, to name: AssetName) async throws -> ReleaseAsset {
        try await database.write { connection in
            let release = try releases.get(id, in: connection)
            guard let old = release.assets.first(where: { $0.id == asset }) else { throw Self.absent(asset) }
            guard !release.assets.contains(where: { $0.name == name && $0.id != asset }) else {
                throw Self.taken(name)
            }
            try connection.execute(
                "UPDATE release_assets SET name = \(name.text) WHERE asset_key = \(old.id)"
            )
            guard let new = try releases.assets("asset_key = \(asset)", in: connection).first else {
                throw Self.absent(asset)
            }
            return new
        }
    }

    /// - Throws: `Failure.missing`.
    package func remove(_ asset: Int64, of id: Int64) async throws {
        try await database.write { connection in
            _ = try releases.get(id, in: connection)
            let removed = try connection.removeAssets("asset_key = \(asset) AND release_key = \(id)")
            guard removed.count == 1 else { throw Self.absent(asset) }
            try releases.log(.releaseAssetRemoved, removed[0], of: id, in: connection)
        }
    }

    /// Opens a file that was found a moment ago, and counts that it was asked for.
    ///
    /// - Parameters:
    ///   - asset: The file.
    ///   - isCounted: Whether this is a download, and not a part of one.
    /// - Returns: The content.
    /// - Throws: `Failure.missing` where it is gone.
    package func open(_ asset: ReleaseAsset, isCounted: Bool) async throws -> any ObjectContent {
        let content = try await files.open(objectKey: asset.objectKey)
        if isCounted {
            try await database.write { connection in
                _ = try connection.execute(
                    """
                    UPDATE release_assets SET download_count = download_count + 1 WHERE asset_key = \(asset.id)
                    """
                )
            }
        }
        return content
    }

    /// The hash of a file's content.
    package func hash(of asset: ReleaseAsset) async throws -> ContentHash {
        try await files.hash(objectKey: asset.objectKey)
    }

    fileprivate static let tooMany = Failure(
        .tooLarge,
        "A release has at most \(ReleaseAsset.countLimit) files."
    )

    fileprivate static func taken(_ name: AssetName) -> Failure {
        .alreadyExists("The release has a file '\(name)' already.")
    }

    private static func absent(_ asset: Int64) -> Failure { .missing("The release has no file \(asset).") }
}

extension ReleaseStore {
    fileprivate func insert(
        _ name: AssetName,
        of id: Int64,
        objectKey: Int64,
        sizeBytes: Int64,
        in connection: any Connection
    ) throws -> ReleaseAsset {
        let release = try get(id, in: connection)
        guard release.assets.count < ReleaseAsset.countLimit else { throw ReleaseFileStore.tooMany }
        guard !release.assets.contains(where: { $0.name == name }) else {
            throw ReleaseFileStore.taken(name)
        }
        let key = try connection.first(
            """
            INSERT INTO release_assets (workspace_id, release_key, name, object_key, size_bytes, download_count, created_ms)
            VALUES (\(workspace), \(id), \(name.text), \(objectKey), \(sizeBytes), 0, \(connection.nowMs))
            RETURNING asset_key
            """
        ) { $0.int(0) }
        guard let key, let asset = try assets("asset_key = \(key)", in: connection).first else {
            preconditionFailure("an inserted file has a row")
        }
        try log(.releaseAssetAdded, name.text, of: id, in: connection)
        return asset
    }

    fileprivate func log(
        _ kind: Event.Kind,
        _ name: String,
        of id: Int64,
        in connection: any Connection
    ) throws {
        let details: JSON = ["name": .string(name)]
        try EventLog.append(kind, to: "release/\(id)", details: details.text, by: caller, in: connection)
    }
}

extension Connection {
    /// Removes files of releases, and what counts their bytes.
    ///
    /// - Returns: Their names.
    @discardableResult
    func removeAssets(_ condition: SQL) throws -> [String] {
        let removed = try rows(
            "DELETE FROM release_assets WHERE \(condition) RETURNING object_key, name"
        ) { (object: $0.int(0), name: $0.text(1)) }
        try FileStore.release(removed.map(\.object), in: self)
        return removed.map(\.name)
    }
}
