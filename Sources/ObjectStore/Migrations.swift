package import Database

/// The tables of this room.
package enum ObjectStoreMigrations {
    package static let all: [Migration] = [objects, files]

    private static let objects = Migration(
        "objectstore 0001 objects",
        """
        CREATE TABLE objects (
            object_key \(.identityKey),
            sha256 \(.blob) NOT NULL UNIQUE,
            size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
            nonce BIGINT,
            reference_count BIGINT NOT NULL CHECK (reference_count >= 0),
            created_ms BIGINT NOT NULL,
            released_ms BIGINT,
            CHECK ((reference_count = 0) = (released_ms IS NOT NULL))
        )
        """,
        "CREATE INDEX objects_released ON objects (released_ms) WHERE released_ms IS NOT NULL",
        """
        CREATE TABLE object_contents (
            object_key BIGINT NOT NULL PRIMARY KEY REFERENCES objects (object_key) ON DELETE CASCADE,
            content \(.blob) NOT NULL
        )
        """
    )

    private static let files = Migration(
        "objectstore 0002 files",
        """
        CREATE TABLE files (
            workspace_id BIGINT NOT NULL,
            path \(.text) NOT NULL,
            object_key BIGINT NOT NULL REFERENCES objects (object_key),
            size_bytes BIGINT NOT NULL,
            modified_ms BIGINT NOT NULL,
            PRIMARY KEY (workspace_id, path)
        ) \(.clustered)
        """,
        "CREATE INDEX files_object ON files (object_key)"
    )
}
