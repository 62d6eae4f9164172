import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Server

@Suite struct KeyFileTests {
    @Test func `a key is made once, for its owner alone`() throws {
        try withFolder { folder in
            let path = folder + "/data/webhook-secrets.key"

            let keys = try KeyFile(path).readOrMake()

            #expect(keys.map(\.count) == [32])
            #expect(try KeyFile(path).readOrMake() == keys)
            #expect(try KeyFile(path).read() == keys)
            #expect(try KeyFile(folder + "/other.key").readOrMake() != keys)
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

        let keys = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 { group.addTask { try KeyFile(path).readOrMake() } }
            return try await group.reduce(into: Set<[[UInt8]]>()) { $0.insert($1) }
        }

        #expect(keys.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        try folder.remove()
    }

    @Test(arguments: [
        (32, 0o644, "can be read by others: chmod 600 it."),
        (32, 0o660, "can be read by others: chmod 600 it."),
        (31, 0o600, Self.wrongLength), (33, 0o600, Self.wrongLength), (0, 0o600, Self.wrongLength),
        (17 * 32, 0o600, Self.wrongLength),
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

            let error = #expect(throws: SettingError.self) { try KeyFile(path).read() }
            #expect(error?.description == "The key \(path) \(words)")
        }
    }

    @Test func `a key that is gone is told and not made anew`() throws {
        try withFolder { folder in
            let path = folder + "/a.key"
            let error = #expect(throws: SettingError.self) { try KeyFile(path).read() }
            #expect(error?.description == "The key \(path) cannot be read: No such file or directory.")
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `several keys are kept in their order, and only one process replaces them`() async throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(folder.path + "/a.key")
        let keys = (1...3).map { [UInt8](repeating: $0, count: 32) }

        try await file.alone {
            try file.replace(with: keys)
            let error = await #expect(throws: SettingError.self) { try await file.alone {} }
            #expect(error?.description == "The key \(file.path) is being replaced by another process.")
        }

        #expect(try file.read() == keys)
        try await file.alone { try file.replace(with: Array(keys.prefix(1))) }
        #expect(try file.readOrMake() == [keys[0]])
        try folder.remove()
    }

    private static let wrongLength = "is not 32 bytes long, or 32 for each of several keys."

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try body(folder.path)
        try folder.remove()
    }
}
