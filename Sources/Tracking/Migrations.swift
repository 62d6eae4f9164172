package import Database

/// The tables of this room.
///
/// Names of metrics, params and tags are interned in `names`. What belongs to a run is clustered by the run, so that a
/// page of runs is read in one sweep. Points of metrics are in the order of steps, as training logs them: a step of a
/// thousand metrics fills a few pages at the end of its run instead of touching a page of each. What runs are searched by
/// is in an index, and nothing else is: such a row names its experiment in `sorted_in` (`SortedNames`).
package enum TrackingMigrations {
    package static let all = [
        Migration(
            "tracking 0001 experiments",
            """
            CREATE TABLE workspaces (
                workspace_id \(.identityKey),
                name \(.text) NOT NULL UNIQUE,
                next_experiment_id BIGINT NOT NULL
            )
            """,
            "INSERT INTO workspaces (workspace_id, name, next_experiment_id) VALUES (1, 'default', 0)",
            """
            CREATE TABLE experiments (
                experiment_key \(.identityKey),
                workspace_id BIGINT NOT NULL REFERENCES workspaces (workspace_id),
                experiment_id BIGINT NOT NULL,
                name \(.text) NOT NULL,
                artifact_location \(.text) NOT NULL,
                lifecycle_stage \(.text) NOT NULL,
                creation_time BIGINT NOT NULL,
                last_update_time BIGINT NOT NULL,
                UNIQUE (workspace_id, experiment_id),
                UNIQUE (workspace_id, name)
            )
            """,
            """
            CREATE TABLE experiment_tags (
                experiment_key BIGINT NOT NULL REFERENCES experiments (experiment_key) ON DELETE CASCADE,
                key \(.text) NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (experiment_key, key)
            ) \(.clustered)
            """
        ),
        Migration(
            "tracking 0002 runs",
            """
            CREATE TABLE names (
                name_id \(.identityKey),
                name \(.text) NOT NULL UNIQUE
            )
            """,
            """
            CREATE TABLE runs (
                run_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                run_uuid \(.text) NOT NULL,
                experiment_key BIGINT NOT NULL REFERENCES experiments (experiment_key),
                name \(.text) NOT NULL,
                user_id \(.text) NOT NULL,
                status SMALLINT NOT NULL,
                start_time BIGINT NOT NULL,
                end_time BIGINT,
                deleted_time BIGINT,
                lifecycle_stage \(.text) NOT NULL,
                artifact_uri \(.text) NOT NULL,
                UNIQUE (workspace_id, run_uuid)
            )
            """,
            """
            CREATE INDEX runs_of_experiment
            ON runs (experiment_key, lifecycle_stage, start_time DESC, run_uuid)
            """,
            "CREATE INDEX deleted_runs ON runs (deleted_time) WHERE deleted_time IS NOT NULL",
            """
            CREATE TABLE params (
                run_key BIGINT NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
                name_id BIGINT NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (run_key, name_id)
            ) \(.clustered)
            """,
            """
            CREATE TABLE tags (
                run_key BIGINT NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
                name_id BIGINT NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (run_key, name_id)
            ) \(.clustered)
            """
        ),
        Migration(
            "tracking 0003 metrics",
            """
            CREATE TABLE metrics (
                run_key BIGINT NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
                name_id BIGINT NOT NULL,
                step BIGINT NOT NULL,
                timestamp BIGINT NOT NULL,
                value DOUBLE PRECISION NOT NULL,
                is_nan BOOLEAN NOT NULL,
                PRIMARY KEY (run_key, step, name_id, timestamp, value, is_nan)
            ) \(.clustered)
            """,
            """
            CREATE TABLE latest_metrics (
                run_key BIGINT NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
                name_id BIGINT NOT NULL,
                experiment_key BIGINT NOT NULL,
                step BIGINT NOT NULL,
                timestamp BIGINT NOT NULL,
                value DOUBLE PRECISION NOT NULL,
                is_nan BOOLEAN NOT NULL,
                first_step BIGINT NOT NULL,
                first_timestamp BIGINT NOT NULL,
                is_ordered BOOLEAN NOT NULL,
                stride BIGINT NOT NULL,
                PRIMARY KEY (run_key, name_id)
            ) \(.clustered)
            """,
            """
            CREATE INDEX runs_by_metric
            ON latest_metrics (experiment_key, name_id, is_nan, value, run_key)
            """
        ),
        Migration(
            "tracking 0004 datasets",
            """
            CREATE TABLE datasets (
                dataset_key \(.identityKey),
                experiment_key BIGINT NOT NULL REFERENCES experiments (experiment_key) ON DELETE CASCADE,
                name \(.text) NOT NULL,
                digest \(.text) NOT NULL,
                source_type \(.text) NOT NULL,
                source \(.text) NOT NULL,
                schema \(.text),
                profile \(.text),
                UNIQUE (experiment_key, name, digest)
            )
            """,
            """
            CREATE TABLE run_datasets (
                run_key BIGINT NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
                dataset_key BIGINT NOT NULL REFERENCES datasets (dataset_key) ON DELETE CASCADE,
                PRIMARY KEY (run_key, dataset_key)
            ) \(.clustered)
            """,
            "CREATE INDEX runs_of_dataset ON run_datasets (dataset_key, run_key)",
            """
            CREATE TABLE run_dataset_tags (
                run_key BIGINT NOT NULL,
                dataset_key BIGINT NOT NULL,
                key \(.text) NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (run_key, dataset_key, key),
                FOREIGN KEY (run_key, dataset_key) REFERENCES run_datasets (run_key, dataset_key) ON DELETE CASCADE
            ) \(.clustered)
            """
        ),
        Migration(
            "tracking 0005 logged models",
            """
            CREATE TABLE logged_models (
                model_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                model_id \(.text) NOT NULL,
                experiment_key BIGINT NOT NULL REFERENCES experiments (experiment_key),
                name \(.text) NOT NULL,
                artifact_location \(.text) NOT NULL,
                creation_timestamp_ms BIGINT NOT NULL,
                last_updated_timestamp_ms BIGINT NOT NULL,
                status SMALLINT NOT NULL,
                lifecycle_stage \(.text) NOT NULL,
                model_type \(.text),
                source_run_id \(.text),
                status_message \(.text),
                UNIQUE (workspace_id, model_id)
            )
            """,
            """
            CREATE INDEX logged_models_of_experiment
            ON logged_models (experiment_key, lifecycle_stage, creation_timestamp_ms DESC, model_id)
            """,
            """
            CREATE TABLE logged_model_params (
                model_key BIGINT NOT NULL REFERENCES logged_models (model_key) ON DELETE CASCADE,
                name_id BIGINT NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (model_key, name_id)
            ) \(.clustered)
            """,
            """
            CREATE TABLE logged_model_tags (
                model_key BIGINT NOT NULL REFERENCES logged_models (model_key) ON DELETE CASCADE,
                name_id BIGINT NOT NULL,
                value \(.text) NOT NULL,
                PRIMARY KEY (model_key, name_id)
            ) \(.clustered)
            """,
            """
            CREATE TABLE logged_model_metrics (
                model_key BIGINT NOT NULL REFERENCES logged_models (model_key) ON DELETE CASCADE,
                name_id BIGINT NOT NULL,
                step BIGINT NOT NULL,
                timestamp BIGINT NOT NULL,
                value DOUBLE PRECISION NOT NULL,
                is_nan BOOLEAN NOT NULL,
                run_id \(.text) NOT NULL,
                dataset_name \(.text),
                dataset_digest \(.text),
                PRIMARY KEY (model_key, name_id, step, timestamp, run_id)
            ) \(.clustered)
            """,
            """
            CREATE TABLE run_models (
                run_key BIGINT NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
                direction \(.text) NOT NULL,
                model_id \(.text) NOT NULL,
                step BIGINT NOT NULL,
                PRIMARY KEY (run_key, direction, model_id)
            ) \(.clustered)
            """,
            "CREATE INDEX runs_of_model ON run_models (model_id, run_key)"
        ),
        Migration(
            "tracking 0006 purged artifacts",
            """
            CREATE TABLE purged_artifacts (
                purge_key \(.identityKey),
                workspace_id BIGINT NOT NULL,
                kind \(.text) NOT NULL,
                owner \(.text) NOT NULL,
                location \(.text) NOT NULL
            )
            """
        ),
        Migration(
            "tracking 0007 sorted names",
            "DROP INDEX runs_by_metric",
            """
            CREATE TABLE sorted_names (
                experiment_key BIGINT NOT NULL PRIMARY KEY REFERENCES experiments (experiment_key) ON DELETE CASCADE,
                names \(.text) NOT NULL
            ) \(.clustered)
            """,
            "ALTER TABLE latest_metrics DROP COLUMN experiment_key",
            "ALTER TABLE latest_metrics ADD COLUMN sorted_in BIGINT",
            "ALTER TABLE params ADD COLUMN sorted_in BIGINT",
            "ALTER TABLE tags ADD COLUMN sorted_in BIGINT",
            """
            CREATE INDEX sorted_metrics
            ON latest_metrics (sorted_in, name_id, is_nan, value, run_key) WHERE sorted_in IS NOT NULL
            """,
            """
            CREATE INDEX sorted_params
            ON params (sorted_in, name_id, value, run_key) WHERE sorted_in IS NOT NULL
            """,
            """
            CREATE INDEX sorted_tags
            ON tags (sorted_in, name_id, value, run_key) WHERE sorted_in IS NOT NULL
            """
        ),
        finding,
        findingLongNames,
        firstPoints,
    ]
}
