import Core
import FoundationEssentials
import Glibc

/// A new file for a secret, whole and on the disk under a name of its own before it takes its place.
///
/// The name is random: in containers, servers that share a folder have the same process id, and a draft that a crash has
/// left must not be in the way of the next.
struct KeyDraft {
    private let draft: String
    private let path: String

    /// Nil where it cannot be written; `errno` says why.
    ///
    /// - Parameters:
    ///   - bytes: What it holds.
    ///   - path: Its place, in a folder that is there.
    init?(_ bytes: [UInt8], for path: String) {
        self.path = path
        draft = "\(path).\(UUID().uuidString.lowercased()).new"
        // Security: for its owner only, from the beginning.
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten else {
            discard()
            return nil
        }
    }

    /// Takes the place unless something is there already, which the caller then reads.
    ///
    /// - Returns: False where neither could be done; `errno` says why.
    func place() -> Bool {
        let isThere = link(draft, path) == 0 || errno == EEXIST
        discard()
        return isThere && syncFolder()
    }

    /// Takes the place of what is there.
    ///
    /// - Returns: False where it could not; `errno` says why.
    func replace() -> Bool {
        guard rename(draft, path) == 0 else {
            discard()
            return false
        }
        return syncFolder()
    }

    /// Leaves `errno` as it is.
    private func discard() {
        let reason = errno
        unlink(draft)
        errno = reason
    }

    /// A name is on the disk when its folder is.
    private func syncFolder() -> Bool {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }
}
