import API
import Core
import ObjectStore
import Tracking

/// Deletes for good what was deleted long enough ago: rows, then their artifacts, then bytes that nothing names.
///
/// Each step is a transaction, so it may be ended at any moment and run again, beside a running server.
struct GarbageCollection: Sendable {
    let purges: PurgeStore
    /// nil where this server keeps no artifacts.
    let store: FileStore?
    let caller: Caller
    /// What was deleted earlier goes; epoch milliseconds.
    let beforeMs: Int64
    let isRehearsal: Bool

    /// What is meant where not everything is.
    struct Selection: Sendable, Hashable {
        var runs: [String] = []
        var experiments: [Int64] = []
        var loggedModels: [String] = []

        var isEmpty: Bool { runs.isEmpty && experiments.isEmpty && loggedModels.isEmpty }
    }

    private static let pageLimit = 500

    /// - Throws: `Failure` where something selected is not there, not deleted or not long enough; what came before it is
    ///   gone.
    func run(_ selection: Selection) async throws -> GarbageReport {
        var report = GarbageReport()
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
        if let store, !isRehearsal {
            let freed = try await store.collectGarbage(releasedBeforeMs: .max)
            report.freedObjects = freed.objects + freed.orphans
            report.freedBytes = freed.sizeBytes
        }
        return report
    }

    private func purgeModels(_ report: inout GarbageReport) async throws {
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

    private func purgeRuns(_ report: inout GarbageReport) async throws {
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
        if !isRehearsal { try await purges.purgeLoggedModel(id, deletedBeforeMs: beforeMs) }
        report.loggedModels += 1
    }

    private func purge(run id: String, _ report: inout GarbageReport) async throws {
        if !isRehearsal { try await purges.purgeRun(id, deletedBeforeMs: beforeMs) }
        report.runs += 1
    }

    private func purge(experiment id: Int64, _ report: inout GarbageReport) async throws {
        if !isRehearsal {
            try await purges.purgeExperiment(id, deletedBeforeMs: beforeMs) { runs, models in
                report.runs += runs
                report.loggedModels += models
                try await deleteArtifacts(&report)
            }
        }
        report.experiments += 1
    }

    /// Deletes the files of what is gone, also of what another that was ended had left.
    private func deleteArtifacts(_ report: inout GarbageReport) async throws {
        guard let files = store?.files(for: caller), !isRehearsal else { return }
        while true {
            let page = try await purges.purgedArtifacts(limit: Self.pageLimit)
            for artifacts in page {
                // Security: an address elsewhere is text to us; nothing is deleted there.
                if let path = ArtifactRoots.path(of: artifacts.location) {
                    report.files += try await files.delete(path)
                }
                try await purges.finish(artifacts)
            }
            if page.count < Self.pageLimit { return }
        }
    }
}
