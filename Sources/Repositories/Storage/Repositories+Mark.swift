package import Database

extension Repositories {
    /// What tells whether a folder of repositories is that of a database.
    package static let mark = FolderMark(
        table: "repository_store_mark",
        known: "SELECT 1 FROM git_refs LIMIT 1"
    )
}
