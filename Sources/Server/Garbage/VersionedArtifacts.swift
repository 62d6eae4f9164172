import API
import Core
import ObjectStore
import Registry
import Tracking

/// What model versions still name of artifacts whose run, logged model or experiment is gone.
struct VersionedArtifacts: Sendable {
    let versions: ModelVersionStore

    /// What of a folder stays, and for which versions.
    struct Part: Sendable, Hashable {
        var paths: Set<ArtifactPath> = []
        var versions: Set<Int64> = []
    }

    private static let pageLimit = 5_000

    /// Reads the addresses of all versions once.
    ///
    /// A version that names its files by a run that is gone is given the address at which they lie, since nobody could
    /// follow the old one any more.
    ///
    /// - Parameters:
    ///   - artifacts: What is to be deleted; what lies elsewhere is passed over.
    ///   - rewritesAddresses: False where everything is to stay as it is.
    /// - Returns: What stays, by folder.
    /// - Throws: `DatabaseError` where the database fails.
    func parts(
        of artifacts: [PurgedArtifacts],
        rewritesAddresses: Bool
    ) async throws -> [ArtifactPath: Part] {
        let folders = Folders(artifacts)
        guard !folders.roots.isEmpty else { return [:] }
        var parts: [ArtifactPath: Part] = [:]
        var last: Int64 = 0
        while true {
            let page = try await versions.places(after: last, limit: Self.pageLimit)
            for place in page {
                guard let path = folders.path(of: place.storageLocation) else { continue }
                for (root, part) in folders.parts(of: path) {
                    parts[root, default: Part()].paths.insert(part)
                    parts[root, default: Part()].versions.insert(place.key)
                }
                if rewritesAddresses, let address = folders.address(of: place.storageLocation) {
                    try await versions.replace(place, by: address)
                }
            }
            guard let end = page.last else { return parts }
            last = end.key
        }
    }
}

/// The folders of artifacts, found by what lies in them and by what they lie in.
private struct Folders {
    private(set) var roots: [String: ArtifactPath] = [:]
    private var rootsBelow: [String: Set<ArtifactPath>] = [:]
    private var ofRuns: [String: (folder: ArtifactPath, location: String)] = [:]

    init(_ artifacts: [PurgedArtifacts]) {
        for one in artifacts {
            guard let folder = ArtifactRoots.path(of: one.location) else { continue }
            roots[folder.text] = folder
            for outer in folder.folders { rootsBelow[outer, default: []].insert(folder) }
            if let id = one.runID { ofRuns[id] = (folder, one.location) }
        }
    }

    /// Where a version lies in the store; nil where it lies elsewhere, or in a run that is none of these.
    func path(of location: String) -> ArtifactPath? {
        guard let (id, path) = ArtifactRoots.run(in: location) else {
            return ArtifactRoots.path(of: location)
        }
        guard let folder = ofRuns[id]?.folder else { return nil }
        if path.isEmpty { return folder }
        return (try? ArtifactPath(path)).flatMap { try? folder.appending($0) }
    }

    /// The address in the store of what is named by one of these runs; nil for what is named otherwise.
    func address(of location: String) -> String? {
        guard let (id, path) = ArtifactRoots.run(in: location), let run = ofRuns[id] else { return nil }
        return path.isEmpty ? run.location : run.location + "/" + path
    }

    /// What a version that lies at a path keeps of each folder that holds it, or that it holds.
    func parts(of path: ArtifactPath) -> [(root: ArtifactPath, part: ArtifactPath)] {
        let around = (path.folders + [path.text]).compactMap { roots[$0] }.map { ($0, path) }
        return around + (rootsBelow[path.text] ?? []).map { ($0, $0) }
    }
}
