import Core
package import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
package import ObjectStore
import Tracking

/// Files of runs and models: the proxy that clients upload to and download from, and what MLflow's pages ask for.
///
/// - Source: MLflow 3, `mlflow/server/artifact_router.py` and the artifact handlers of `mlflow/server/handlers.py`.
package struct ArtifactEndpoints: Sendable {
    let store: FileStore
    let roots: ArtifactRoots
    let owners: ArtifactOwners

    package static func endpoints(
        store: FileStore,
        roots: ArtifactRoots,
        owners: ArtifactOwners
    ) -> [Endpoint] {
        let artifacts = ArtifactEndpoints(store: store, roots: roots, owners: owners)
        return [
            Endpoint(
                .get,
                "artifacts",
                in: .artifacts,
                needs: .read,
                touching: .listedFiles(owners),
                handler: artifacts.list
            ),
            Endpoint(
                .get,
                "artifacts/**",
                in: .artifacts,
                needs: .read,
                touching: .files(.read, owners),
                handler: artifacts.download
            ),
            Endpoint(
                .put,
                "artifacts/**",
                in: .artifacts,
                needs: .write,
                touching: .files(.update, owners),
                handler: artifacts.upload
            ),
            Endpoint(
                .delete,
                "artifacts/**",
                in: .artifacts,
                needs: .write,
                touching: .files(.delete, owners),
                handler: artifacts.delete
            ),
            Endpoint(
                .get,
                "presigned/**",
                in: .artifacts,
                needs: .read,
                touching: .files(.read, owners),
                handler: artifacts.presign
            ),
            Endpoint(
                .get,
                "artifacts/list",
                needs: .read,
                touching: .run(.read, owners.tracking),
                handler: artifacts.listRun
            ),
            Endpoint(
                .get,
                "logged-models/:model_id/artifacts/directories",
                needs: .read,
                touching: .loggedModel(.read, owners.tracking),
                handler: artifacts.listLoggedModel
            ),
            Endpoint(
                .get,
                "logged-models/:model_id/artifacts/files",
                in: .ajax2,
                needs: .read,
                touching: .loggedModel(.read, owners.tracking),
                handler: artifacts.downloadFromLoggedModel
            ),
            Endpoint(
                .get,
                "get-artifact",
                in: .service,
                needs: .read,
                touching: .reached,
                handler: artifacts.downloadFromRun
            ),
            Endpoint(
                .get,
                "model-versions/get-artifact",
                in: .service,
                needs: .read,
                touching: .reached,
                handler: artifacts.downloadFromVersion
            ),
            Endpoint(
                .post,
                "upload-artifact",
                in: .ajax2,
                needs: .write,
                touching: .uploadToRun(owners.tracking),
                handler: artifacts.uploadToRun
            ),
        ] + ArtifactUploads(store: store, owners: owners).endpoints
    }

    // MARK: The proxy

    private func list(_ call: Call) async throws -> Answer {
        let folder = try await call.message().folder("path")
        let entries = try await store.files(for: call.caller).list(folder)
        return await .page(capacityBytes: entries.count * 64) { $0.files(entries, below: nil) }
    }

    private func download(_ call: Call) async throws -> Answer {
        try await call.answer(ArtifactPath(call.rest), of: store.files(for: call.caller))
    }

    private func upload(_ call: Call) async throws -> Answer {
        _ = try await store.files(for: call.caller).put(call.wholeBody, at: ArtifactPath(call.rest))
        return Answer(body: ResponseBody())
    }

    private func delete(_ call: Call) async throws -> Answer {
        try await store.files(for: call.caller).delete(ArtifactPath(call.rest))
        return .empty
    }

    /// Downloads in parts go to the proxy itself; clients ask for another address only where `server-info` offers one.
    private func presign(_ call: Call) async throws -> Answer {
        _ = try ArtifactPath(call.rest)
        throw Failure(
            .notImplemented,
            "Multipart download is not supported for the current artifact repository"
        )
    }

    // MARK: By run and by model

    private func listRun(_ call: Call) async throws -> Answer {
        let message = try await call.message()
        let (id, folder) = (try message.requiredRunID(), try message.folder("path"))
        return try await list(folder, of: roots.run(id, call.caller), call)
    }

    private func listLoggedModel(_ call: Call) async throws -> Answer {
        let folder = try await call.message().folder("artifact_directory_path")
        return try await list(folder, of: roots.loggedModel(call.parameter("model_id"), call.caller), call)
    }

    private func list(_ folder: ArtifactPath?, of root: String, _ call: Call) async throws -> Answer {
        var entries: [Files.Entry] = []
        // What lies under a root of another scheme is the client's to list.
        if let path = ArtifactRoots.path(of: root) {
            let whole = try folder.map { try path.appending($0) } ?? path
            try await owners.require(.read, whole, for: call.caller)
            entries = try await store.files(for: call.caller).list(whole)
        }
        return await .page(capacityBytes: entries.count * 96 + 256) {
            $0.field("root_uri", root)
            $0.files(entries, below: folder)
        }
    }

    private func downloadFromRun(_ call: Call) async throws -> Answer {
        let query = call.query
        guard let text = query["path"] else { throw Failure.invalid("Request must specify path.") }
        let path = try ArtifactPath(text)
        let id = query["run_id"] ?? query["run_uuid"] ?? "None"
        return try await download(path, of: roots.run(id, call.caller), call)
    }

    private func downloadFromVersion(_ call: Call) async throws -> Answer {
        let query = call.query
        guard let text = query["path"] else { throw Failure.invalid("Request must specify path.") }
        let path = try ArtifactPath(text)
        let (name, version) = (query["name"] ?? "", query["version"] ?? "")
        let location = try await roots.modelVersion(name, version, call.caller)
        guard let (id, folder) = ArtifactRoots.run(in: location) else {
            return try await download(path, of: location, call)
        }
        let root = try await roots.run(id, call.caller)
        return try await download(path, of: folder.isEmpty ? root : "\(root)/\(folder)", call)
    }

    private func downloadFromLoggedModel(_ call: Call) async throws -> Answer {
        guard let text = call.query["artifact_file_path"], !text.isEmpty else {
            throw Failure(.badRequest, #"Request must include the "artifact_file_path" query parameter."#)
        }
        let path = try ArtifactPath(text)
        return try await download(path, of: roots.loggedModel(call.parameter("model_id"), call.caller), call)
    }

    private func download(_ path: ArtifactPath, of root: String, _ call: Call) async throws -> Answer {
        // Security: a root elsewhere is text to us; nothing is fetched from it (CVE-2023-1177, CVE-2024-6974).
        guard let root = ArtifactRoots.path(of: root) else {
            throw Failure.missing("No such artifact: '\(path)'")
        }
        let whole = try root.appending(path)
        try await owners.require(.read, whole, for: call.caller)
        return try await call.answer(whole, of: store.files(for: call.caller))
    }

    private func uploadToRun(_ call: Call) async throws -> Answer {
        let query = call.query
        guard let id = query["run_uuid"], !id.isEmpty else {
            throw Failure.invalid("Request must specify run_uuid.")
        }
        guard let text = query["path"], !text.isEmpty else {
            throw Failure.invalid("Request must specify path.")
        }
        let path = try ArtifactPath(text)
        let body = try await call.smallBody(limitBytes: Self.uploadLimitBytes)
        guard let root = ArtifactRoots.path(of: try await roots.run(id, call.caller)) else {
            throw Failure.invalid("The artifacts of run '\(id)' are not kept by this server.")
        }
        let whole = try root.appending(path)
        try await owners.require(.update, whole, for: call.caller)
        _ = try await store.files(for: call.caller).put(RequestBody(buffer: body), at: whole)
        return Answer(headers: [.contentType: "application/json"], body: ResponseBody())
    }

    private static let uploadLimitBytes = 10 << 20
}

extension Touches {
    /// The files in the folder of the field `path`.
    ///
    /// Security: the root of all folders names every experiment, and is nobody's alone.
    fileprivate static func listedFiles(_ owners: ArtifactOwners) -> Touches {
        .objects(readsBody: true) { call in
            guard let folder = try await call.message().folder("path") else {
                throw Failure(.permissionDenied, "Permission denied")
            }
            try await owners.require(.read, folder, for: call.caller)
        }
    }

    /// The run of the word `run_uuid` of the address; what lies where is checked when that is known.
    fileprivate static func uploadToRun(_ tracking: Tracking) -> Touches {
        .objects(readsBody: false) { call in
            guard let id = call.query["run_uuid"], !id.isEmpty else { return }
            try await tracking.runs(for: call.caller).require(.update, on: id)
        }
    }
}

extension Message {
    /// A folder that may be asked for with a slash at its end; nil for the root.
    fileprivate func folder(_ name: String) throws -> ArtifactPath? {
        guard var text = try string(name), !text.isEmpty else { return nil }
        if text.utf8.count > 1, text.hasSuffix("/") { text.removeLast() }
        return try ArtifactPath(text)
    }
}

extension Call {
    /// The body of `upload-artifact`.
    ///
    /// Security: a form, which a page elsewhere can make a browser send, is no data.
    fileprivate func smallBody(limitBytes: Int) async throws -> ByteBuffer {
        let tooLarge = Failure.invalid("Artifact size is too large. Max size is 10MB.")
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limitBytes {
            throw tooLarge
        }
        let type = request.headers[.contentType] ?? ""
        let isForm = ["application/x-www-form-urlencoded", "multipart/form-data"].contains {
            type.hasPrefix($0)
        }
        do {
            let body = try await request.body.collect(upTo: limitBytes)
            guard body.readableBytes > 0, !isForm else { throw Failure.invalid("Request must specify data.") }
            return body
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }
}

extension JSONWriter {
    /// An empty list is left out, and so is a size of 0, as protobuf does it.
    fileprivate mutating func files(_ entries: [Files.Entry], below folder: ArtifactPath?) {
        guard !entries.isEmpty else { return }
        array("files") { json in
            for entry in entries {
                json.object { json in
                    json.field("path", folder.map { "\($0.text)/\(entry.name)" } ?? entry.name)
                    json.field("is_dir", entry.isFolder)
                    if let size = entry.sizeBytes, size > 0 { json.field("file_size", size) }
                }
            }
        }
    }
}
