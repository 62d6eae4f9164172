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
        // The audit is a few of very many events. Which they are is said in the row, so that the index of them serves
        // kinds that are added later; for once, rows that were there are edited.
        Migration(
            "events 0003 audit",
            sqlite: [
                addAudited, "DROP TRIGGER events_stay", markAudited,
                """
                CREATE TRIGGER events_stay BEFORE UPDATE ON events
                BEGIN SELECT RAISE(ABORT, 'events are not edited'); END
                """,
                indexAudited,
            ],
            postgres: [
                addAudited, "DROP TRIGGER events_stay ON events", markAudited,
                """
                CREATE TRIGGER events_stay BEFORE UPDATE ON events
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_edited_events()
                """,
                indexAudited,
            ]
        ),
    ]

    private static let addAudited: SQL =
        "ALTER TABLE events ADD COLUMN is_audited BOOLEAN NOT NULL DEFAULT FALSE"

    private static let markAudited: SQL = """
        UPDATE events SET is_audited = TRUE
        WHERE kind LIKE 'account.%' OR kind LIKE 'session.%' OR kind LIKE 'token.%' OR kind LIKE 'permission.%'
            OR kind LIKE 'object_role.%' OR kind LIKE 'organization.%' OR kind LIKE 'team.%' OR kind LIKE 'key.%'
            OR kind LIKE 'collaborator.%' OR kind LIKE 'repository.%' OR kind LIKE 'git.rule_%' OR kind LIKE 'webhook.%'
            OR kind IN ('mirror.set', 'mirror.removed', 'registered_model.approval_rule_set',
                'registered_model.approval_rule_removed')
        """

    private static let indexAudited: SQL = "CREATE INDEX audited_events ON events (event_id) WHERE is_audited"
}
