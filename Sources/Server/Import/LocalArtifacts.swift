import API
import FoundationEssentials
import ObjectStore

/// Finds on this machine the artifacts that the addresses in a database or a folder name.
struct LocalArtifacts: Sendable {
    /// Where the person says that all artifacts lie (`--artifacts`).
    let folder: String?
    /// What relative addresses are relative to.
    let base: String

    func find(_ owner: ArtifactOwner) -> SourceArtifacts {
        if let own = owner.folder, isFolder(own) { return .folder(own) }
        if let path = ArtifactRoots.path(of: owner.uri) {
            guard let folder else {
                return .unknown("give the folder of the server's artifacts with --artifacts")
            }
            return .folder(folder + "/" + path.text)
        }
        guard let path = LocalPath.path(of: owner.uri) else {
            return .elsewhere(scheme: String(owner.uri.prefix { $0 != ":" }))
        }
        return .folder(local(path, owner))
    }

    /// The folder of a path, or its twin below the folder that the person named.
    private func local(_ path: String, _ owner: ArtifactOwner) -> String {
        let plain = path.hasPrefix("/") ? path : base + "/" + path
        guard let folder else { return plain }
        let twin = folder + "/" + path.split(separator: "/").suffix(owner.depth).joined(separator: "/")
        return !isFolder(twin) && isFolder(plain) ? plain : twin
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
