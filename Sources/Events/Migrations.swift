package import Database

/// The tables of this room.
package enum EventMigrations {
    package static let all = [
        Migration(
            "events 0001",
            """
            CREATE TABLE events (
                event_id \(.identityKey),
                workspace_id BIGINT NOT NULL,
                at_ms BIGINT NOT NULL,
                actor \(.text) NOT NULL,
                kind \(.text) NOT NULL,
                subject \(.text) NOT NULL,
                details \(.text) NOT NULL
            )
            """,
            "CREATE INDEX events_of_subject ON events (workspace_id, subject, event_id)"
        )
    ]
}
