import Database

extension RegistryMigrations {
    /// Rules, what was asked for under them, and who said what about it.
    ///
    /// A request outlives its version; while it is open there is one of its kind. `version` is 0 where an alias is removed.
    static let approvals = Migration(
        "registry approvals 0001",
        """
        CREATE TABLE approval_rules (
            model_key BIGINT NOT NULL REFERENCES registered_models (model_key) ON DELETE CASCADE,
            kind \(.text) NOT NULL,
            target \(.text) NOT NULL,
            approvals BIGINT NOT NULL,
            allows_own BOOLEAN NOT NULL,
            PRIMARY KEY (model_key, kind, target)
        ) \(.clustered)
        """,
        """
        CREATE TABLE approval_requests (
            request_id \(.identityKey),
            workspace_id BIGINT NOT NULL,
            model_key BIGINT NOT NULL REFERENCES registered_models (model_key) ON DELETE CASCADE,
            deed \(.text) NOT NULL,
            target \(.text) NOT NULL,
            version BIGINT NOT NULL,
            restores BIGINT NOT NULL,
            archives_others BOOLEAN NOT NULL,
            requested_by \(.text) NOT NULL,
            comment \(.text),
            created_ms BIGINT NOT NULL,
            state \(.text) NOT NULL,
            closed_ms BIGINT
        )
        """,
        """
        CREATE UNIQUE INDEX open_approval_requests
        ON approval_requests (model_key, deed, target, version, archives_others) WHERE state = 'open'
        """,
        "CREATE INDEX approval_requests_of_model ON approval_requests (model_key, request_id)",
        "CREATE INDEX approval_requests_of_workspace ON approval_requests (workspace_id, request_id)",
        """
        CREATE TABLE approval_votes (
            request_id BIGINT NOT NULL REFERENCES approval_requests (request_id) ON DELETE CASCADE,
            actor \(.text) NOT NULL,
            approves BOOLEAN NOT NULL,
            comment \(.text),
            at_ms BIGINT NOT NULL,
            PRIMARY KEY (request_id, actor)
        ) \(.clustered)
        """
    )
}
