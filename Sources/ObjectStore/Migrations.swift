package import Database

/// The tables of this room.
package enum ObjectStoreMigrations {
    package static let all: [Migration] = [objects, files, uploads, mark]

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

    /// In `upload_parts`, no hash is a part that is being written, and no number one that lies in its place in the whole.
    private static let uploads = Migration(
        "objectstore 0003 uploads",
        """
        CREATE TABLE uploads (
            upload_id \(.text) NOT NULL PRIMARY KEY,
            workspace_id BIGINT NOT NULL,
            path \(.text) NOT NULL,
            part_count BIGINT NOT NULL,
            part_bytes BIGINT,
            created_ms BIGINT NOT NULL,
            completed_ms BIGINT
        )
        """,
        "CREATE INDEX uploads_created ON uploads (created_ms)",
        """
        CREATE TABLE upload_parts (
            upload_id \(.text) NOT NULL REFERENCES uploads (upload_id) ON DELETE CASCADE,
            part_number BIGINT NOT NULL,
            size_bytes BIGINT NOT NULL,
            sha256 \(.blob),
            nonce BIGINT,
            PRIMARY KEY (upload_id, part_number)
        ) \(.clustered)
        """
    )

    private static let mark = Migration(
        "objectstore 0004 mark",
        "CREATE TABLE object_store_mark (mark \(.text) NOT NULL PRIMARY KEY)"
    )
}
