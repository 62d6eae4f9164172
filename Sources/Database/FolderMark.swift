import Core

/// A word of the database that is also written beside files which its rows know.
///
/// What rows do not know is freed, and what they know is served, so that rows and files of two servers must never meet.
package struct FolderMark: Sendable {
    private let table: SQL
    private let known: SQL

    /// - Parameters:
    ///   - table: Where the word stands, in the only row of its column `mark`.
    ///   - known: A query that has a row where the database knows of a file in the folder.
    package init(table: SQL, known: SQL) {
        self.table = table
        self.known = known
    }

    /// The word; nil for a database with which no server has kept files yet.
    package func word(in connection: any Connection) throws -> String? {
        try connection.first("SELECT mark FROM \(table)") { $0.text(0) }
    }

    /// Whether rows know of files that are in the folder and nowhere else.
    package func knowsFiles(in connection: any Connection) throws -> Bool {
        try connection.first(known) { _ in true } ?? false
    }

    /// Puts a new word in the place of the one before.
    package func renew(in connection: any Connection) throws -> String {
        let word = RandomID.hexadecimal()
        try connection.execute("DELETE FROM \(table)")
        try connection.execute("INSERT INTO \(table) (mark) VALUES (\(word))")
        return word
    }
}
