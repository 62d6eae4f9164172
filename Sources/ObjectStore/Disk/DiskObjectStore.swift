internal import Glibc
package import NIOPosix

/// Objects in files of one folder.
///
///     objects/ab/<sha-256>-<number>    256 folders by the first byte of the hash
///     incoming/<random>                uploads under way, locked by who writes them
///     parts/<upload>/                  parts of uploads under way
///
/// Folders are 0700 and files 0600. What is under `objects` is whole and on stable storage.
package struct DiskObjectStore: ObjectStore {
    let root: String
    let objects: OpenFile
    let incoming: OpenFile
    let partFolders: OpenFile
    let pool: NIOThreadPool

    /// Opens a folder, makes what it lacks and sweeps what a crash left in it.
    ///
    /// - Parameters:
    ///   - root: A path that the administrator chose.
    ///   - pool: Threads for blocking work, started, of whoever opens the store.
    /// - Returns: A store that is ready.
    /// - Throws: `SystemError` where the folder cannot be made or entered.
    package static func open(root: String, pool: NIOThreadPool) async throws -> DiskObjectStore {
        let store = try await pool.runIfActive { try DiskObjectStore(root: root, pool: pool) }
        try await store.sweep()
        return store
    }

    private init(root: String, pool: NIOThreadPool) throws {
        let folder = try Self.makeRoot(root)
        let objects = try folder.makeFolder("objects")
        self.objects = objects
        incoming = try folder.makeFolder("incoming")
        let present = try Set(objects.names())
        let missing = (UInt8.min ... .max).map(Self.shardName).filter { !present.contains($0) }
        // The folder of parts is made when the others are on the disk: with it there, a start need not wait for that.
        let isSynced = try missing.isEmpty && folder.open("parts", O_RDONLY | O_DIRECTORY) != nil
        for name in missing { _ = try objects.makeFolder(name) }
        if !isSynced { try objects.sync() }
        partFolders = try folder.makeFolder("parts")
        if !isSynced { try folder.sync() }
        self.root = root
        self.pool = pool
    }

    package func open(_ location: ObjectLocation, sizeBytes: Int64) async throws -> any ObjectContent {
        let file = try await pool.runIfActive {
            guard let file = try shard(of: location).open(location.name, O_RDONLY) else {
                throw MissingObject(location: location, folder: root)
            }
            // Bytes of another length are damage, and half a file is worse than none.
            guard try file.status().sizeBytes == sizeBytes else {
                throw MissingObject(location: location, folder: root)
            }
            return file
        }
        return DiskContent(file: file, sizeBytes: sizeBytes, pool: pool)
    }

    package func remove(_ location: ObjectLocation) async throws {
        try await pool.runIfActive { try shard(of: location).unlink(location.name) }
    }

    package func locations(shard: UInt8, writtenBeforeMs: Int64) async throws -> [ObjectLocation] {
        try await pool.runIfActive {
            let folder = try folder(of: shard)
            return try folder.names().compactMap { name in
                guard let location = ObjectLocation(name: name), let file = try folder.open(name, O_RDONLY),
                    try file.status().modifiedMs < writtenBeforeMs
                else { return nil }
                return location
            }
        }
    }

    func shard(of location: ObjectLocation) throws -> OpenFile {
        try folder(of: location.hash.bytes[0])
    }

    private func folder(of shard: UInt8) throws -> OpenFile {
        let name = Self.shardName(shard)
        guard let folder = try objects.open(name, O_RDONLY | O_DIRECTORY) else {
            throw SystemError.last("open \(name)")
        }
        return folder
    }

    private static func shardName(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static func makeRoot(_ path: String) throws -> OpenFile {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made == "/" ? "" : "/") + part
            if mkdir(made, 0o700) != 0, errno != EEXIST { throw SystemError.last("mkdir \(made)") }
        }
        return try OpenFile.folder(atPath: path)
    }
}
