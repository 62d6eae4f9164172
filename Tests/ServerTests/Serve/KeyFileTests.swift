import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Server

@Suite struct KeyFileTests {
    @Test func `a key is made once, for its owner alone`() throws {
        try withFolder { folder in
            let path = folder + "/data/webhook-secrets.key"

            let key = try KeyFile.read(path)

            #expect(key.count == 32)
            #expect(try KeyFile.read(path) == key)
            #expect(try KeyFile.read(folder + "/other.key") != key)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/data").count == 1)
        }
    }

    @Test func `a draft that a crash has left is not in the way, and all who start at once get one key`()
        async throws
    {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.key"
        #expect(FileManager.default.createFile(atPath: "\(path).\(getpid())", contents: Data()))

        let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try KeyFile.read(path) } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }

        #expect(keys.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        try folder.remove()
    }

    @Test(arguments: [
        (32, 0o644, "can be read by others: chmod 600 it."),
        (32, 0o660, "can be read by others: chmod 600 it."),
        (31, 0o600, "is not 32 bytes long."), (33, 0o600, "is not 32 bytes long."),
        (0, 0o600, "is not 32 bytes long."),
    ])
    func `a key that others can read or that is none is refused`(
        lengthBytes: Int,
        permissions: Int,
        words: String
    ) throws {
        try withFolder { folder in
            let path = folder + "/a.key"
            let isMade = FileManager.default.createFile(
                atPath: path,
                contents: Data(repeating: 1, count: lengthBytes),
                attributes: [.posixPermissions: permissions]
            )
            #expect(isMade)

            let error = #expect(throws: SettingError.self) { try KeyFile.read(path) }
            #expect(error?.description == "The key \(path) \(words)")
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try body(folder.path)
        try folder.remove()
    }
}
