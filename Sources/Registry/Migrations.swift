package import Database

/// The tables of this room.
///
/// A model counts the versions that it ever had, so that the number of a deleted one is never given again. An alias
/// belongs to a version and goes with it. What marks prompts has indexes of its own, because every search leaves them out.
package enum RegistryMigrations {
    package static let all = [
        Migration(
            "registry 0001",
            """
            CREATE TABLE registered_models (
                model_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                name \(.text) NOT NULL,
                description \(.text),
                creation_time BIGINT NOT NULL,
                last_updated_time BIGINT NOT NULL,
                last_version BIGINT NOT NULL,
                UNIQUE (workspace_id, name)
            )
            """,
            """
            CREATE TABLE registered_model_tags (
                model_key BIGINT NOT NULL REFERENCES registered_models (model_key) ON DELETE CASCADE,
                key \(.text) NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (model_key, key)
            ) \(.clustered)
            """,
            """
            CREATE INDEX prompts ON registered_model_tags (model_key)
            WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true'
            """,
            """
            CREATE TABLE model_versions (
                version_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                model_key BIGINT NOT NULL REFERENCES registered_models (model_key) ON DELETE CASCADE,
                version BIGINT NOT NULL,
                description \(.text),
                creation_time BIGINT NOT NULL,
                last_updated_time BIGINT NOT NULL,
                current_stage \(.text) NOT NULL,
                source \(.text) NOT NULL,
                storage_location \(.text) NOT NULL,
                run_id \(.text) NOT NULL,
                run_link \(.text) NOT NULL,
                status \(.text) NOT NULL,
                status_message \(.text),
                UNIQUE (model_key, version)
            )
            """,
            "CREATE INDEX model_versions_of_stage ON model_versions (model_key, current_stage, version)",
            "CREATE INDEX model_versions_of_run ON model_versions (run_id)",
            "CREATE INDEX latest_model_versions ON model_versions (workspace_id, last_updated_time DESC)",
            """
            CREATE TABLE model_version_tags (
                version_key BIGINT NOT NULL REFERENCES model_versions (version_key) ON DELETE CASCADE,
                key \(.text) NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (version_key, key)
            ) \(.clustered)
            """,
            """
            CREATE INDEX prompt_versions ON model_version_tags (version_key)
            WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true'
            """,
            """
            CREATE TABLE registered_model_aliases (
                model_key BIGINT NOT NULL,
                alias \(.text) NOT NULL,
                version BIGINT NOT NULL,
                PRIMARY KEY (model_key, alias),
                FOREIGN KEY (model_key, version) REFERENCES model_versions (model_key, version) ON DELETE CASCADE
            ) \(.clustered)
            """,
            "CREATE INDEX aliases_of_version ON registered_model_aliases (model_key, version)"
        ),
        approvals,
        signatures,
    ]
}
