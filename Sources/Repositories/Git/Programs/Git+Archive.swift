package import NIOCore

import Core

/// How the files of a revision are packed.
package enum ArchiveFormat: String, Sendable, CaseIterable {
    case tarGz = "tar.gz"
    case zip
}

extension Git {
    /// Gives an archive of all files of a revision piece by piece, each once the one before was taken.
    ///
    /// The commit is found before the first piece, so that a missing one is known in time for the answer's status.
    ///
    /// - Parameters:
    ///   - commit: What is packed; `resolve` tells it.
    ///   - format: How.
    ///   - folder: The name of the folder that all files lie in.
    ///   - body: Takes a piece.
    /// - Throws: `Failure.missing` if there is no such commit, `.invalid` if the folder's name is none, `.tooLarge` for
    ///   more than a million files and folders; what the body throws.
    package func archive(
        of commit: ObjectID,
        as format: ArchiveFormat,
        in folder: WritablePath,
        _ body: (ByteBuffer) async throws -> Void
    ) async throws {
        try await requireArchivable(commit)
        let words = ["archive", "--format=\(format.rawValue)", "--prefix=\(folder.path)/", "\(commit)"]
        try await reader.pieces(of: words.map { Array($0.utf8) }) {
            try await body(ByteBuffer(bytes: $0))
        }
    }

    /// Sees to it that an archive of a revision can be made, in time for the answer's status.
    ///
    /// - Throws: `Failure.missing` if there is no such commit, `.tooLarge` for more than a million files and folders.
    package func requireArchivable(_ commit: ObjectID) async throws {
        _ = try await self.commit(Revision(commit))
        try await run { repository in
            var budget = PathBudget(most: 1_000_000)
            try budget.require(repository.links(of: commit).tree, in: repository)
        }
    }
}
