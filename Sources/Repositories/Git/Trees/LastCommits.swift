/// The last commits of the entries of a folder at a commit, with what a list shows of them; what the cache keeps.
struct LastCommits {
    let path: TreePath
    /// The folder that it is about.
    let tree: ObjectID
    let commits: [CommitSummary]
    /// For each entry of the tree, in Git's order, the place of its last commit.
    let places: [Int]
    /// For each entry its size; nil for folders and submodules.
    let sizes: [Int?]
}

extension LastCommits {
    private static let mark: [UInt8] = Array("roost last commits 1\n".utf8)

    /// The bytes of the file that keeps it.
    var encoded: [UInt8] {
        var bytes = ByteWriter()
        bytes.bytes = Self.mark
        bytes.append(block: path.bytes)
        bytes.append(id: tree)
        bytes.append(commits.count)
        for commit in commits {
            bytes.append(id: commit.id)
            bytes.append(Int(commit.committedSeconds))
            bytes.append(Int(commit.author.seconds))
            bytes.append(commit.author.offsetMinutes)
            bytes.append(block: Array(commit.author.name.utf8))
            bytes.append(block: Array(commit.author.email.utf8))
            bytes.append(block: Array(commit.summary.utf8))
        }
        bytes.append(places.count)
        for (place, size) in zip(places, sizes) {
            bytes.append(place)
            bytes.append(size ?? -1)
        }
        return bytes.bytes
    }

    /// Nil for what was not written by `encoded`.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.starts(with: Self.mark) else { return nil }
        var reader = ByteReader(bytes: bytes, index: Self.mark.count)
        guard let pathBytes = reader.block(), let path = try? TreePath(bytes: pathBytes),
            let tree = reader.id(), let commitCount = reader.count()
        else { return nil }
        var commits: [CommitSummary] = []
        commits.reserveCapacity(commitCount)
        for _ in 0..<commitCount {
            guard let id = reader.id(), let committed = reader.integer(), let authored = reader.integer(),
                let offset = reader.integer(), let name = reader.text(), let email = reader.text(),
                let summary = reader.text()
            else { return nil }
            let author = Signature(
                stored: name,
                email: email,
                seconds: Int64(authored),
                offsetMinutes: offset
            )
            commits.append(
                CommitSummary(id: id, summary: summary, author: author, committedSeconds: Int64(committed))
            )
        }
        guard let entryCount = reader.count() else { return nil }
        var (places, sizes): ([Int], [Int?]) = ([], [])
        places.reserveCapacity(entryCount)
        sizes.reserveCapacity(entryCount)
        for _ in 0..<entryCount {
            guard let place = reader.integer(), commits.indices.contains(place), let size = reader.integer()
            else { return nil }
            places.append(place)
            sizes.append(size < 0 ? nil : size)
        }
        self.init(path: path, tree: tree, commits: commits, places: places, sizes: sizes)
    }
}

private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func append(_ value: Int) {
        withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(block: [UInt8]) {
        append(block.count)
        bytes.append(contentsOf: block)
    }

    mutating func append(id: ObjectID) { bytes.append(contentsOf: id.bytes) }
}

private struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    var index: Int

    mutating func integer() -> Int? {
        guard let part = take(8) else { return nil }
        return Int(Int64(littleEndian: part.loadUnaligned(as: Int64.self)))
    }

    /// A number of things that follow, each of a byte at least.
    mutating func count() -> Int? {
        guard let count = integer(), (0...bytes.count).contains(count) else { return nil }
        return count
    }

    mutating func block() -> UnsafeRawBufferPointer? { count().flatMap { take($0) } }
    mutating func text() -> String? { block().map { String(decoding: $0, as: UTF8.self) } }
    mutating func id() -> ObjectID? { take(ObjectID.byteCount).map { ObjectID($0) } }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count <= bytes.count - index else { return nil }
        defer { index += count }
        return UnsafeRawBufferPointer(rebasing: bytes[index..<index + count])
    }
}
