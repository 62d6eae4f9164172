import Accounts
import Core
import Database
import Glibc
import Logging
import NIOPosix
import ObjectStore
import Registry
import Repositories
import TestSupport
import Testing
import Tracking

@testable import Server

@Suite struct RepositoryRemovalTests {
    @Test(arguments: Backend.available)
    func `of a purged repository nothing is left, and of others all`(on backend: Backend) async throws {
        try await withStorage(on: backend) { storage, clock in
            let store = storage.accounts.repositories(for: try await storage.accounts.localPerson())
            var places: [RepositoryPlace] = []
            for name in ["iris", "kept"] {
                let place = try await store.create(
                    NewRepository(name: RepositoryName(name), visibility: .public)
                )
                try await storage.repositories.storage.create(place.workspace)
                try await storage.fill(place.workspace)
                places.append(place)
            }
            let (iris, kept) = (places[0].workspace, places[1].workspace)
            let full = try await storage.counts(of: iris)
            for (table, count) in full { #expect(count > 0, "the test puts nothing into \(table)") }
            let before = try await storage.counts(of: kept)

            try await store.delete(iris)
            let removal = try #require(RepositoryRemoval(storage))
            #expect(try await removal.run(deletedBefore: 1_000) == 0)
            for (table, count) in try await storage.counts(of: iris) {
                let hasEnded = ["mirrors", "arrivals"].contains(table)
                #expect((count == 0) == hasEnded, "\(table)")
            }
            clock.advance(byMs: 1)
            #expect(try await removal.accounts.purge.count(deletedBefore: 1_001) == 1)
            #expect(try await removal.run(deletedBefore: 1_001) == 1)

            for (table, count) in try await storage.counts(of: iris) where table != "repositories" {
                #expect(count == 0, "\(table) keeps something")
            }
            #expect(!storage.repositories.storage.exists(iris))
            #expect(storage.repositories.storage.exists(kept))
            let after = try await storage.counts(of: kept)
            for (old, new) in zip(before, after) { #expect(old.count == new.count, "\(old.table)") }
            // Both had the same bytes, which now belong to one.
            #expect(try await storage.references() == [3])
            let again = try await store.create(
                NewRepository(name: RepositoryName("iris"), visibility: .public)
            )
            #expect(again.workspace != iris)
            #expect(try await removal.run(deletedBefore: .max) == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `whoever is ended in between is followed by one who ends it`(on backend: Backend) async throws {
        try await withStorage(on: backend) { storage, clock in
            let store = storage.accounts.repositories(for: try await storage.accounts.localPerson())
            let iris = try await store.create(
                NewRepository(name: RepositoryName("iris"), visibility: .public)
            ).workspace
            try await storage.fill(iris)
            try await store.delete(iris)
            clock.advance(byMs: 1)
            await #expect(throws: Interruption.self) {
                try await storage.accounts.purge.run(deletedBefore: 1_001) { workspace in
                    try await storage.registry.removeAll(of: workspace)
                    throw Interruption()
                }
            }

            // Time has nothing to do with what was begun.
            let removal = try #require(RepositoryRemoval(storage))
            #expect(try await removal.run(deletedBefore: 0) == 1)

            let left = try await storage.counts(of: iris).filter { $0.count > 0 }.map(\.table)
            #expect(left == ["repositories"])
        }
    }

    @Test(arguments: Backend.available)
    func `of a deleted repository nothing is sent elsewhere any more`(on backend: Backend) async throws {
        try await withStorage(on: backend) { storage, _ in
            let store = storage.accounts.repositories(for: try await storage.accounts.localPerson())
            var workspaces: [WorkspaceID] = []
            for name in ["iris", "kept"] {
                let place = try await store.create(
                    NewRepository(name: RepositoryName(name), visibility: .public)
                )
                try await storage.fill(place.workspace)
                workspaces.append(place.workspace)
            }
            let both = workspaces

            try await store.delete(both[0])

            let sent = try await storage.database.read { connection in
                try both.map { workspace in
                    try connection.rows(
                        """
                        SELECT d.status FROM webhook_deliveries d JOIN webhooks w ON w.webhook_key = d.webhook_key
                        WHERE w.workspace_id = \(workspace.key)
                        UNION ALL SELECT direction FROM mirrors WHERE workspace_id = \(workspace.key)
                        ORDER BY 1
                        """
                    ) { $0.text(0) }
                }
            }
            #expect(sent == [["FAILED"], ["PENDING", "push"]])
        }
    }

    @Test(arguments: Backend.available)
    func `an upload whose parts cannot go is not forgotten`(on backend: Backend) async throws {
        try await withStorage(on: backend) { storage, _ in
            let iris = WorkspaceID(key: 7)
            try await storage.database.write { connection in
                _ = try connection.execute(
                    """
                    INSERT INTO uploads (upload_id, workspace_id, path, part_count, created_ms)
                    VALUES (\(Storage.uploadID(7)), 7, 'a', 1, 0)
                    """
                )
            }
            let parts = try storage.makeStuckUpload(of: iris)

            await #expect(throws: (any Error).self) { try await storage.files?.removeAll(of: iris) }
            #expect(rmdir(parts + "/stuck") == 0)
            try await storage.files?.removeAll(of: iris)

            #expect(access(parts, F_OK) != 0)
        }
    }

    @Test(arguments: Backend.available)
    func `what was released is freed, also where a repository cannot be purged`(
        on backend: Backend
    ) async throws {
        try await withStorage(on: backend) { storage, clock in
            let store = storage.accounts.repositories(for: try await storage.accounts.localPerson())
            let iris = try await store.create(
                NewRepository(name: RepositoryName("iris"), visibility: .public)
            ).workspace
            try await storage.fill(iris)
            try await store.delete(iris)
            clock.advance(byMs: 1)
            let parts = try storage.makeStuckUpload(of: iris)
            let service = RemovalService(
                try #require(RepositoryRemoval(storage)),
                graceDays: 0,
                logger: Logger(label: "test")
            ) {}

            try await storage.release()
            await service.round(isDaily: false)
            #expect(try await !storage.references().contains(0))
            #expect(rmdir(parts + "/stuck") == 0)
            await service.round(isDaily: false)
            #expect(try await storage.references() == [])
        }
    }

    @Test(arguments: Backend.available)
    func `a server frees once a day what nothing names, and nothing in folders of another`(
        on backend: Backend
    ) async throws {
        struct Another: Error {}
        try await withStorage(on: backend) { storage, _ in
            let removal = try #require(RepositoryRemoval(storage))
            let logger = Logger(label: "test")
            let elsewhere = RemovalService(removal, graceDays: 0, logger: logger) { throw Another() }
            let service = RemovalService(removal, graceDays: 0, logger: logger) {}
            try await storage.release()

            await elsewhere.round(isDaily: true)
            await service.round(isDaily: false)
            #expect(try await storage.references() == [0])
            await service.round(isDaily: true)
            #expect(try await storage.references() == [])
        }
    }

    @Test func `a server without files purges nothing`() async throws {
        try await withStorage(on: .sqlite) { storage, _ in
            let bare = Storage(
                database: storage.database,
                tracking: storage.tracking,
                registry: storage.registry,
                accounts: storage.accounts,
                repositories: storage.repositories,
                files: nil
            )

            #expect(RepositoryRemoval(bare) == nil)
        }
    }

    private struct Interruption: Error {}
}

private func withStorage(
    on backend: Backend,
    _ body: (Storage, TestClock) async throws -> Void
) async throws {
    let (folder, clock) = (try TemporaryFolder(), TestClock())
    try await withDatabase(on: backend, migrations: Storage.migrations, clock: clock.clock) { database in
        let tracking = Tracking(database: database, artifactRoot: "mlflow-artifacts:/")
        let registry = Registry(database: database)
        let objects = try await DiskObjectStore.open(root: folder.path + "/artifacts", pool: .singleton)
        let repositories = try GitHosting.open(database, in: folder.path, isServing: false)
        try repositories.storage.prepare(program: "/bin/false")
        let storage = Storage(
            database: database,
            tracking: tracking,
            registry: registry,
            accounts: Storage.accounts(database, tracking, registry),
            repositories: repositories,
            files: FileStore(database: database, objects: objects)
        )
        try await body(storage, clock)
    }
    try folder.remove()
}

extension Storage {
    /// Puts a row for a workspace into every table that has one; three of them refer to one object.
    fileprivate func fill(_ workspace: WorkspaceID) async throws {
        try await database.write { connection in
            for statement in Self.rows(of: workspace.key) { try connection.execute(statement) }
        }
    }

    private static func rows(of key: Int64) -> [SQL] {
        let (name, someone): (String, SQL) = ("of \(key)", "(SELECT MIN(account_id) FROM accounts)")
        let object: SQL = "(SELECT MIN(object_key) FROM objects)"
        func only(_ column: SQL, _ table: SQL) -> SQL {
            "(SELECT MAX(\(column)) FROM \(table) WHERE workspace_id = \(key))"
        }
        return [
            """
            INSERT INTO runs (workspace_id, run_uuid, experiment_key, name, user_id, status, start_time, lifecycle_stage,
                artifact_uri)
            VALUES (\(key), \(name), \(only("experiment_key", "experiments")), '', '', 1, 0, 'active', '')
            """,
            """
            INSERT INTO logged_models (workspace_id, model_id, experiment_key, name, artifact_location, creation_timestamp_ms,
                last_updated_timestamp_ms, status, lifecycle_stage)
            VALUES (\(key), \(name), \(only("experiment_key", "experiments")), '', '', 0, 0, 1, 'active')
            """,
            "INSERT INTO purged_artifacts (workspace_id, kind, owner, location) VALUES (\(key), 'run', 'x', 'x')",
            """
            INSERT INTO registered_models (workspace_id, name, creation_time, last_updated_time, last_version)
            VALUES (\(key), 'iris', 0, 0, 1)
            """,
            """
            INSERT INTO model_versions (workspace_id, model_key, version, creation_time, last_updated_time, current_stage,
                source, storage_location, run_id, run_link, status)
            VALUES (\(key), \(only("model_key", "registered_models")), 1, 0, 0, 'None', '', '', '', '', 'READY')
            """,
            """
            INSERT INTO registered_model_aliases (model_key, alias, version)
            VALUES (\(only("model_key", "registered_models")), 'champion', 1)
            """,
            """
            INSERT INTO approval_requests (workspace_id, model_key, deed, target, version, restores, archives_others,
                requested_by, created_ms, state)
            VALUES (\(key), \(only("model_key", "registered_models")), 'alias', 'champion', 1, 0, FALSE, '', 0, 'open')
            """,
            """
            INSERT INTO webhooks (workspace_id, webhook_id, name, description, url, status, creation_time, last_updated_time,
                kind)
            VALUES (\(key), \(name), '', '', '', 'ACTIVE', 0, 0, 'gitea')
            """,
            """
            INSERT INTO webhook_deliveries (webhook_key, delivery_id, event, body, status, attempts, attempts_before, created_ms,
                queued_ms, due_ms)
            VALUES (\(only("webhook_key", "webhooks")), \(name), 'push', '{}', 'PENDING', 0, 0, 0, 0, 0)
            """,
            """
            INSERT INTO objects (sha256, size_bytes, reference_count, created_ms)
            VALUES (\([UInt8](repeating: 7, count: 32)), 1, 3, 0)
            ON CONFLICT (sha256) DO UPDATE SET reference_count = objects.reference_count + 3
            """,
            """
            INSERT INTO files (workspace_id, path, object_key, size_bytes, modified_ms)
            VALUES (\(key), 'a', \(object), 1, 0)
            """,
            "INSERT INTO uploads (upload_id, workspace_id, path, part_count, created_ms) VALUES (\(uploadID(key)), \(key), 'a', 1, 0)",
            """
            INSERT INTO lfs_objects (workspace_id, oid, object_key, size_bytes, stored_ms)
            VALUES (\(key), 'a', \(object), 1, 0)
            """,
            """
            INSERT INTO lfs_locks (workspace_id, path, lock_id, owner, locked_ms) VALUES (\(key), 'a', \(name), '', 0)
            """,
            """
            INSERT INTO releases (workspace_id, tag, target, name, note, is_draft, is_prerelease, author, created_ms)
            VALUES (\(key), 'v1', '', '', '', TRUE, FALSE, '', 0)
            """,
            """
            INSERT INTO release_assets (workspace_id, release_key, name, object_key, size_bytes, download_count, created_ms)
            VALUES (\(key), \(only("release_key", "releases")), 'a', \(object), 1, 0, 0)
            """,
            """
            INSERT INTO git_repositories (workspace_id, refs_version, pushes_since_maintenance, maintenance_until_ms)
            VALUES (\(key), 1, 1, 0)
            """,
            "INSERT INTO git_refs (workspace_id, name, object_id) VALUES (\(key), 'refs/heads/main', '')",
            "INSERT INTO pushes (workspace_id, actor, started_ms, commands) VALUES (\(key), '', 0, '[]')",
            """
            INSERT INTO ref_rules (workspace_id, kind, pattern, push, merge, force, removal)
            VALUES (\(key), 'branch', 'main', '', '', '', '')
            """,
            """
            INSERT INTO mirrors (workspace_id, direction, address, user_name, interval_ms, creator, wishes, attempts,
                lease_until_ms, failures)
            VALUES (\(key), 'push', '', '', 0, '', 0, 0, 0, 0)
            """,
            """
            INSERT INTO arrivals (workspace_id, address, user_name, started_ms, attempts, lease_until_ms)
            VALUES (\(key), '', '', 0, 0, 0)
            """,
            "INSERT INTO former_addresses (owner_key, name_key, workspace_id) VALUES ('x', \(name), \(key))",
            """
            INSERT INTO collaborators (workspace_id, account_id, role, added_ms) VALUES (\(key), \(someone), 'read', 0)
            """,
            "INSERT INTO stars (workspace_id, account_id, starred_ms) VALUES (\(key), \(someone), 0)",
            "INSERT INTO watches (workspace_id, account_id) VALUES (\(key), \(someone))",
            "INSERT INTO repository_topics (workspace_id, topic) VALUES (\(key), 'flowers')",
            """
            INSERT INTO teams (organization_id, name, name_key, description, role, reaches_all, created_ms)
            VALUES (\(someone), 't', \(name), '', 'read', FALSE, 0)
            """,
            "INSERT INTO team_repositories (team_id, workspace_id) VALUES ((SELECT MAX(team_id) FROM teams), \(key))",
            """
            INSERT INTO ssh_keys (workspace_id, title, public_key, fingerprint, is_read_only, created_ms)
            VALUES (\(key), '', '', \(name), TRUE, 0)
            """,
            "INSERT INTO object_roles (workspace_id, name, created_ms) VALUES (\(key), 'readers', 0)",
            """
            INSERT INTO object_permissions (role_id, workspace_id, kind, object, permission)
            VALUES (\(only("role_id", "object_roles")), \(key), 'experiment', '0', 'READ')
            """,
            """
            INSERT INTO saved_views (workspace_id, account_id, kind, name, query, is_default, created_ms, updated_ms)
            VALUES (\(key), \(someone), 'runs', '', '', FALSE, 0, 0)
            """,
            """
            INSERT INTO lfs_passes (hash, key_id, workspace_id, role, expires_ms)
            VALUES (\(Array(name.utf8)), (SELECT MAX(key_id) FROM ssh_keys), \(key), 'read', 0)
            """,
            """
            INSERT INTO tokens (account_id, name, hash, hint, role, reaches_account, workspace_id, created_ms)
            VALUES (\(someone), '', \(Array(name.utf8)), '', 'read', FALSE, \(key), 0)
            """,
        ]
    }

    /// Makes the folder of the upload of a workspace, with a folder `stuck` in it that keeps it from going.
    fileprivate func makeStuckUpload(of workspace: WorkspaceID) throws -> String {
        let root = repositories.path(of: workspace).split(separator: "/").dropLast(2).joined(separator: "/")
        let parts = "/\(root)/artifacts/parts/\(Self.uploadID(workspace.key))"
        for folder in [parts, parts + "/stuck"] { try #require(mkdir(folder, 0o700) == 0) }
        return parts
    }

    /// Puts an object there that nothing names any more.
    fileprivate func release() async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                INSERT INTO objects (sha256, size_bytes, reference_count, created_ms, released_ms)
                VALUES (\([UInt8](repeating: 8, count: 32)), 1, 0, 0, 1)
                """
            )
        }
    }

    fileprivate static func uploadID(_ key: Int64) -> String {
        let digits = String(key, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// How many rows each table that has workspaces has of one.
    fileprivate func counts(of workspace: WorkspaceID) async throws -> [(table: String, count: Int64)] {
        let tables = try await DatabaseSchema(of: database).tables
            .filter { table in table.lines.contains { $0.name == "workspace_id" } }.map(\.name)
        return try await database.read { connection in
            try tables.map { table in
                // The name is the catalogue's own.
                let count = try connection.first(
                    "SELECT COUNT(*) FROM \(SQL(trusted: table)) WHERE workspace_id = \(workspace.key)"
                ) { $0.int(0) }
                return (table, count ?? 0)
            }
        }
    }

    /// How often each object is referred to.
    fileprivate func references() async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT reference_count FROM objects") { $0.int(0) }
        }
    }
}
