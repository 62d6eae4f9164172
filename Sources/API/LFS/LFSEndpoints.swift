import Accounts
import Core
package import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
package import ObjectStore
package import Repositories

/// Git LFS, as `git lfs` speaks it: which large files there are, their bytes, and locks.
///
/// Bytes go to and from addresses of the same repository, so that a client shows what it has shown to ask for them.
///
/// - Source: `docs/api` of git-lfs 3: `batch.md`, `basic-transfers.md`, `locking.md`.
package struct LFSEndpoints: Sendable {
    let repositories: Repositories
    let files: FileStore

    /// - Parameters:
    ///   - repositories: What is served.
    ///   - files: Where the bytes are kept.
    /// - Returns: The rows of the table.
    package static func all(_ repositories: Repositories, files: FileStore) -> [Endpoint] {
        let lfs = LFSEndpoints(repositories: repositories, files: files)
        return [
            // One row answers for both directions, and its right is that of the lesser.
            .lfs(.post, "objects/batch", needs: .read, lfs.batch),
            .lfs(.get, "objects/:oid", needs: .read, lfs.download),
            .lfs(.put, "objects/:oid", needs: .write, lfs.upload),
            .lfs(.post, "verify", needs: .write, lfs.verify),
            .lfs(.post, "locks", needs: .write, lfs.lock),
            .lfs(.get, "locks", needs: .read, lfs.listLocks),
            .lfs(.post, "locks/verify", needs: .write, lfs.verifyLocks),
            .lfs(.post, "locks/:id/unlock", needs: .write, lfs.unlock),
        ]
    }

    private func store(for call: Call) -> LargeFileStore {
        repositories.largeFiles(in: files, for: call.caller)
    }

    private func batch(_ call: Call) async throws -> Answer {
        let request = try LFSBatch(try await call.lfsMessage())
        if request.direction == .upload { try call.access.requireWriting() }
        let known = try await store(for: call).find(request.objects.compactMap(\.hash))
        let links = LFSLinks(
            base: "\(try call.origin())\(call.request.uri.path.dropLast("/objects/batch".count))",
            // What was given over SSH, the client shows only where it is told to.
            authorization: call.access.identity.means == .largeFilePass
                ? call.request.headers[.authorization] : nil
        )
        return .lfs { json in
            json.field("transfer", "basic")
            json.array("objects") { json in
                for object in request.objects {
                    let file = object.hash.flatMap { known[$0] }
                    json.object { object.write(request.direction, file, links, to: &$0) }
                }
            }
            json.field("hash_algo", "sha256")
        }
    }

    private func download(_ call: Call) async throws -> Answer {
        let store = store(for: call)
        let file = try await store.get(try call.hash())
        let download = Download(
            name: file.hash.hex,
            hash: file.hash,
            sizeBytes: file.sizeBytes,
            modifiedMs: file.storedMs
        )
        return try await call.answer(download) { try await store.open(file) }
    }

    private func upload(_ call: Call) async throws -> Answer {
        try await store(for: call).put(call.wholeBody, hashed: try call.hash())
        return Answer(body: ResponseBody())
    }

    private func verify(_ call: Call) async throws -> Answer {
        let object = try LFSBatch.Object(try await call.lfsMessage())
        guard let hash = object.hash else { throw LFSBatch.Object.badID }
        let file = try await store(for: call).get(hash)
        guard file.sizeBytes == object.sizeBytes else { throw object.otherSize(than: file) }
        return .lfs { _ in }
    }
}

extension Call {
    fileprivate func hash() throws -> ContentHash {
        guard let hash = ContentHash(hex: parameter("oid")) else { throw LFSBatch.Object.badID }
        return hash
    }
}
