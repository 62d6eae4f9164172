import CGit2
import FoundationEssentials
import Glibc

/// The last commits that were found once, as files in the repository's own folder, so that they go when it goes.
///
/// A file is named for the path and the commit, and never changes: it has the answers, or it names the commit under which
/// they are. A cache may be thrown away at any time, by whomever; what is missing is found again.
struct LastCommitCache {
    private let folder: String
    private let mostFiles: Int
    private let mostBytes: Int

    private static let reference = "roost last commits at "

    init(of repository: String, mostFiles: Int = 1_000, mostBytes: Int = 128 << 20) {
        folder = repository + "/roost-last-commits"
        self.mostFiles = mostFiles
        self.mostBytes = mostBytes
    }

    /// The commits for which the answers of a folder are known.
    func commits(of path: TreePath) throws -> Set<ObjectID> {
        let prefix = try key(path) + "-"
        return Set(
            names().filter { $0.hasPrefix(prefix) }.compactMap { ObjectID($0.dropFirst(prefix.count)) }
        )
    }

    /// The folders whose answers are known for a commit.
    func paths(at commit: ObjectID) -> [TreePath] {
        names().filter { $0.hasSuffix("-\(commit)") }.compactMap { name in
            answers(in: folder + "/" + name)?.path
        }
    }

    /// What is known of a folder at a commit; nil if nothing is.
    func find(_ path: TreePath, at commit: ObjectID) throws -> LastCommits? {
        guard let found = answers(in: try file(path, commit)), found.path == path else { return nil }
        return found
    }

    /// Keeps answers under the commit where they arose, and names that under the commit that was asked for.
    func store(_ answers: LastCommits, at commit: ObjectID, origin: ObjectID) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let (file, originFile) = (try file(answers.path, commit), try file(answers.path, origin))
        if access(originFile, F_OK) != 0 { try write(answers.encoded, to: originFile) }
        if file != originFile { try write(Array((Self.reference + origin.description).utf8), to: file) }
        prune()
    }

    private func answers(in file: String) -> LastCommits? {
        guard let bytes = contents(file) else { return nil }
        if bytes.starts(with: Self.reference.utf8) {
            // One step: what a file names holds answers.
            let origin = String(decoding: bytes.dropFirst(Self.reference.utf8.count), as: UTF8.self)
            guard let id = ObjectID(origin), let dash = file.lastIndex(of: "-"),
                let bytes = contents(file[...dash] + id.description)
            else { return nil }
            return bytes.withUnsafeBytes { LastCommits($0) }
        }
        return bytes.withUnsafeBytes { LastCommits($0) }
    }

    /// Nil if there is no such file; the next search writes it.
    private func contents(_ file: String) -> [UInt8]? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size <= mostBytes else { return nil }
        let size = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let taken = read(descriptor, buffer.baseAddress! + count, size - count)
                guard taken > 0 else { break }
                count += taken
            }
        }
        // The time of a file is that of its last use, by which old ones are found.
        futimens(descriptor, nil)
        return bytes.count == size ? bytes : nil
    }

    private func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(filePath: file), options: .atomic)
    }

    /// Removes those that have not been used for longest, down to half of what there may be.
    private func prune() {
        var files = names().compactMap { name -> (path: String, used: Int, bytes: Int)? in
            var status = stat()
            let path = folder + "/" + name
            guard lstat(path, &status) == 0 else { return nil }
            return (path, status.st_mtim.tv_sec, Int(status.st_size))
        }
        var sizeBytes = files.reduce(0) { $0 + $1.bytes }
        guard files.count > mostFiles || sizeBytes > mostBytes else { return }
        files.sort { $0.used > $1.used }
        while files.count > mostFiles / 2 || sizeBytes > mostBytes / 2, let oldest = files.popLast() {
            unlink(oldest.path)
            sizeBytes -= oldest.bytes
        }
    }

    private func names() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private func file(_ path: TreePath, _ commit: ObjectID) throws -> String {
        "\(folder)/\(try key(path))-\(commit)"
    }

    private func key(_ path: TreePath) throws -> String {
        var id = git_oid()
        let bytes = path.bytes
        try GitLibrary.check(git_odb_hash(&id, bytes, bytes.count, GIT_OBJECT_BLOB))
        return ObjectID(id).description
    }
}
