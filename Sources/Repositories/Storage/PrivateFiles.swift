import FoundationEssentials
import Glibc

/// Files and folders that only this user may enter.
enum PrivateFiles {
    static func makeFolder(_ path: String) throws {
        if mkdir(path, 0o700) != 0, errno != EEXIST { try fail("making", path) }
    }

    /// Writes a file whole, under another name first.
    static func write(_ text: String, to path: String, mode: mode_t) throws {
        let draft = path + ".draft"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { try fail("making", draft) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            try fail("writing", draft)
        }
        guard rename(draft, path) == 0 else { try fail("renaming", draft) }
    }

    static func syncFolder(_ path: String) throws {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { try fail("opening", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { try fail("syncing", path) }
    }

    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    /// Removes a folder with all that is in it; links are removed, not followed.
    static func remove(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    static func fail(_ deed: String, _ path: String) throws -> Never {
        throw GitError("\(deed) \(path): \(String(cString: strerror(errno)))")
    }
}
