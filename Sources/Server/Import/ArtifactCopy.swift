import Core
import MLflowClient
import ObjectStore

/// Brings the files of runs and models into this server's store.
struct ArtifactCopy: Sendable {
    /// nil where artifacts stay where they are.
    let files: Files?
    let isRehearsal: Bool
    let report: ImportReport

    /// How many files are on their way at the same time.
    private static let width = 8

    /// Copies all files of an owner below a folder of the store; those that are here already stay.
    ///
    /// - Returns: How many files there are, and whether all of them are here.
    func copy(
        _ artifacts: SourceArtifacts,
        of title: String,
        to root: ArtifactPath
    ) async throws -> (count: Int, isWhole: Bool) {
        guard let files else { return (0, false) }
        let missedBefore = report.state.missedCount
        var count = 0
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            try await artifacts.forEachFile { file in
                if running == Self.width { try await group.next() } else { running += 1 }
                count += 1
                group.addTask { try await copy(file, of: title, to: root, in: files) }
            } missed: { path, reason in
                report.missed("\(title), file \(path)", reason)
            }
            try await group.waitForAll()
        }
        return (count, !isRehearsal && report.state.missedCount == missedBefore)
    }

    private func copy(
        _ file: SourceFile,
        of title: String,
        to root: ArtifactPath,
        in files: Files
    ) async throws {
        report.update { $0.files += 1 }
        do {
            let path = try root.appending(ArtifactPath(file.path))
            if isRehearsal { return }
            let known = try await files.find(path)
            if let known, try await isSame(file, as: known) { return }
            let stored = try await put(file, path, in: files)
            if stored.hash == known?.hash { return }
            report.update { state in
                state.newFiles += 1
                state.newBytes += stored.sizeBytes
            }
        } catch let failure as Failure where failure.code == .invalidParameter {
            report.missed("\(title), file \(file.path)", failure.message)
        } catch let error as MLflowError {
            report.missed("\(title), file \(file.path)", "\(error)")
        }
    }

    /// Local files are compared by their hash; a server's by their size, for only downloading them would tell more.
    ///
    /// MLflow's server leaves out the size of an empty file, so that one is fetched each time.
    private func isSame(_ file: SourceFile, as known: File) async throws -> Bool {
        guard known.sizeBytes == file.sizeBytes else { return false }
        switch file.place {
        case .local(let local): return try await ContentHash(hashing: LocalFile(path: local)) == known.hash
        case .server: return true
        }
    }

    private func put(_ file: SourceFile, _ path: ArtifactPath, in files: Files) async throws -> File {
        switch file.place {
        case .local(let local): try await files.put(LocalFile(path: local), at: path)
        case .server(let client, let root):
            try await files.put(client.download(file.path, of: root), at: path)
        }
    }
}
