import Core
import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite
struct ForeignSQLiteTests {
    @Test func `a foreign file is read and never written`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/theirs.db"
        let owner = try SQLiteDatabase(path: path)
        try await owner.write { connection in
            try connection.execute("CREATE TABLE t (a BIGINT)")
            try connection.execute("INSERT INTO t (a) VALUES (7)")
        }
        try await owner.close()

        let foreign = try ForeignSQLite(path: path)
        let value = try await foreign.read { try $0.first("SELECT a FROM t") { $0.int(0) } }
        await #expect(throws: DatabaseError.self) {
            try await foreign.read { _ = try $0.execute("INSERT INTO t (a) VALUES (8)") }
        }
        try await foreign.close()

        #expect(value == 7)
        try folder.remove()
    }

    @Test func `a missing file and a file that is no database are refused`() throws {
        let folder = try TemporaryFolder()
        try "not a database, but long enough to look at".write(
            toFile: folder.path + "/text",
            atomically: false,
            encoding: .utf8
        )

        for name in ["missing", "text"] {
            #expect(throws: DatabaseError.self) { try ForeignSQLite(path: folder.path + "/" + name) }
        }

        #expect(!FileManager.default.fileExists(atPath: folder.path + "/missing"))
        try folder.remove()
    }
}
