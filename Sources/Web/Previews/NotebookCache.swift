import HTTP
import ObjectStore
import Repositories
import Synchronization

/// Notebooks that were read lately: the page of one asks for each of its outputs by itself, and they are many.
///
/// Security: a notebook is known by the hash of its bytes, which only who was let to read them has; that comes first.
final class NotebookCache: Sendable {
    enum Key: Hashable, Sendable {
        case artifact(ContentHash)
        case blob(ObjectID)
    }

    private struct Kept {
        /// Nil for bytes that are no notebook.
        let notebook: Notebook?
        let sizeBytes: Int
        var lastUse: Int
    }

    private struct State {
        var kept: [Key: Kept] = [:]
        var sizeBytes = 0
        var uses = 0
    }

    /// Of small files, too, no more are kept.
    private static let mostNotebooks = 200

    private let state = Mutex(State())
    private let mostBytes: Int

    /// - Parameter mostBytes: How long the files together are whose notebooks are kept.
    init(mostBytes: Int = 4 * Notebook.limitBytes) { self.mostBytes = mostBytes }

    /// What a file holds, taken apart once for all who ask in a while.
    ///
    /// - Parameters:
    ///   - key: The hash of the file.
    ///   - bytes: Reads the file, where it must be.
    /// - Returns: The notebook; nil for what is none.
    /// - Throws: What reading throws.
    func notebook(_ key: Key, bytes: () async throws -> [UInt8]) async throws -> Notebook? {
        if let kept = find(key) { return kept.notebook }
        let bytes = try await bytes()
        let notebook = await aside { Notebook(bytes) }
        keep(notebook, key, bytes.count)
        return notebook
    }

    private func find(_ key: Key) -> Kept? {
        state.withLock { state in
            state.uses += 1
            state.kept[key]?.lastUse = state.uses
            return state.kept[key]
        }
    }

    private func keep(_ notebook: Notebook?, _ key: Key, _ sizeBytes: Int) {
        state.withLock { state in
            guard state.kept[key] == nil, sizeBytes <= mostBytes else { return }
            state.kept[key] = Kept(notebook: notebook, sizeBytes: sizeBytes, lastUse: state.uses)
            state.sizeBytes += sizeBytes
            while state.sizeBytes > mostBytes || state.kept.count > Self.mostNotebooks,
                let oldest = state.kept.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.kept[oldest.key] = nil
                state.sizeBytes -= oldest.value.sizeBytes
            }
        }
    }
}
