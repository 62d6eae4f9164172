import Database
import FoundationEssentials
import TestSupport
import Testing

@testable import Server

/// Two servers with folders of their own once wrote into one database, and each lost what the other had.
@Suite struct StoreMarkTests {
    @Test(arguments: Backend.available)
    func `servers of one database share their folders`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            let folder = try TemporaryFolder()
            let (one, other) = (folder.path + "/one", folder.path + "/other")
            try await claim(one, database)
            try await keepObject(database)
            try await keepBranch(database)

            try await claim(one, database)
            let error = await #expect(throws: SettingError.self) { try await claim(other, database) }

            let told = error?.description ?? ""
            #expect(told.contains("knows artifacts that lie in another folder than \(other)"))
            #expect(told.contains("--artifacts-destination"))
            #expect(!FileManager.default.fileExists(atPath: other))
            try FileManager.default.copyItem(atPath: one, toPath: folder.path + "/moved")
            try await claim(folder.path + "/moved", database)
            try folder.remove()
        }
    }

    @Test(arguments: Backend.available)
    func `repositories that lie elsewhere are missed without any artifact`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            let folder = try TemporaryFolder()
            try await claim(folder.path + "/one", database)
            try await keepBranch(database)

            let error = await #expect(throws: SettingError.self) {
                try await claim(folder.path + "/other", database, flags: [(.serveArtifacts, "false")])
            }

            #expect(error?.description.contains("knows repositories that lie in another folder") == true)
            #expect(error?.description.contains("or name it with --data") == true)
            try folder.remove()
        }
    }

    @Test(arguments: Backend.available)
    func `a folder is adopted where that is said, and the one before is known no more`(
        on backend: Backend
    ) async throws {
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            let folder = try TemporaryFolder()
            let (one, other) = (folder.path + "/one", folder.path + "/other")
            try await claim(one, database)
            try await keepObject(database)

            try await claim(other, database, flags: [(.adoptFolder, "true")])

            try await claim(other, database)
            await #expect(throws: SettingError.self) { try await claim(one, database) }
            let settings = try settings(one)
            await #expect(throws: SettingError.self) {
                try await StoreMark.artifacts(settings).check(database, settings)
            }
            try folder.remove()
        }
    }

    @Test(arguments: Backend.available)
    func `a database that knows no file takes another folder, and the one before is told apart`(
        on backend: Backend
    ) async throws {
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            let folder = try TemporaryFolder()
            let (one, other) = (folder.path + "/one", folder.path + "/other")
            try await claim(one, database)

            try await claim(other, database)
            try await keepObject(database)

            try await claim(other, database)
            await #expect(throws: SettingError.self) { try await claim(one, database) }
            try folder.remove()
        }
    }

    @Test(arguments: Backend.available)
    func `the files of another database are not taken`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            let folder = try TemporaryFolder()
            try write("of another", to: folder.path + "/artifacts/database-mark")
            try await claim(folder.path, database)
            try write("of another", to: folder.path + "/artifacts/database-mark")
            try write("bytes", to: folder.path + "/artifacts/objects/ab/name")

            let error = await #expect(throws: SettingError.self) { try await claim(folder.path, database) }

            #expect(error?.description.contains("are those of another database") == true)
            try folder.remove()
        }
    }

    /// As older servers have left them: the database knows files and has no mark.
    @Test(arguments: Backend.available, [nil, "of another"] as [String?])
    func `folders of older servers are claimed`(on backend: Backend, mark: String?) async throws {
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            let folder = try TemporaryFolder()
            try await keepObject(database)
            try await keepBranch(database)
            try write("bytes", to: folder.path + "/artifacts/objects/ab/name")
            if let mark { try write(mark, to: folder.path + "/artifacts/database-mark") }

            try await claim(folder.path, database)

            let settings = try settings(folder.path)
            for mark in [StoreMark.artifacts(settings), .repositories(settings)] {
                try await mark.check(database, settings)
            }
            try folder.remove()
        }
    }

    private func claim(
        _ folder: String,
        _ database: any Database,
        flags: [SettingValues.Flag] = []
    ) async throws {
        let settings = try settings(folder, flags)
        let artifacts = settings.servesArtifacts ? [StoreMark.artifacts(settings)] : []
        try await StoreMark.claim(artifacts + [.repositories(settings)], for: database, settings)
    }

    private func settings(_ folder: String, _ flags: [SettingValues.Flag] = []) throws -> Settings {
        let root: [SettingValues.Flag] = [(.data, folder), (.defaultArtifactRoot, "s3://bucket")]
        return try Settings(SettingValues(flags: root + flags, environment: [:]))
    }

    private func keepObject(_ database: any Database) async throws {
        let hash = [UInt8](repeating: 0xab, count: 32)
        try await database.write { connection in
            _ = try connection.execute(
                """
                INSERT INTO objects (sha256, size_bytes, nonce, reference_count, created_ms)
                VALUES (\(hash), 1, 1, 1, 0)
                """
            )
        }
    }

    private func keepBranch(_ database: any Database) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                "INSERT INTO git_refs (workspace_id, name, object_id) VALUES (1, 'refs/heads/main', 'ab')"
            )
        }
    }

    private func write(_ text: String, to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }
}
