import Core
internal import Database

/// A word of the database that is also written beside the objects which it knows: what is freed is what no row knows, so
/// that the rows of another database must never be asked.
extension FileStore {
    /// The word; nil for a database with which no server has kept objects yet.
    package func mark() async throws -> String? {
        try await database.read { try $0.first("SELECT mark FROM object_store_mark") { $0.text(0) } }
    }

    /// The word, which is made where there is none.
    package func makeMark() async throws -> String {
        if let mark = try await mark() { return mark }
        return try await database.write { connection in
            // Of servers that start at the same time one makes it.
            try connection.lock("mark of the object store")
            let found = try connection.first("SELECT mark FROM object_store_mark") { $0.text(0) }
            if let found { return found }
            let mark = RandomID.hexadecimal()
            try connection.execute("INSERT INTO object_store_mark (mark) VALUES (\(mark))")
            return mark
        }
    }
}
