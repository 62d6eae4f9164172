import Core
import NIOCore
import ObjectStore
import Registry
import Tracking

/// The files of a version, as far as this server keeps them.
struct VersionFolder: Sendable {
    let files: [VersionFile]
    /// Whether there are too many to list.
    let isCut: Bool
    /// What MLflow wrote of the model; nil where it is not there.
    let model: MLmodelFile?
    /// What it needs, by the name of the file.
    let requirements: String?

    struct VersionFile: Sendable, Hashable {
        /// Below the folder of the version.
        let path: String
        let sizeBytes: Int64
        /// SHA-256 in hexadecimal.
        let hash: String
    }

    private static let mostFiles = 1_000
    private static let textLimitBytes = 256 << 10

    /// Nil where the files lie elsewhere.
    static func load(_ version: ModelVersion, _ visit: Visit, _ web: Web) async throws -> VersionFolder? {
        guard let store = web.files,
            let folder = try await path(of: version.storageLocation, visit, web.tracking)
        else { return nil }
        let files = store.files(for: visit.caller)
        let found = try await list(folder, files)
        return VersionFolder(
            files: found?.map {
                VersionFile(path: below(folder, $0), sizeBytes: $0.sizeBytes, hash: $0.hash.hex)
            } ?? [],
            isCut: found == nil,
            model: try await text("MLmodel", in: folder, files).map(MLmodelFile.init),
            requirements: try await text("requirements.txt", in: folder, files)
        )
    }

    /// Nil where there are too many.
    private static func list(_ folder: ArtifactPath, _ files: Files) async throws -> [File]? {
        do {
            return try await files.tree(folder, limit: mostFiles)
        } catch let failure as Failure where failure.code == .tooLarge {
            return nil
        }
    }

    private static func below(_ folder: ArtifactPath, _ file: File) -> String {
        file.path == folder ? folder.name : String(file.path.text.dropFirst(folder.text.count + 1))
    }

    private static func text(
        _ name: String,
        in folder: ArtifactPath,
        _ files: Files
    ) async throws -> String? {
        guard let file = try await files.find(folder.appending(ArtifactPath(name))),
            file.sizeBytes <= textLimitBytes
        else { return nil }
        var bytes: [UInt8] = []
        do {
            let content = try await files.open(file)
            try await content.forEachPiece(of: 0..<content.sizeBytes) { bytes += $0.readableBytesView }
        } catch is MissingObject {
            return nil
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The folder in this server's store that an address names: one of the store itself, or of a run of this workspace.
    ///
    /// Security: whatever host an address names, it is read as a path of the caller's own tree and of nothing else.
    static func path(
        of location: String,
        _ visit: Visit,
        _ tracking: Tracking
    ) async throws -> ArtifactPath? {
        let scheme = "runs:/"
        guard location.hasPrefix(scheme) else { return storePath(of: location) }
        let parts = location.dropFirst(scheme.count).drop { $0 == "/" }.split(separator: "/", maxSplits: 1)
        guard let id = parts.first else { return nil }
        do {
            let root = try await tracking.runs(for: visit.caller).get(String(id)).info.artifactURI
            guard let folder = storePath(of: root) else { return nil }
            return parts.count == 2 ? try folder.appending(ArtifactPath(String(parts[1]))) : folder
        } catch let failure as Failure where [.missing, .invalidParameter].contains(failure.code) {
            return nil
        }
    }

    /// The path that `mlflow-artifacts:/…` names; nil for other addresses.
    static func storePath(of address: String) -> ArtifactPath? {
        let scheme = "mlflow-artifacts:"
        guard address.hasPrefix(scheme) else { return nil }
        var path = address.dropFirst(scheme.count)
        if path.hasPrefix("//") { path = path.dropFirst(2).drop { $0 != "/" } }
        return try? ArtifactPath(String(path.drop { $0 == "/" }))
    }
}
