package import Database

/// The tables of this room, whose first migration was the registry's once.
///
/// A webhook that is deleted keeps its row for the log of what it was told. `attempts_before` of a delivery are those
/// before it was sent again. Webhooks of a repository are of another `kind` than MLflow's, and are made at the address
/// `server`, and are told what comes behind `after_event`. `webhook_follower` has one row: how far the log of events was read
/// for them; `webhook_gaps` are the ids before it of which nothing was seen yet.
package enum WebhookMigrations {
    package static let all = [
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
        Migration(
            "webhooks 0001 hooks",
            "ALTER TABLE webhooks ADD COLUMN kind \(.text) NOT NULL DEFAULT 'mlflow'",
            "ALTER TABLE webhooks ADD COLUMN content_type \(.text) NOT NULL DEFAULT 'json'",
            "ALTER TABLE webhooks ADD COLUMN server \(.text) NOT NULL DEFAULT ''",
            """
            CREATE TABLE webhook_follower (
                follower_key BIGINT NOT NULL PRIMARY KEY,
                position BIGINT NOT NULL,
                rounds BIGINT NOT NULL
            )
            """,
            "INSERT INTO webhook_follower (follower_key, position, rounds) VALUES (1, 0, 0)",
            """
            CREATE TABLE webhook_gaps (
                event_id BIGINT NOT NULL PRIMARY KEY,
                seen_ms BIGINT NOT NULL
            )
            """
        ),
        Migration(
            "webhooks 0002 ranges",
            "ALTER TABLE webhook_gaps RENAME COLUMN event_id TO first_id",
            "ALTER TABLE webhook_gaps ADD COLUMN last_id BIGINT NOT NULL DEFAULT 0",
            "UPDATE webhook_gaps SET last_id = first_id",
            "ALTER TABLE webhooks ADD COLUMN after_event BIGINT NOT NULL DEFAULT 0"
        ),
        Migration(
            "webhooks 0003 branches",
            "ALTER TABLE webhooks ADD COLUMN branch_filter \(.text) NOT NULL DEFAULT ''"
        ),
    ]
}
