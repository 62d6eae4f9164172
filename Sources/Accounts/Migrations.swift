package import Database

/// The tables of this room.
///
/// Names are unique in their small letters (`login_key`, `name_key`). Accounts and repositories are never removed, so
/// that nobody gets the key, and with it the rights, of one who is gone: what is purged keeps its row without a name. The
/// first row of `repositories`, whose key is 1, stands for the default workspace, which nobody owns. Saved views are here
/// rather than beside the runs that they show, since they belong to people and go with them.
///
/// Permissions for single experiments and models belong to roles, as in MLflow: what is given to one person is in a role of
/// theirs alone, which has their `account_id`. The things are named by what the other rooms call them, and those say when
/// one is renamed or ends (`Accounts.follow`, `Accounts.forget`).
package enum AccountMigrations {
    package static let all = [
        Migration(
            "accounts 0001 people",
            """
            CREATE TABLE accounts (
                account_id \(.identityKey),
                kind \(.text) NOT NULL,
                login \(.text) NOT NULL,
                login_key \(.text) UNIQUE,
                full_name \(.text) NOT NULL,
                email \(.text) NOT NULL,
                email_key \(.text) UNIQUE,
                description \(.text) NOT NULL,
                website \(.text) NOT NULL,
                location \(.text) NOT NULL,
                is_server_admin BOOLEAN NOT NULL,
                state \(.text) NOT NULL,
                password_hash \(.text),
                credentials_changed_ms BIGINT NOT NULL,
                created_ms BIGINT NOT NULL,
                updated_ms BIGINT NOT NULL,
                last_seen_ms BIGINT
            )
            """,
            """
            CREATE TABLE organization_members (
                organization_id BIGINT NOT NULL REFERENCES accounts (account_id),
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                role \(.text) NOT NULL,
                joined_ms BIGINT NOT NULL,
                PRIMARY KEY (organization_id, account_id)
            ) \(.clustered)
            """,
            "CREATE INDEX organizations_of_account ON organization_members (account_id, organization_id)",
            """
            CREATE TABLE teams (
                team_id \(.identityKey),
                organization_id BIGINT NOT NULL REFERENCES accounts (account_id),
                name \(.text) NOT NULL,
                name_key \(.text) NOT NULL,
                description \(.text) NOT NULL,
                role \(.text) NOT NULL,
                reaches_all BOOLEAN NOT NULL,
                created_ms BIGINT NOT NULL,
                UNIQUE (organization_id, name_key)
            )
            """,
            """
            CREATE TABLE team_members (
                team_id BIGINT NOT NULL REFERENCES teams (team_id) ON DELETE CASCADE,
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                PRIMARY KEY (team_id, account_id)
            ) \(.clustered)
            """,
            "CREATE INDEX teams_of_account ON team_members (account_id, team_id)"
        ),
        Migration(
            "accounts 0002 repositories",
            """
            CREATE TABLE repositories (
                workspace_id \(.identityKey),
                owner_id BIGINT REFERENCES accounts (account_id),
                name \(.text) NOT NULL,
                name_key \(.text),
                visibility \(.text) NOT NULL,
                description \(.text) NOT NULL,
                website \(.text) NOT NULL,
                is_archived BOOLEAN NOT NULL,
                forked_from BIGINT REFERENCES repositories (workspace_id),
                created_ms BIGINT NOT NULL,
                updated_ms BIGINT NOT NULL,
                pushed_ms BIGINT,
                deleted_ms BIGINT,
                purged_ms BIGINT,
                UNIQUE (owner_id, name_key)
            )
            """,
            """
            INSERT INTO repositories (name, visibility, description, website, is_archived, created_ms, updated_ms)
            VALUES ('default', 'private', '', '', FALSE, 0, 0)
            """,
            "CREATE INDEX forks_of_repository ON repositories (forked_from) WHERE forked_from IS NOT NULL",
            "CREATE INDEX deleted_repositories ON repositories (deleted_ms) WHERE deleted_ms IS NOT NULL",
            """
            CREATE TABLE former_addresses (
                owner_key \(.text) NOT NULL,
                name_key \(.text) NOT NULL,
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                PRIMARY KEY (owner_key, name_key)
            ) \(.clustered)
            """,
            """
            CREATE TABLE collaborators (
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                role \(.text) NOT NULL,
                added_ms BIGINT NOT NULL,
                PRIMARY KEY (workspace_id, account_id)
            ) \(.clustered)
            """,
            "CREATE INDEX collaborations_of_account ON collaborators (account_id, workspace_id)",
            """
            CREATE TABLE team_repositories (
                team_id BIGINT NOT NULL REFERENCES teams (team_id) ON DELETE CASCADE,
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                PRIMARY KEY (team_id, workspace_id)
            ) \(.clustered)
            """,
            "CREATE INDEX teams_of_repository ON team_repositories (workspace_id, team_id)",
            """
            CREATE TABLE stars (
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                starred_ms BIGINT NOT NULL,
                PRIMARY KEY (workspace_id, account_id)
            ) \(.clustered)
            """,
            "CREATE INDEX stars_of_account ON stars (account_id, workspace_id)",
            """
            CREATE TABLE watches (
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                PRIMARY KEY (workspace_id, account_id)
            ) \(.clustered)
            """,
            "CREATE INDEX watches_of_account ON watches (account_id, workspace_id)",
            """
            CREATE TABLE repository_topics (
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                topic \(.text) NOT NULL,
                PRIMARY KEY (workspace_id, topic)
            ) \(.clustered)
            """,
            "CREATE INDEX repositories_of_topic ON repository_topics (topic, workspace_id)"
        ),
        Migration(
            "accounts 0003 credentials",
            """
            CREATE TABLE tokens (
                token_id \(.identityKey),
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                name \(.text) NOT NULL,
                hash \(.blob) NOT NULL UNIQUE,
                hint \(.text) NOT NULL,
                role \(.text) NOT NULL,
                reaches_account BOOLEAN NOT NULL,
                workspace_id BIGINT REFERENCES repositories (workspace_id),
                created_ms BIGINT NOT NULL,
                expires_ms BIGINT,
                last_used_ms BIGINT,
                revoked_ms BIGINT
            )
            """,
            "CREATE INDEX tokens_of_account ON tokens (account_id, token_id)",
            """
            CREATE TABLE sessions (
                hash \(.blob) NOT NULL PRIMARY KEY,
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                client \(.text) NOT NULL,
                created_ms BIGINT NOT NULL,
                last_seen_ms BIGINT NOT NULL,
                expires_ms BIGINT NOT NULL
            )
            """,
            "CREATE INDEX sessions_of_account ON sessions (account_id)",
            """
            CREATE TABLE one_time_links (
                hash \(.blob) NOT NULL PRIMARY KEY,
                purpose \(.text) NOT NULL,
                account_id BIGINT REFERENCES accounts (account_id),
                created_ms BIGINT NOT NULL,
                expires_ms BIGINT NOT NULL,
                used_ms BIGINT
            )
            """,
            """
            CREATE TABLE sign_in_attempts (
                place \(.text) NOT NULL PRIMARY KEY,
                failures BIGINT NOT NULL,
                first_ms BIGINT NOT NULL,
                last_ms BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE ssh_keys (
                key_id \(.identityKey),
                account_id BIGINT REFERENCES accounts (account_id),
                workspace_id BIGINT REFERENCES repositories (workspace_id),
                title \(.text) NOT NULL,
                public_key \(.text) NOT NULL,
                fingerprint \(.text) NOT NULL UNIQUE,
                is_read_only BOOLEAN NOT NULL,
                created_ms BIGINT NOT NULL,
                last_used_ms BIGINT
            )
            """,
            "CREATE INDEX ssh_keys_of_account ON ssh_keys (account_id)",
            "CREATE INDEX ssh_keys_of_repository ON ssh_keys (workspace_id)",
            """
            CREATE TABLE outside_identities (
                issuer \(.text) NOT NULL,
                subject \(.text) NOT NULL,
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                linked_ms BIGINT NOT NULL,
                PRIMARY KEY (issuer, subject)
            ) \(.clustered)
            """,
            """
            CREATE TABLE sign_in_rounds (
                hash \(.blob) NOT NULL PRIMARY KEY,
                verifier \(.text) NOT NULL,
                nonce \(.text) NOT NULL,
                return_to \(.text) NOT NULL,
                expires_ms BIGINT NOT NULL
            )
            """
        ),
        Migration(
            "accounts 0004 programs",
            """
            CREATE TABLE program_sign_ins (
                request_hash \(.blob) NOT NULL PRIMARY KEY,
                state_hash \(.blob) NOT NULL,
                client \(.text) NOT NULL,
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                code_hash \(.blob) UNIQUE,
                expires_ms BIGINT NOT NULL
            )
            """
        ),
        Migration(
            "accounts 0005 saved views",
            """
            CREATE TABLE saved_views (
                view_id \(.identityKey),
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                account_id BIGINT REFERENCES accounts (account_id),
                kind \(.text) NOT NULL,
                name \(.text) NOT NULL,
                query \(.text) NOT NULL,
                is_default BOOLEAN NOT NULL,
                created_ms BIGINT NOT NULL,
                updated_ms BIGINT NOT NULL
            )
            """,
            """
            CREATE UNIQUE INDEX saved_views_of_account ON saved_views (workspace_id, account_id, kind, name)
            WHERE account_id IS NOT NULL
            """,
            """
            CREATE UNIQUE INDEX saved_views_of_workspace ON saved_views (workspace_id, kind, name)
            WHERE account_id IS NULL
            """
        ),
        Migration(
            "accounts 0006 passes",
            """
            CREATE TABLE lfs_passes (
                hash \(.blob) NOT NULL PRIMARY KEY,
                key_id BIGINT NOT NULL REFERENCES ssh_keys (key_id) ON DELETE CASCADE,
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                role \(.text) NOT NULL,
                expires_ms BIGINT NOT NULL
            )
            """,
            "CREATE INDEX passes_of_key ON lfs_passes (key_id)",
            "CREATE INDEX passes_of_repository ON lfs_passes (workspace_id)"
        ),
        Migration(
            "accounts 0007 addresses of sessions",
            "ALTER TABLE sessions ADD COLUMN address \(.text) NOT NULL DEFAULT ''"
        ),
        Migration(
            "accounts 0008 permissions for objects",
            """
            CREATE TABLE object_roles (
                role_id \(.identityKey),
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                name \(.text) NOT NULL,
                description \(.text),
                account_id BIGINT REFERENCES accounts (account_id),
                created_ms BIGINT NOT NULL,
                UNIQUE (workspace_id, name)
            )
            """,
            "CREATE INDEX object_roles_of_account ON object_roles (account_id) WHERE account_id IS NOT NULL",
            """
            CREATE TABLE object_permissions (
                permission_id \(.identityKey),
                role_id BIGINT NOT NULL REFERENCES object_roles (role_id) ON DELETE CASCADE,
                workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                kind \(.text) NOT NULL,
                object \(.text) NOT NULL,
                permission \(.text) NOT NULL,
                UNIQUE (role_id, kind, object)
            )
            """,
            "CREATE INDEX permissions_of_object ON object_permissions (workspace_id, kind, object)",
            """
            CREATE TABLE object_role_members (
                assignment_id \(.identityKey),
                role_id BIGINT NOT NULL REFERENCES object_roles (role_id) ON DELETE CASCADE,
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                UNIQUE (account_id, role_id)
            )
            """,
            "CREATE INDEX object_role_members_of_role ON object_role_members (role_id)"
        ),
        Migration(
            "accounts 0009 forms of tokens",
            "ALTER TABLE tokens ADD COLUMN form_mark \(.text)",
            "CREATE UNIQUE INDEX tokens_of_form ON tokens (account_id, form_mark) WHERE form_mark IS NOT NULL"
        ),
        // Who remembers the number of a team must not reach another with it. PostgreSQL never gives one again; SQLite cannot
        // learn that of a table that is there. What refers to teams goes first, so that nothing is removed with the old ones.
        Migration(
            "accounts 0010 numbers of teams",
            sqlite: [
                """
                CREATE TABLE new_teams (
                    team_id INTEGER PRIMARY KEY AUTOINCREMENT,
                    organization_id BIGINT NOT NULL REFERENCES accounts (account_id),
                    name TEXT NOT NULL,
                    name_key TEXT NOT NULL,
                    description TEXT NOT NULL,
                    role TEXT NOT NULL,
                    reaches_all BOOLEAN NOT NULL,
                    created_ms BIGINT NOT NULL,
                    UNIQUE (organization_id, name_key)
                )
                """,
                """
                INSERT INTO new_teams
                    (team_id, organization_id, name, name_key, description, role, reaches_all, created_ms)
                SELECT team_id, organization_id, name, name_key, description, role, reaches_all, created_ms FROM teams
                """,
                """
                CREATE TABLE new_team_members (
                    team_id BIGINT NOT NULL REFERENCES new_teams (team_id) ON DELETE CASCADE,
                    account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                    PRIMARY KEY (team_id, account_id)
                ) WITHOUT ROWID
                """,
                """
                INSERT INTO new_team_members (team_id, account_id)
                SELECT team_id, account_id FROM team_members
                """,
                """
                CREATE TABLE new_team_repositories (
                    team_id BIGINT NOT NULL REFERENCES new_teams (team_id) ON DELETE CASCADE,
                    workspace_id BIGINT NOT NULL REFERENCES repositories (workspace_id),
                    PRIMARY KEY (team_id, workspace_id)
                ) WITHOUT ROWID
                """,
                """
                INSERT INTO new_team_repositories (team_id, workspace_id)
                SELECT team_id, workspace_id FROM team_repositories
                """,
                "DROP TABLE team_members",
                "DROP TABLE team_repositories",
                "DROP TABLE teams",
                "ALTER TABLE new_teams RENAME TO teams",
                "ALTER TABLE new_team_members RENAME TO team_members",
                "ALTER TABLE new_team_repositories RENAME TO team_repositories",
                "CREATE INDEX teams_of_account ON team_members (account_id, team_id)",
                "CREATE INDEX teams_of_repository ON team_repositories (workspace_id, team_id)",
            ],
            postgres: []
        ),
    ]
}
