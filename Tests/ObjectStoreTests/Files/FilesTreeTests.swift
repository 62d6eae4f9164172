import Core
import Database
import Foundation
import TestSupport
import Testing

@testable import ObjectStore

@Suite struct FilesTreeTests {
    @Test(arguments: Backend.available)
    func `a tree is every file below a folder by path, or the file itself`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            for path in ["m/MLmodel", "m/code/a.py", "m/code.py", "m0/x", "l"] {
                try await files.put([1], path)
            }

            let tree = try await files.tree(ArtifactPath("m"), limit: 3).map(\.path.text)

            #expect(tree == ["m/MLmodel", "m/code.py", "m/code/a.py"])
            #expect(
                try await files.tree(ArtifactPath("m/MLmodel"), limit: 3).map(\.path.text) == ["m/MLmodel"]
            )
            #expect(try await files.tree(ArtifactPath("n"), limit: 3).isEmpty)
            let failure = await #expect(throws: Failure.self) {
                try await files.tree(ArtifactPath("m"), limit: 2)
            }
            #expect(failure?.code == .tooLarge)
        }
    }

    @Test(arguments: Backend.available)
    func `a folder has another pulse once something in it is another`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let folder = try ArtifactPath("run/artifacts")
            #expect(try await files.pulse(below: folder) == (0, 0, 0))
            try await files.put([1, 2], "run/artifacts/a")
            try await files.put([1, 2, 3], "run/artifacts/deep/b")
            try await files.put([1], "run/artifacts2/c")
            let two = try await files.pulse(below: folder)
            #expect((two.files, two.bytes) == (2, 5))
            #expect(two.lastMs > 0)

            try await files.put([1], "run/artifacts/a")
            #expect(try await files.pulse(below: folder).bytes == 4)
        }
    }

    @Test(arguments: Backend.available, [10, 200_000])
    func `a hash is that of the bytes which are stored now`(on backend: Backend, count: Int) async throws {
        try await withFiles(on: backend) { files, root in
            let file = try await files.put([UInt8](repeating: 7, count: count), "f")
            #expect(try await files.rehash(file) == file.hash)

            try await files.change(file, below: root) { $0[0] = 8 }
            let changed = try #require(try await files.rehash(file))
            #expect(changed != file.hash)
            try await files.change(file, below: root) { $0.removeLast() }
            #expect(try await files.rehash(file) == nil)
        }
    }
}

extension Files {
    /// Does to stored bytes what only somebody with the disk or the database can do.
    fileprivate func change(_ file: File, below root: String, _ body: (inout [UInt8]) -> Void) async throws {
        var bytes = try await bytes(of: file)
        body(&bytes)
        guard let location = file.location else {
            let content = bytes
            return try await store.database.write { connection in
                _ = try connection.execute("UPDATE object_contents SET content = \(content)")
            }
        }
        let url = URL(fileURLWithPath: "\(root)/objects/\(location.shard)/\(location.name)")
        try Data(bytes).write(to: url)
    }
}
