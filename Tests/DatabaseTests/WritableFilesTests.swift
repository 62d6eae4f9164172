import Database
import Glibc
import TestSupport
import Testing

@Suite struct WritableFilesTests {
    /// A start that could not write the database left a `-shm` that could not be written either.
    ///
    /// The next start blamed the database for it. Root may write everything.
    @Test(.enabled(if: geteuid() != 0), arguments: ["", "-wal", "-shm"])
    func `the file that cannot be written is named, and nothing is left behind`(ending: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/roost.db"
        let database = try SQLiteDatabase(path: path)
        try await database.write { _ = try $0.execute("CREATE TABLE t (a BIGINT)") }
        try await database.close()
        let file = path + ending
        let made = open(file, O_WRONLY | O_CREAT, 0o600)
        close(made)
        chmod(file, 0o400)

        let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: path) }

        #expect(error?.message == "\(file) cannot be written by this user (Permission denied)")
        if ending != "-shm" { #expect(access(path + "-shm", F_OK) != 0) }
        chmod(file, 0o600)
        try await SQLiteDatabase(path: path).close()
        try folder.remove()
    }
}
