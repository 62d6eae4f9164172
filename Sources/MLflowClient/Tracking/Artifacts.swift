internal import AsyncHTTPClient
public import NIOCore
extension MLflowClient {
    /// Where files are asked for.
    public enum ArtifactRoot: Sendable, Hashable {
        /// The files of a run, wherever the server keeps them.
        case run(id: String)
        /// The files of a logged model, wherever the server keeps them.
        case loggedModel(id: String)
        /// A folder of the server's artifact proxy: what follows `mlflow-artifacts:/`.
        case proxy(folder: String)
    }

    /// A file or a folder of artifacts.
    public struct ArtifactEntry: Sendable, Hashable {
        /// Below the root, with slashes between the steps.
        public let path: String
        public let isFolder: Bool
        /// nil for a folder, and where the server does not tell.
        public let sizeBytes: Int64?
    }

    /// The bytes of an artifact, piece by piece as they come; it can be gone through once.
    public struct ArtifactDownload: AsyncSequence, Sendable {
        let body: HTTPClientResponse.Body

        public func makeAsyncIterator() -> Iterator { Iterator(iterator: body.makeAsyncIterator()) }

        /// Goes through the bytes; the next are asked for when they are needed.
        public struct Iterator: AsyncIteratorProtocol {
            var iterator: HTTPClientResponse.Body.AsyncIterator

            public mutating func next() async throws -> ByteBuffer? { try await iterator.next() }
        }
    }
}

extension MLflowClient {
    /// What lies in a folder of artifacts, in the server's order; nothing where there is no such folder.
    ///
    /// - Parameters:
    ///   - folder: Below the root; nil for the root.
    ///   - root: Whose files.
    /// - Returns: Files and folders with their paths below the root.
    /// - Throws: ``MLflowError``.
    public func artifacts(in folder: String? = nil, of root: ArtifactRoot) async throws -> [ArtifactEntry] {
        let call = listCall(folder, of: root)
        let answer: ListAnswer = try await get(call.path, call.query)
        return answer.files.map { file in
            // The proxy names files relative to the folder, the other calls relative to the root.
            let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
            return ArtifactEntry(
                path: folder.map { $0 + "/" + name } ?? name,
                isFolder: file.isFolder,
                sizeBytes: file.isFolder ? nil : file.sizeBytes
            )
        }
    }

    /// Begins to download a file.
    ///
    /// - Parameters:
    ///   - path: Below the root.
    ///   - root: Whose file.
    /// - Returns: Its bytes as they come.
    /// - Throws: ``MLflowError``; going through the bytes throws where the connection breaks.
    public func download(_ path: String, of root: ArtifactRoot) async throws -> ArtifactDownload {
        let call = downloadCall(path, of: root)
        return ArtifactDownload(body: try await stream(call.path, call.query))
    }

    private func listCall(_ folder: String?, of root: ArtifactRoot) -> (path: String, query: [Parameter]) {
        switch root {
        case .run(let id):
            ("/api/2.0/mlflow/artifacts/list", [("run_id", id)] + (folder.map { [("path", $0)] } ?? []))
        case .loggedModel(let id):
            (
                "/api/2.0/mlflow/logged-models/\(PercentEncoding.encoded(id))/artifacts/directories",
                folder.map { [("artifact_directory_path", $0)] } ?? []
            )
        case .proxy(let base):
            (
                "/api/2.0/mlflow-artifacts/artifacts",
                [("path", [base, folder].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "/"))]
            )
        }
    }

    private func downloadCall(_ path: String, of root: ArtifactRoot) -> (path: String, query: [Parameter]) {
        switch root {
        case .run(let id): ("/get-artifact", [("run_id", id), ("path", path)])
        case .loggedModel(let id):
            (
                "/ajax-api/2.0/mlflow/logged-models/\(PercentEncoding.encoded(id))/artifacts/files",
                [("artifact_file_path", path)]
            )
        case .proxy(let base):
            (
                "/api/2.0/mlflow-artifacts/artifacts/"
                    + PercentEncoding.encoded(base.isEmpty ? path : base + "/" + path, keepingSlashes: true),
                []
            )
        }
    }

    private struct ListAnswer: Decodable {
        struct File: Decodable {
            let path: String
            let isFolder: Bool
            let sizeBytes: Int64?

            enum CodingKeys: String, CodingKey {
                case path
                case isFolder = "is_dir"
                case sizeBytes = "file_size"
            }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                path = try container.text(.path)
                isFolder = try container.decodeIfPresent(Bool.self, forKey: .isFolder) ?? false
                sizeBytes = try container.integer(.sizeBytes)
            }
        }

        let files: [File]

        enum CodingKeys: String, CodingKey {
            case files
        }

        init(from decoder: any Decoder) throws {
            files = try decoder.container(keyedBy: CodingKeys.self).list(.files)
        }
    }
}
