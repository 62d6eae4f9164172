import Core
import Database
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite struct FileModeTests {
    /// The folder is one that was there before, which others may enter.
    @Test func `only its owner may read a new file and what lies beside it`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/roost.db"
        let database = try SQLiteDatabase(path: path)
        try await database.write { _ = try $0.execute("CREATE TABLE t (a BIGINT)") }

        for end in ["", "-wal", "-shm"] {
            var status = stat()
            #expect(stat(path + end, &status) == 0 && status.st_mode & 0o777 == 0o600, "\(end)")
        }
        try await database.close()
        try folder.remove()
    }
}

@Suite struct CheckpointTests {
    @Test func `what was written is in the file itself once nothing more is written`() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.path + "/roost.db")
        try await database.write { connection in
            try connection.execute("CREATE TABLE t (a BIGINT)")
            try connection.execute("INSERT INTO t (a) VALUES (7)")
        }

        // A copy without the log beside it.
        var value: Int64?
        for number in 0..<100 where value == nil {
            try await Task.sleep(for: .milliseconds(100))
            let path = folder.path + "/copy\(number).db"
            try FileManager.default.copyItem(atPath: folder.path + "/roost.db", toPath: path)
            let copy = try SQLiteDatabase(path: path)
            value = try? await copy.read { try $0.first("SELECT a FROM t") { $0.int(0) } }
            try await copy.close()
        }

        #expect(value == 7)
        try await database.close()
        try folder.remove()
    }
}
