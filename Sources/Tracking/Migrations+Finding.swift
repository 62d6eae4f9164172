import Database

extension TrackingMigrations {
    /// What is looked for in all experiments at once: runs that are under way, and runs by the beginning of their names.
    static let finding = Migration(
        "tracking 0008 finding",
        "CREATE INDEX running_runs ON runs (start_time DESC, run_uuid) WHERE status = 1",
        "CREATE INDEX runs_by_name ON runs (workspace_id, lower(name))"
    )
}
