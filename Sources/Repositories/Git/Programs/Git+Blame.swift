import Core

/// Lines of a file that came with one commit.
package struct BlamedLines: Sendable, Hashable {
    package let commit: ObjectID
    /// The first line in the file as it is now, from 1.
    package let start: Int
    package let count: Int
    /// The first line in the file as it was in that commit.
    package let originalStart: Int
    /// Where the file lay then.
    package let originalPath: TreePath
}

/// Which commit each line of a file came with.
package struct Blame: Sendable {
    /// In the order of the lines; those that were found in time.
    package let lines: [BlamedLines]
    /// Whether all lines were found.
    package let isWhole: Bool
    /// What a list shows of the commits.
    package let commits: [ObjectID: CommitSummary]
}

extension Git {
    /// Finds for each line of a file the commit that it came with.
    ///
    /// A file of more than `limitBytes` is not looked into, and where its history takes longer than the time limit, the
    /// lines that were found by then are all.
    ///
    /// - Throws: `Failure.missing` if there is no such file; `.invalid` if it is none; `.tooLarge` if it is too large.
    package func blame(
        _ path: TreePath,
        of revision: Revision,
        limitBytes: Int = 1 << 20,
        within limit: Duration = .seconds(20)
    ) async throws -> Blame {
        let commit = try await resolve(revision).commit
        let file = try await entry(at: path, of: Revision(commit))
        guard file.kind == .file || file.kind == .executable else {
            throw Failure.invalid("'\(path)' is no file")
        }
        guard let size = file.sizeBytes, size <= limitBytes else {
            throw Failure(.tooLarge, "'\(path)' is too large to find where its lines come from")
        }
        let words = ["blame", "--incremental", "\(commit)", "--"].map { Array($0.utf8) } + [path.bytes]
        let output = try await reader.output(of: words, limitBytes: 64 << 20, within: limit)
        let lines = BlameReader.read(output.bytes).sorted { $0.start < $1.start }
        let ids = Set(lines.map(\.commit))
        let commits = try await run { repository in
            try Dictionary(uniqueKeysWithValues: ids.map { ($0, try repository.summary(of: $0)) })
        }
        return Blame(lines: lines, isWhole: output.isWhole, commits: commits)
    }
}

/// Reads what `git blame --incremental` writes: a line with id, two line numbers and a count, headers, `filename` last.
private enum BlameReader {
    static func read(_ output: [UInt8]) -> [BlamedLines] {
        var found: [BlamedLines] = []
        var group: (id: ObjectID, original: Int, start: Int, count: Int)?
        // The last line may not be all there.
        let end = output.lastIndex(of: UInt8(ascii: "\n")) ?? 0
        for line in output[..<end].split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            if let current = group {
                guard fields.first == "filename" else { continue }
                found.append(
                    BlamedLines(
                        commit: current.id,
                        start: current.start,
                        count: current.count,
                        originalStart: current.original,
                        originalPath: TreePath(quoted: line.dropFirst("filename ".utf8.count))
                    )
                )
                group = nil
            } else if fields.count == 4, let id = ObjectID(fields[0]), let original = Int(fields[1]),
                let start = Int(fields[2]), let count = Int(fields[3])
            {
                group = (id, original, start, count)
            }
        }
        return found
    }
}

extension TreePath {
    /// A path as git writes it: as it is, or in quotation marks with what is special as in C.
    fileprivate init(quoted text: some Collection<UInt8>) {
        var bytes: [UInt8] = []
        if text.first == UInt8(ascii: "\""), text.count > 1 {
            var rest = Array(text.dropFirst().dropLast())[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                    bytes.append(byte)
                    continue
                }
                bytes.append(Self.unescaped(next, &rest))
            }
        } else {
            bytes = Array(text)
        }
        self.init(trusted: bytes.split(separator: UInt8(ascii: "/")).map { Array($0) })
    }

    private static func unescaped(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a"): return 7
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "v"): return 11
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            var value = byte - UInt8(ascii: "0")
            for _ in 0..<2 { value = value << 3 | ((rest.popFirst() ?? UInt8(ascii: "0")) & 7) }
            return value
        default: return byte
        }
    }
}
