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
        ),
        // What happened is not edited, whoever opens the database; it goes only with its whole workspace.
        Migration(
            "events 0002",
            sqlite: [
                """
                CREATE TRIGGER events_stay BEFORE UPDATE ON events
                BEGIN SELECT RAISE(ABORT, 'events are not edited'); END
                """
            ],
            postgres: [
                """
                CREATE FUNCTION refuse_edited_events() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'events are not edited'; END $$
                """,
                """
                CREATE TRIGGER events_stay BEFORE UPDATE ON events
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_edited_events()
                """,
            ]
        ),
    ]
}
