import Database

extension RegistryMigrations {
    /// The keys that this server signs and signed with, and what it signed.
    ///
    /// A version without an envelope waits for its files; one whose files lie elsewhere has no row.
    static let signatures = Migration(
        "registry signatures 0001",
        """
        CREATE TABLE signing_keys (
            key_id \(.text) NOT NULL PRIMARY KEY,
            public_key \(.blob) NOT NULL,
            created_ms BIGINT NOT NULL,
            retired_ms BIGINT
        )
        """,
        """
        CREATE TABLE model_version_signatures (
            version_key BIGINT NOT NULL PRIMARY KEY REFERENCES model_versions (version_key) ON DELETE CASCADE,
            location \(.text) NOT NULL,
            envelope \(.text)
        )
        """,
        "CREATE INDEX unsigned_model_versions ON model_version_signatures (location) WHERE envelope IS NULL"
    )
}
