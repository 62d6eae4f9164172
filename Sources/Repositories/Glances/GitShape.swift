import Core
import Database
import Glibc
import NIOPosix

/// What is remembered of a repository on disk when its refs are recorded.
struct GitShape: Sendable, Hashable {
    /// The branch that is shown first; nil where HEAD names none.
    let head: String?
    /// Of its objects.
    let sizeBytes: Int64

    /// Looks at a repository, in a thread that may wait for the disk.
    static func of(_ repository: String) async throws -> GitShape {
        try await NIOThreadPool.singleton.runIfActive {
            GitShape(head: head(of: repository), sizeBytes: sizeBytes(of: repository))
        }
    }

    /// The branch that is shown first, without its folder; nil where HEAD names none.
    static func head(of repository: String) -> String? {
        let file = open(repository + "/HEAD", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: RefName.limitBytes + 64)
        let count = read(file, &bytes, bytes.count)
        guard count > 0, let text = String(validating: bytes[..<count], as: UTF8.self) else { return nil }
        let line = text.prefix { !$0.isNewline }
        let start = "ref: " + RefName.branches
        return line.hasPrefix(start) ? String(line.dropFirst(start.count)) : nil
    }

    /// The packs, and what was pushed since the last was made.
    ///
    /// What cannot be counted, such as a folder that goes while all is packed, counts nothing: the push has happened.
    private static func sizeBytes(of repository: String) -> Int64 {
        let objects = repository + "/objects"
        return names(in: objects).filter { $0.utf8.count == 2 || $0 == "pack" }.reduce(0) { sum, folder in
            let path = "\(objects)/\(folder)"
            return names(in: path).reduce(sum) { sum, name in
                var status = stat()
                // What was packed meanwhile is counted there.
                return lstat("\(path)/\(name)", &status) == 0 ? sum + Int64(status.st_size) : sum
            }
        }
    }

    private static func names(in folder: String) -> [String] {
        do { return try PrivateFiles.names(in: folder) } catch { return [] }
    }
}
