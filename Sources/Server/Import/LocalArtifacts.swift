import API
import FoundationEssentials
import ObjectStore

/// Finds on this machine the artifacts that the addresses in a database or a folder name.
struct LocalArtifacts: Sendable {
    /// Where the person says that all artifacts lie (`--artifacts`).
    let folder: String?
    /// What relative addresses are relative to.
    let base: String
    /// Where `mlflow server` keeps artifacts unless it is told otherwise, if that is there.
    var serverFolder: String?

    /// The address decides: MLflow's file store makes its own folder for a run, also where the files lie elsewhere.
    func find(_ owner: ArtifactOwner) -> SourceArtifacts {
        guard !owner.uri.isEmpty else { return owner.folder.map(SourceArtifacts.folder) ?? .nowhere }
        if let path = ArtifactRoots.path(of: owner.uri) {
            if let own = owner.folder, hasEntries(own) { return .folder(own) }
            guard let folder = folder ?? serverFolder else {
                return .unknown("give the folder of the server's artifacts with --artifacts")
            }
            return .folder(folder + "/" + path.text)
        }
        guard let path = LocalPath.path(of: owner.uri) else {
            return .elsewhere(scheme: String(owner.uri.prefix { $0 != ":" }))
        }
        return .folder(local(path, owner))
    }

    /// As `find`, and tells where the files of a server are taken from though nobody said it.
    func find(_ owner: ArtifactOwner, tellingIn report: ImportReport) -> SourceArtifacts {
        let found = find(owner)
        if folder == nil, let serverFolder, case .folder(let place) = found,
            place.hasPrefix(serverFolder + "/")
        {
            report.note("the artifacts that the server kept are taken from \(serverFolder)")
        }
        return found
    }

    /// The first of some folders in which `mlflow server` has made the one of its artifacts.
    static func serverFolder(in folders: [String]) -> String? {
        folders.map { $0 + "/mlartifacts" }.first(where: isFolder)
    }

    /// The store's own folder, the twin of a path below the folder that the person named, or the path itself.
    ///
    /// An address that ends as the own folder does names that, though the store may have been moved since, and keeps in
    /// its bin what is deleted.
    private func local(_ path: String, _ owner: ArtifactOwner) -> String {
        let plain = path.hasPrefix("/") ? path : base + "/" + path
        let steps = path.split(separator: "/").suffix(owner.depth)
        let twin = folder.map { $0 + "/" + steps.joined(separator: "/") }
        let own = owner.folder.flatMap { own in
            own.split(separator: "/").suffix(owner.depth).elementsEqual(steps) ? own : nil
        }
        if let own, hasEntries(own) { return own }
        return [twin, plain, own].compactMap(\.self).first(where: Self.isFolder) ?? twin ?? plain
    }

    private func hasEntries(_ path: String) -> Bool {
        // What is no folder has none; one that cannot be read fails when its files are taken.
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == false
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
