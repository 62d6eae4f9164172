import API
import Core
import ObjectStore
import Registry
import Tracking

/// Deletes for good what was deleted long enough ago: rows, then their artifacts, then bytes that nothing names.
///
/// Each step is a transaction, so it may be ended at any moment and run again, beside a running server.
struct GarbageCollection: Sendable {
    let purges: PurgeStore
    let versions: ModelVersionStore
    /// nil where this server keeps no artifacts.
    let store: FileStore?
    let caller: Caller
    /// What was deleted earlier goes; epoch milliseconds.
    let beforeMs: Int64
    /// What stays for versions that name it; it is looked at again by the next collection.
    private var kept: Set<PurgedArtifacts> = []
    private var keptVersions: Set<Int64> = []

    init(
        purges: PurgeStore,
        versions: ModelVersionStore,
        store: FileStore?,
        caller: Caller,
        beforeMs: Int64
    ) {
        self.purges = purges
        self.versions = versions
        self.store = store
        self.caller = caller
        self.beforeMs = beforeMs
    }

    private static let pageLimit = 500

    /// - Parameters:
    ///   - selection: What is meant; everything that was deleted where it is empty.
    ///   - removal: What removes deleted repositories; nil where these stay.
    /// - Returns: What is gone.
    /// - Throws: `Failure` where something selected is not there, not deleted or not long enough; nothing is gone then,
    ///   unless somebody restored or purged it after everything selected was looked at.
    mutating func run(
        _ selection: PurgeSelection,
        _ removal: RepositoryRemoval? = nil
    ) async throws -> GarbageReport {
        try await purges.check(selection, deletedBeforeMs: beforeMs)
        var report = GarbageReport()
        if let removal { report.repositories = try await removal.run(deletedBefore: beforeMs) }
        if selection.isEmpty {
            try await purgeModels(&report)
            try await purgeRuns(&report)
            for id in try await purges.experiments(deletedBeforeMs: beforeMs) {
                try await skippingRestored { try await purge(experiment: id, &report) }
            }
        } else {
            for id in selection.loggedModels { try await purge(model: id, &report) }
            for id in selection.runs { try await purge(run: id, &report) }
            for id in selection.experiments { try await purge(experiment: id, &report) }
        }
        try await deleteArtifacts(&report)
        if let store {
            let freed = try await store.collectGarbage(releasedBeforeMs: .max)
            report.freedObjects = freed.objects + freed.orphans
            report.freedBytes = freed.sizeBytes
            report.sparedFiles = freed.spared
        }
        return report
    }

    private mutating func purgeModels(_ report: inout GarbageReport) async throws {
        var last = ""
        while true {
            let page = try await purges.loggedModels(
                deletedBeforeMs: beforeMs,
                after: last,
                limit: Self.pageLimit
            )
            for id in page { try await skippingRestored { try await purge(model: id, &report) } }
            guard let end = page.last else { return }
            last = end
            try await deleteArtifacts(&report)
        }
    }

    private mutating func purgeRuns(_ report: inout GarbageReport) async throws {
        var last = ""
        while true {
            let page = try await purges.runs(deletedBeforeMs: beforeMs, after: last, limit: Self.pageLimit)
            for id in page { try await skippingRestored { try await purge(run: id, &report) } }
            guard let end = page.last else { return }
            last = end
            try await deleteArtifacts(&report)
        }
    }

    /// What was restored, or deleted by another, after it was listed is not ours to delete.
    private func skippingRestored(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as Failure where failure.code == .missing || failure.code == .invalidParameter {
            return
        }
    }

    private func purge(model id: String, _ report: inout GarbageReport) async throws {
        try await purges.purgeLoggedModel(id, deletedBeforeMs: beforeMs)
        report.loggedModels += 1
    }

    private func purge(run id: String, _ report: inout GarbageReport) async throws {
        try await purges.purgeRun(id, deletedBeforeMs: beforeMs)
        report.runs += 1
    }

    private mutating func purge(experiment id: Int64, _ report: inout GarbageReport) async throws {
        try await purges.purgeExperiment(id, deletedBeforeMs: beforeMs) { runs, models in
            report.runs += runs
            report.loggedModels += models
            try await deleteArtifacts(&report)
        }
        report.experiments += 1
    }

    /// Deletes the files of what is gone, also of what another that was ended had left, but for those that model versions
    /// name; the note of these stays, so that they go when no version names them any more.
    private mutating func deleteArtifacts(_ report: inout GarbageReport) async throws {
        guard let files = store?.files(for: caller) else { return }
        // From the first each time: SQLite gives the keys of notes that are gone to new ones.
        var last: Int64 = 0
        while true {
            let page = try await purges.purgedArtifacts(after: last, limit: Self.pageLimit)
            let parts = try await VersionedArtifacts(versions: versions).parts(
                of: page,
                rewritesAddresses: true
            )
            for artifacts in page {
                last = artifacts.key
                if self.kept.contains(artifacts) { continue }
                // Security: an address elsewhere is text to us; nothing is deleted there.
                if let path = ArtifactRoots.path(of: artifacts.location) {
                    let part = parts[path] ?? VersionedArtifacts.Part()
                    let (deleted, kept) = try await files.delete(path, keeping: part.paths)
                    report.files += deleted
                    if kept > 0 {
                        keptVersions.formUnion(part.versions)
                        self.kept.insert(artifacts)
                        continue
                    }
                }
                try await purges.finish(artifacts)
            }
            report.keptVersions = keptVersions.count
            if page.count < Self.pageLimit { return }
        }
    }
}
