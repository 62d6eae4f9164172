import Database

extension TrackingMigrations {
    /// What is looked for in all experiments at once: runs that are under way, and runs by the beginning of their names.
    static let finding = Migration(
        "tracking 0008 finding",
        "CREATE INDEX running_runs ON runs (start_time DESC, run_uuid) WHERE status = 1",
        "CREATE INDEX runs_by_name ON runs (workspace_id, lower(name))"
    )

    /// A name may be as long as a tag, and PostgreSQL has no longer texts in an index than 2,700 bytes.
    static let findingLongNames = Migration(
        "tracking 0009 finding long names",
        "DROP INDEX runs_by_name",
        "CREATE INDEX runs_by_name ON runs (workspace_id, substr(lower(name), 1, 250))"
    )
}
