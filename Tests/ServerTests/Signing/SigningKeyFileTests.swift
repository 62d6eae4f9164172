import Core
import FoundationEssentials
import Glibc
import Registry
import TestSupport
import Testing

@testable import Server

@Suite struct SigningKeyFileTests {
    @Test func `a key is made once, for its owner only, and read again`() throws {
        try withFile { file, folder in
            #expect(try file.read() == nil)
            let key = try file.readOrMake()

            #expect(try file.readOrMake().publicKey == key.publicKey)
            #expect(try file.read()?.publicKey == key.publicKey)
            var status = stat()
            #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["signing-key.pem"])
        }
    }

    @Test func `all who start at once sign with the key that lies there`() async throws {
        let folder = try TemporaryFolder()
        let file = SigningKeyFile(path: folder.path + "/signing-key.pem")

        let keys = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try file.readOrMake().publicKey.id } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }

        #expect(try keys == [#require(try file.read()).publicKey.id])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["signing-key.pem"])
        try folder.remove()
    }

    @Test func `a key is replaced`() throws {
        try withFile { file, _ in
            let (old, new) = (try file.readOrMake(), SigningKey())
            try file.replace(with: new)

            #expect(try file.read()?.publicKey == new.publicKey)
            #expect(old.publicKey != new.publicKey)
        }
    }

    @Test func `a key that others may read, and a file that is no key, are refused`() throws {
        try withFile { file, _ in
            _ = try file.readOrMake()
            chmod(file.path, 0o640)
            let open = SettingError(
                "The signing key \(file.path) can be read by others: chmod 600 it, or make a new one."
            )
            #expect(throws: open) { try file.read() }
            try Data("no key".utf8).write(to: URL(filePath: file.path))
            chmod(file.path, 0o600)
            let useless = SettingError(
                "The signing key \(file.path) is of no use: It is no Ed25519 key in PEM (PKCS #8)."
            )
            #expect(throws: useless) { try file.read() }
        }
    }

    private func withFile(_ body: (SigningKeyFile, String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        let keys = folder.path + "/keys"
        try body(SigningKeyFile(path: keys + "/signing-key.pem"), keys)
        try folder.remove()
    }
}
