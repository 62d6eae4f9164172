package import Database

/// The tables of this room.
///
/// `git_refs` is what the database knows of the refs on disk; `refs_version` counts its changes, so that two who look at
/// the disk at the same time do not write one over the other; `git_repositories` has besides what lists tell of it. `pushes` has a row while a push is under way.
/// A row of `lfs_objects`, and one of `release_assets`, is a reference to an object, which counts it.
/// A mirror is due at `due_ms`, or never; `wishes` counts what it was asked for, so that what is asked while it runs is done
/// afterwards; `large_files_version` is the `refs_version` of which it has brought all large files.
/// `arrivals` has a row while a new repository lacks what was to come into it, from its parent or from an address.
package enum RepositoryMigrations {
    package static let all = [
        Migration(
            "repositories 0001 refs",
            """
            CREATE TABLE git_repositories (
                workspace_id BIGINT NOT NULL PRIMARY KEY,
                refs_version BIGINT NOT NULL,
                pushes_since_maintenance BIGINT NOT NULL,
                maintenance_until_ms BIGINT NOT NULL
            ) \(.clustered)
            """,
            "CREATE INDEX git_repositories_in_disorder ON git_repositories (pushes_since_maintenance)",
            """
            CREATE TABLE git_refs (
                workspace_id BIGINT NOT NULL,
                name \(.text) NOT NULL,
                object_id \(.text) NOT NULL,
                PRIMARY KEY (workspace_id, name)
            ) \(.clustered)
            """,
            """
            CREATE TABLE pushes (
                push_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                actor \(.text) NOT NULL,
                started_ms BIGINT NOT NULL,
                commands \(.text) NOT NULL
            )
            """,
            "CREATE INDEX pushes_of_repository ON pushes (workspace_id, push_key)"
        ),
        Migration(
            "repositories 0002 rules",
            """
            CREATE TABLE ref_rules (
                rule_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                kind \(.text) NOT NULL,
                pattern \(.text) NOT NULL,
                push \(.text) NOT NULL,
                merge \(.text) NOT NULL,
                force \(.text) NOT NULL,
                removal \(.text) NOT NULL,
                UNIQUE (workspace_id, kind, pattern)
            )
            """,
            """
            CREATE TABLE ref_rule_accounts (
                rule_key BIGINT NOT NULL REFERENCES ref_rules (rule_key) ON DELETE CASCADE,
                deed \(.text) NOT NULL,
                account_id BIGINT NOT NULL,
                PRIMARY KEY (rule_key, deed, account_id)
            ) \(.clustered)
            """
        ),
        Migration(
            "repositories 0003 large files",
            """
            CREATE TABLE lfs_objects (
                workspace_id BIGINT NOT NULL,
                oid \(.text) NOT NULL,
                object_key BIGINT NOT NULL REFERENCES objects (object_key),
                size_bytes BIGINT NOT NULL,
                stored_ms BIGINT NOT NULL,
                PRIMARY KEY (workspace_id, oid)
            ) \(.clustered)
            """,
            "CREATE INDEX lfs_objects_object ON lfs_objects (object_key)",
            """
            CREATE TABLE lfs_locks (
                workspace_id BIGINT NOT NULL,
                path \(.text) NOT NULL,
                lock_id \(.text) NOT NULL,
                owner \(.text) NOT NULL,
                account_id BIGINT,
                locked_ms BIGINT NOT NULL,
                PRIMARY KEY (workspace_id, path),
                UNIQUE (workspace_id, lock_id)
            ) \(.clustered)
            """
        ),
        Migration(
            "repositories 0004 mirrors",
            """
            CREATE TABLE mirrors (
                mirror_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                direction \(.text) NOT NULL,
                address \(.text) NOT NULL,
                user_name \(.text) NOT NULL,
                secret \(.blob),
                interval_ms BIGINT NOT NULL,
                creator \(.text) NOT NULL,
                due_ms BIGINT,
                wishes BIGINT NOT NULL,
                attempts BIGINT NOT NULL,
                lease_until_ms BIGINT NOT NULL,
                failures BIGINT NOT NULL,
                last_ms BIGINT,
                last_success_ms BIGINT,
                last_error \(.text),
                UNIQUE (workspace_id, direction, address)
            )
            """,
            "CREATE INDEX mirrors_due ON mirrors (due_ms)"
        ),
        Migration(
            "repositories 0005 glances",
            "ALTER TABLE git_repositories ADD COLUMN head \(.text)",
            "ALTER TABLE git_repositories ADD COLUMN size_bytes BIGINT NOT NULL DEFAULT 0"
        ),
        Migration(
            "repositories 0006 releases",
            """
            CREATE TABLE releases (
                release_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                tag \(.text) NOT NULL,
                target \(.text) NOT NULL,
                name \(.text) NOT NULL,
                note \(.text) NOT NULL,
                is_draft BOOLEAN NOT NULL,
                is_prerelease BOOLEAN NOT NULL,
                author \(.text) NOT NULL,
                author_id BIGINT,
                created_ms BIGINT NOT NULL,
                published_ms BIGINT,
                UNIQUE (workspace_id, tag)
            )
            """,
            """
            CREATE TABLE release_assets (
                asset_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                release_key BIGINT NOT NULL REFERENCES releases (release_key),
                name \(.text) NOT NULL,
                object_key BIGINT NOT NULL REFERENCES objects (object_key),
                size_bytes BIGINT NOT NULL,
                download_count BIGINT NOT NULL,
                created_ms BIGINT NOT NULL,
                UNIQUE (release_key, name)
            )
            """,
            "CREATE INDEX assets_of_repository ON release_assets (workspace_id, asset_key)",
            "CREATE INDEX release_assets_object ON release_assets (object_key)"
        ),
        Migration(
            "repositories 0007 large files of mirrors",
            "ALTER TABLE mirrors ADD COLUMN large_files_version BIGINT NOT NULL DEFAULT -1"
        ),
        Migration(
            "repositories 0008 arrivals",
            """
            CREATE TABLE arrivals (
                workspace_id BIGINT NOT NULL PRIMARY KEY,
                parent_id BIGINT,
                address \(.text) NOT NULL,
                user_name \(.text) NOT NULL,
                secret \(.blob),
                started_ms BIGINT NOT NULL,
                attempts BIGINT NOT NULL,
                lease_until_ms BIGINT NOT NULL,
                error \(.text)
            ) \(.clustered)
            """
        ),
        Migration(
            "repositories 0009 arrivals that wait",
            "ALTER TABLE arrivals ADD COLUMN creator \(.text) NOT NULL DEFAULT ''",
            "ALTER TABLE arrivals ADD COLUMN resumed BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE arrivals ADD COLUMN lacking \(.text)",
            // Of these nobody knows who asked for them.
            "UPDATE arrivals SET error = 'The server was stopped while it came.' WHERE error IS NULL"
        ),
        // Who remembers the number of a release or of its file must not reach another with it. PostgreSQL never gives one
        // again; SQLite cannot learn that of a table that is there.
        Migration(
            "repositories 0010 numbers of releases",
            sqlite: [
                """
                CREATE TABLE new_releases (
                    release_key INTEGER PRIMARY KEY AUTOINCREMENT,
                    workspace_id BIGINT NOT NULL,
                    tag TEXT NOT NULL,
                    target TEXT NOT NULL,
                    name TEXT NOT NULL,
                    note TEXT NOT NULL,
                    is_draft BOOLEAN NOT NULL,
                    is_prerelease BOOLEAN NOT NULL,
                    author TEXT NOT NULL,
                    author_id BIGINT,
                    created_ms BIGINT NOT NULL,
                    published_ms BIGINT,
                    UNIQUE (workspace_id, tag)
                )
                """,
                """
                INSERT INTO new_releases (release_key, workspace_id, tag, target, name, note, is_draft, is_prerelease, author,
                    author_id, created_ms, published_ms)
                SELECT release_key, workspace_id, tag, target, name, note, is_draft, is_prerelease, author, author_id,
                    created_ms, published_ms
                FROM releases
                """,
                """
                CREATE TABLE new_release_assets (
                    asset_key INTEGER PRIMARY KEY AUTOINCREMENT,
                    workspace_id BIGINT NOT NULL,
                    release_key BIGINT NOT NULL REFERENCES new_releases (release_key),
                    name TEXT NOT NULL,
                    object_key BIGINT NOT NULL REFERENCES objects (object_key),
                    size_bytes BIGINT NOT NULL,
                    download_count BIGINT NOT NULL,
                    created_ms BIGINT NOT NULL,
                    UNIQUE (release_key, name)
                )
                """,
                """
                INSERT INTO new_release_assets
                    (asset_key, workspace_id, release_key, name, object_key, size_bytes, download_count, created_ms)
                SELECT asset_key, workspace_id, release_key, name, object_key, size_bytes, download_count, created_ms
                FROM release_assets
                """,
                "DROP TABLE release_assets",
                "DROP TABLE releases",
                "ALTER TABLE new_releases RENAME TO releases",
                "ALTER TABLE new_release_assets RENAME TO release_assets",
                "CREATE INDEX assets_of_repository ON release_assets (workspace_id, asset_key)",
                "CREATE INDEX release_assets_object ON release_assets (object_key)",
            ],
            postgres: []
        ),
        Migration(
            "repositories 0011 mark",
            "CREATE TABLE repository_store_mark (mark \(.text) NOT NULL PRIMARY KEY)"
        ),
    ]
}
