import Core
import HTTP
import HTTPTypes
import Hummingbird
import ObjectStore

/// Uploads in parts: a client asks for an address for each part, sends the parts there at the same time, and has the file
/// put together.
///
/// - Source: MLflow 3, `HttpArtifactRepository._try_multipart_upload`; `CreateMultipartUpload` and its kin in
///   `mlflow_artifacts.proto`.
struct ArtifactUploads: Sendable {
    let store: FileStore
    let owners: ArtifactOwners

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "mpu/create/**",
                in: .artifacts,
                needs: .write,
                touching: .upload(owners),
                handler: create
            ),
            Endpoint(
                .post,
                "mpu/complete/**",
                in: .artifacts,
                needs: .write,
                touching: .upload(owners),
                handler: complete
            ),
            Endpoint(
                .post,
                "mpu/abort/**",
                in: .artifacts,
                needs: .write,
                touching: .upload(owners),
                handler: abort
            ),
            // Security: clients send parts without saying who they are; whoever knows the id of the upload may.
            Endpoint(
                .put,
                "mpu/parts/:upload/:number",
                in: .artifacts,
                needs: .open,
                touching: .nothing,
                handler: putPart
            ),
        ]
    }

    private func create(_ call: Call) async throws -> Answer {
        let message = try await call.message()
        let path = try call.target(message)
        let count = try message.integer("num_parts") ?? 1
        let id = try await store.files(for: call.caller).createUpload(to: path, partCount: count)
        let address = try call.partAddress(of: id)
        return await .page(capacityBytes: Int(count) * 160) { json in
            json.field("upload_id", id.text)
            json.array("credentials") { json in
                for number in 1...count {
                    json.object { json in
                        json.field("url", "\(address)/\(number)")
                        json.field("part_number", number)
                    }
                }
            }
        }
    }

    private func complete(_ call: Call) async throws -> Answer {
        let message = try await call.message()
        let path = try call.target(message)
        guard try message.has("parts") else { throw message.missing("parts") }
        let parts = try message.messages("parts").map { part in
            (number: try part.requiredInteger("part_number"), tag: try part.string("etag") ?? "")
        }
        try await store.files(for: call.caller).completeUpload(try message.uploadID(), to: path, parts: parts)
        return .empty
    }

    private func abort(_ call: Call) async throws -> Answer {
        let message = try await call.message()
        let path = try call.target(message)
        try await store.files(for: call.caller).abortUpload(try message.uploadID(), to: path)
        return .empty
    }

    private func putPart(_ call: Call) async throws -> Answer {
        guard let id = UploadID(call.parameter("upload")), let number = Int64(call.parameter("number")) else {
            throw Failure.missing("No such part of a multipart upload.")
        }
        let tag = try await store.putPart(
            call.wholeBody,
            number: number,
            of: id,
            sizeBytes: call.request.headers[.contentLength].flatMap { Int64($0) }
        )
        return Answer(headers: [.eTag: "\"\(tag)\""], body: ResponseBody())
    }
}

extension Touches {
    /// The file that is uploaded to.
    fileprivate static func upload(_ owners: ArtifactOwners) -> Touches {
        .objects(readsBody: true) { call in
            try await owners.require(.update, call.target(call.message()), for: call.caller)
        }
    }
}

extension Call {
    /// The path that is uploaded to: the folder of the address, and the name of the client's file, whose path is its own.
    fileprivate func target(_ message: Message) throws -> ArtifactPath {
        let file = try message.requiredString("path")
        let folder = try ArtifactPath(rest)
        guard let name = file.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last else {
            throw ArtifactPath.refusal
        }
        return try folder.appending(ArtifactPath(String(name)))
    }

    /// Where the parts of an upload are sent: beside the address that was asked, as the client calls this server.
    fileprivate func partAddress(of id: UploadID) throws -> String {
        guard let end = request.uri.path.firstRange(of: "/mpu/")?.upperBound else {
            preconditionFailure("the path of this endpoint has /mpu/")
        }
        return "\(try origin())\(request.uri.path[..<end])parts/\(id.text)"
    }
}

extension Message {
    fileprivate func uploadID() throws -> UploadID {
        let text = try requiredString("upload_id")
        guard let id = UploadID(text) else {
            throw Failure.missing("The multipart upload '\(text)' is not under way.")
        }
        return id
    }
}
