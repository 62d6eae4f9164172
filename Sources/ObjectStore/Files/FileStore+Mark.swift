package import Database

extension FileStore {
    /// What tells whether a folder of objects is that of a database.
    package static let mark = FolderMark(
        table: "object_store_mark",
        known: "SELECT 1 FROM objects WHERE nonce IS NOT NULL AND reference_count > 0 LIMIT 1"
    )
}
