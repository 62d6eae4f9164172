import Core
import HTTP
import HTTPTypes
import ObjectStore

extension Call {
    /// A file as an attachment: whole, in part, or not at all where the caller has it already.
    func answer(_ path: ArtifactPath, of files: Files) async throws -> Answer {
        guard let file = try await files.find(path) else {
            if try await files.isFolder(path) {
                throw Failure.invalid("Artifact path refers to a directory, not a file: '\(path)'")
            }
            throw Failure.missing("No such artifact: '\(path)'")
        }
        let download = Download(
            name: file.path.name,
            hash: file.hash,
            sizeBytes: file.sizeBytes,
            modifiedMs: file.modifiedMs
        )
        return try await answer(download) { try await files.open(file) }
    }
}
