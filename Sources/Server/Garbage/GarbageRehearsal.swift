import API
import Accounts
import Core
import ObjectStore
import Registry
import Tracking

/// Says what a collection would delete for good: it checks and counts the same, and leaves everything as it is.
struct GarbageRehearsal: Sendable {
    let purges: PurgeStore
    let versions: ModelVersionStore
    /// nil where this server keeps no artifacts.
    let store: FileStore?
    let caller: Caller
    /// What was deleted earlier goes; epoch milliseconds.
    let beforeMs: Int64

    /// - Parameters:
    ///   - selection: What is meant; everything that was deleted where it is empty.
    ///   - removal: What removes deleted repositories; nil where these stay.
    /// - Returns: What would be gone. What lies in repositories is not counted with it.
    /// - Throws: `Failure` where something selected is not there, not deleted or not long enough.
    func run(_ selection: PurgeSelection, _ removal: RepositoryRemoval? = nil) async throws -> GarbageReport {
        try await purges.check(selection, deletedBeforeMs: beforeMs)
        let forecast = try await purges.forecast(selection, deletedBeforeMs: beforeMs)
        var report = GarbageReport()
        report.repositories = try await removal?.accounts.purge.count(deletedBefore: beforeMs) ?? 0
        report.experiments = forecast.experiments
        report.runs = forecast.runs
        report.loggedModels = forecast.loggedModels
        if let store { try await count(forecast.artifacts, in: store, &report) }
        return report
    }

    private func count(
        _ artifacts: [PurgedArtifacts],
        in store: FileStore,
        _ report: inout GarbageReport
    ) async throws {
        let files = store.files(for: caller)
        let parts = try await VersionedArtifacts(versions: versions).parts(
            of: artifacts,
            rewritesAddresses: false
        )
        var (tally, keptVersions) = (Files.Tally(), Set<Int64>())
        for root in Self.outermost(artifacts.compactMap { ArtifactRoots.path(of: $0.location) }) {
            let part = parts[root] ?? VersionedArtifacts.Part()
            let kept = try await files.count(root, keeping: part.paths, in: &tally)
            if kept > 0 { keptVersions.formUnion(part.versions) }
        }
        let garbage = try await store.countGarbage(releasedBeforeMs: .max)
        report.files = tally.files
        report.keptVersions = keptVersions.count
        report.freedObjects = tally.objects + garbage.objects + garbage.orphans
        report.freedBytes = tally.sizeBytes + garbage.sizeBytes
        report.sparedFiles = garbage.spared
    }

    /// Those that lie in none of the others, so that no file is counted twice.
    private static func outermost(_ roots: [ArtifactPath]) -> Set<ArtifactPath> {
        let texts = Set(roots.map(\.text))
        return Set(roots.filter { root in !root.folders.contains { texts.contains($0) } })
    }
}
