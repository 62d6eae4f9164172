import Core
import NIOCore
import ObjectStore

/// The artifacts of a run or a model that this server keeps.
struct ArtifactShelf: Sendable {
    let files: Files
    let root: ArtifactPath

    /// Nil where they are kept elsewhere.
    init?(_ holder: ArtifactHolder, _ store: FileStore?, for caller: Caller) {
        guard let store, let root = ArtifactPath(address: holder.root) else { return nil }
        files = store.files(for: caller)
        self.root = root
    }

    /// The path in the store.
    func whole(_ path: ArtifactPath?) throws -> ArtifactPath {
        try path.map { try root.appending($0) } ?? root
    }

    /// More names of one folder are not shown at once.
    static let mostNames = 1_000

    /// The names in a folder, as many as are shown at once.
    ///
    /// - Parameters:
    ///   - folder: The folder; the root for nil.
    ///   - after: What the page before said; nil for the first.
    /// - Returns: The names.
    /// - Throws: `Failure.invalid` for an `after` that no page has said.
    func names(in folder: ArtifactPath?, after: String? = nil) async throws -> Files.EntryPage {
        try await files.page(of: whole(folder), after: after, limit: Self.mostNames)
    }

    func find(_ path: ArtifactPath) async throws -> File? { try await files.find(whole(path)) }

    func isFolder(_ path: ArtifactPath) async throws -> Bool { try await files.isFolder(whole(path)) }

    /// The beginning of a file.
    func bytes(of file: File, limit: Int) async throws -> [UInt8] {
        try await files.open(file).bytes(of: 0..<min(file.sizeBytes, Int64(limit)))
    }

    /// A text file of at most so many bytes; nil where there is none, or it is longer or no text.
    func text(of path: ArtifactPath, limit: Int) async throws -> String? {
        guard let file = try await find(path), file.sizeBytes <= limit else { return nil }
        return FileText(try await bytes(of: file, limit: limit), isWhole: true)?.text
    }
}

extension ObjectContent {
    /// A part of it in memory.
    func bytes(of range: Range<Int64>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        try await forEachPiece(of: range) { bytes.append(contentsOf: $0.readableBytesView) }
        return bytes
    }
}
