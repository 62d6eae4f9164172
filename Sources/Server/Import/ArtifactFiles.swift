import Foundation
import MLflowClient
import NIOCore
import NIOPosix
import ObjectStore

/// A file of a source on its way here.
struct SourceFile: Sendable {
    enum Place: Sendable {
        case local(path: String)
        case server(MLflowClient, MLflowClient.ArtifactRoot)
    }

    /// Below the root of its owner.
    let path: String
    let sizeBytes: Int64?
    let place: Place
}

extension SourceArtifacts {
    /// Goes through all files, folder by folder; what cannot be read is told to `missed`.
    func forEachFile(
        _ body: (SourceFile) async throws -> Void,
        missed: (_ path: String, _ reason: String) -> Void
    ) async throws {
        switch self {
        case .folder(let folder): try await Self.walk(folder, body, missed)
        case .server(let client, let root): try await Self.walk(client, root, body)
        case .elsewhere, .unknown, .nowhere: return
        }
    }

    private static func walk(
        _ root: String,
        _ body: (SourceFile) async throws -> Void,
        _ missed: (String, String) -> Void
    ) async throws {
        var folders = [""]
        while let folder = folders.popLast() {
            let entries = try await NIOThreadPool.singleton.runIfActive {
                try Self.entries(of: root, folder)
            }
            for entry in entries {
                switch entry.kind {
                case .file(let sizeBytes):
                    let place = SourceFile.Place.local(path: root + "/" + entry.path)
                    try await body(SourceFile(path: entry.path, sizeBytes: sizeBytes, place: place))
                case .folder: folders.append(entry.path)
                // Security: a link may lead out of the artifacts, to whatever this user may read.
                case .other: missed(entry.path, "it is neither a file nor a folder")
                }
            }
        }
    }

    private struct Entry: Sendable {
        enum Kind: Sendable {
            case file(sizeBytes: Int64)
            case folder
            case other
        }

        let path: String
        let kind: Kind
    }

    /// A folder that is not there has no entries: MLflow makes it when the first file comes.
    private static func entries(of root: String, _ folder: String) throws -> [Entry] {
        let place = folder.isEmpty ? root : root + "/" + folder
        guard FileManager.default.fileExists(atPath: place) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: place).sorted().map { name in
            let path = folder.isEmpty ? name : folder + "/" + name
            let attributes = try FileManager.default.attributesOfItem(atPath: root + "/" + path)
            let kind: Entry.Kind =
                switch attributes[.type] as? FileAttributeType {
                case .typeRegular: .file(sizeBytes: (attributes[.size] as? NSNumber)?.int64Value ?? 0)
                case .typeDirectory: .folder
                default: .other
                }
            return Entry(path: path, kind: kind)
        }
    }

    private static func walk(
        _ client: MLflowClient,
        _ root: MLflowClient.ArtifactRoot,
        _ body: (SourceFile) async throws -> Void
    ) async throws {
        var folders: [String?] = [nil]
        while let folder = folders.popLast() {
            for entry in try await client.artifacts(in: folder, of: root) {
                if entry.isFolder {
                    folders.append(entry.path)
                } else {
                    let place = SourceFile.Place.server(client, root)
                    try await body(SourceFile(path: entry.path, sizeBytes: entry.sizeBytes, place: place))
                }
            }
        }
    }
}
