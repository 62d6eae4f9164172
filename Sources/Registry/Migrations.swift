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
        Migration(
            "registry 0002 webhooks",
            """
            CREATE TABLE webhooks (
                webhook_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                webhook_id \(.text) NOT NULL UNIQUE,
                name \(.text) NOT NULL,
                description \(.text) NOT NULL,
                url \(.text) NOT NULL,
                secret \(.blob),
                status \(.text) NOT NULL,
                creation_time BIGINT NOT NULL,
                last_updated_time BIGINT NOT NULL,
                deleted_time BIGINT
            )
            """,
            "CREATE INDEX webhooks_of_workspace ON webhooks (workspace_id, webhook_key) WHERE deleted_time IS NULL",
            """
            CREATE TABLE webhook_events (
                webhook_key BIGINT NOT NULL REFERENCES webhooks (webhook_key) ON DELETE CASCADE,
                event \(.text) NOT NULL,
                PRIMARY KEY (webhook_key, event)
            ) \(.clustered)
            """,
            """
            CREATE TABLE webhook_deliveries (
                delivery_key \(.identityKey),
                webhook_key BIGINT NOT NULL REFERENCES webhooks (webhook_key) ON DELETE CASCADE,
                delivery_id \(.text) NOT NULL UNIQUE,
                event \(.text) NOT NULL,
                body \(.text) NOT NULL,
                status \(.text) NOT NULL,
                attempts BIGINT NOT NULL,
                attempts_before BIGINT NOT NULL,
                created_ms BIGINT NOT NULL,
                queued_ms BIGINT NOT NULL,
                due_ms BIGINT NOT NULL,
                last_attempt_ms BIGINT,
                finished_ms BIGINT,
                response_status BIGINT,
                error \(.text)
            )
            """,
            "CREATE INDEX deliveries_of_webhook ON webhook_deliveries (webhook_key, delivery_key)",
            """
            CREATE INDEX pending_deliveries ON webhook_deliveries (webhook_key, delivery_key)
            WHERE status = 'PENDING'
            """,
            "CREATE INDEX finished_deliveries ON webhook_deliveries (finished_ms) WHERE finished_ms IS NOT NULL"
        ),
        approvals,
        signatures,
    ]
}
