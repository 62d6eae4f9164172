import CGit2
import Core
import Glibc

/// More files that differ are not listed.
private let mostChanges = 300_000

extension OpenRepository {
    /// What differs between two trees; nil is a tree without anything.
    ///
    /// - Throws: `Failure.tooLarge` where more files differ than are listed.
    func diff(from old: ObjectID?, to new: ObjectID?, _ query: DiffQuery) throws -> Diff {
        try withTree(old) { oldTree in
            try withTree(new) { newTree in
                var options = git_diff_options()
                try GitLibrary.check(git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)))
                options.context_lines = UInt32(clamping: query.contextLines)
                options.max_size = git_off_t(query.limits.fileBytes)
                options.flags = GIT_DIFF_INCLUDE_TYPECHANGE.rawValue | GIT_DIFF_INDENT_HEURISTIC.rawValue
                if query.ignoresWhitespace { options.flags |= GIT_DIFF_IGNORE_WHITESPACE.rawValue }
                // Security: all that differs is listed before any of it is read, and a small tree can name very much.
                options.notify_cb = { soFar, _, _, _ in
                    git_diff_num_deltas(soFar) < mostChanges ? 0 : GIT_EUSER.rawValue
                }
                let diff: Owned
                do {
                    diff = try Owned(freedBy: git_diff_free) {
                        git_diff_tree_to_tree(&$0, pointer, oldTree, newTree, &options)
                    }
                } catch let error as LibraryError where error.code == GIT_EUSER.rawValue {
                    throw Failure(.tooLarge, "More than \(mostChanges) files differ, which is not listed.")
                }
                let isExact = try findRenames(in: diff.pointer)
                var reader = DiffReader(query, in: diff.pointer)
                try reader.read()
                if isExact { reader.cuts.insert(.renames) }
                return reader.diff
            }
        }
    }

    private func withTree<Result>(_ id: ObjectID?, _ body: (OpaquePointer?) throws -> Result) throws -> Result
    {
        guard let id else { return try body(nil) }
        var raw = id.raw
        let tree = try Owned(freedBy: git_tree_free) { git_tree_lookup(&$0, pointer, &raw) }
        return try body(tree.pointer)
    }

    /// Joins what was deleted and added into what was renamed.
    ///
    /// Contents are compared only where that is bounded: each added one with each deleted one, all of them in memory.
    ///
    /// - Returns: Whether only equal contents were looked for.
    private func findRenames(in diff: OpaquePointer) throws -> Bool {
        let (mostFiles, mostBytes) = (400, 32 << 20)
        var (count, sizeBytes) = ([GIT_DELTA_ADDED: 0, GIT_DELTA_DELETED: 0], 0)
        for index in 0..<git_diff_num_deltas(diff) {
            guard let delta = git_diff_get_delta(diff, index)?.pointee, count[delta.status] != nil else {
                continue
            }
            count[delta.status, default: 0] += 1
            guard count.values.allSatisfy({ $0 <= mostFiles }) else { continue }
            let file = delta.status == GIT_DELTA_ADDED ? delta.new_file : delta.old_file
            sizeBytes += try header(of: ObjectID(file.id))?.sizeBytes ?? 0
        }
        guard count.values.allSatisfy({ $0 > 0 }) else { return false }
        let isExact = sizeBytes > mostBytes || count.values.contains { $0 > mostFiles }
        var options = git_diff_find_options()
        try GitLibrary.check(git_diff_find_options_init(&options, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION)))
        options.flags = GIT_DIFF_FIND_RENAMES.rawValue
        if isExact { options.flags |= GIT_DIFF_FIND_EXACT_MATCH_ONLY.rawValue }
        options.rename_limit = 1_000
        try GitLibrary.check(git_diff_find_similar(diff, &options))
        return isExact
    }
}

extension git_delta_t: @retroactive Hashable {}

/// Reads a diff of libgit2 until it is told or a limit is reached.
private struct DiffReader {
    let query: DiffQuery
    let pointer: OpaquePointer
    var cuts: Set<Diff.Cut> = []

    private var files: [FileDiff] = []
    private var fileCount = 0
    private var (additions, deletions) = (0, 0)
    private var (lines, bytes) = (0, 0)

    init(_ query: DiffQuery, in pointer: OpaquePointer) {
        self.query = query
        self.pointer = pointer
    }

    var diff: Diff {
        Diff(files: files, fileCount: fileCount, additions: additions, deletions: deletions, cuts: cuts)
    }

    mutating func read() throws {
        for index in 0..<git_diff_num_deltas(pointer) {
            guard let delta = git_diff_get_delta(pointer, index)?.pointee else { continue }
            if let path = query.path, path != Self.path(delta.new_file), path != Self.path(delta.old_file) {
                continue
            }
            fileCount += 1
            if files.count < query.limits.files {
                files.append(try file(index, delta))
            } else {
                cuts.insert(.files)
            }
        }
    }

    private mutating func file(_ index: Int, _ delta: git_diff_delta) throws -> FileDiff {
        guard lines < query.limits.lines, bytes < query.limits.bytes else {
            return FileDiff(delta, content: .leftOut, isTruncated: true)
        }
        var made: OpaquePointer?
        try GitLibrary.check(git_patch_from_diff(&made, pointer, index))
        // A submodule that moved and a mode that changed have no text.
        guard let patch = made else { return FileDiff(delta, content: .text([])) }
        defer { git_patch_free(patch) }
        guard let loaded = git_patch_get_delta(patch)?.pointee else {
            return FileDiff(delta, content: .binary)
        }
        if loaded.flags & GIT_DIFF_FLAG_BINARY.rawValue != 0 {
            let size = max(loaded.old_file.size, loaded.new_file.size)
            return FileDiff(loaded, content: size > query.limits.fileBytes ? .tooLarge : .binary)
        }
        var (added, deleted) = (0, 0)
        try GitLibrary.check(git_patch_line_stats(nil, &added, &deleted, patch))
        additions += added
        deletions += deleted
        let (hunks, isTruncated) = try hunks(of: patch)
        return FileDiff(
            loaded,
            additions: added,
            deletions: deleted,
            content: .text(hunks),
            isTruncated: isTruncated
        )
    }

    private mutating func hunks(of patch: OpaquePointer) throws -> (hunks: [Hunk], isTruncated: Bool) {
        var hunks: [Hunk] = []
        for number in 0..<git_patch_num_hunks(patch) {
            var raw: UnsafePointer<git_diff_hunk>?
            var lineCount = 0
            try GitLibrary.check(git_patch_get_hunk(&raw, &lineCount, patch, number))
            guard let raw else { continue }
            hunks.append(Hunk(raw.pointee))
            for place in 0..<lineCount {
                var line: UnsafePointer<git_diff_line>?
                try GitLibrary.check(git_patch_get_line_in_hunk(&line, patch, number, place))
                guard let line = line?.pointee else { continue }
                guard hasRoom(for: line) else { return (hunks, true) }
                hunks[hunks.count - 1].append(line)
            }
        }
        return (hunks, false)
    }

    private mutating func hasRoom(for line: git_diff_line) -> Bool {
        if lines >= query.limits.lines { cuts.insert(.lines) }
        if bytes + line.content_len > query.limits.bytes {
            // Nothing shorter that comes later is shown instead.
            bytes = query.limits.bytes
            cuts.insert(.bytes)
        }
        guard lines < query.limits.lines, bytes < query.limits.bytes else { return false }
        lines += 1
        bytes += line.content_len
        return true
    }

    fileprivate static func path(_ file: git_diff_file) -> TreePath {
        guard let text = file.path else { return .root }
        let bytes = UnsafeRawBufferPointer(start: text, count: strlen(text))
        return TreePath(trusted: bytes.split(separator: UInt8(ascii: "/")).map { Array($0) })
    }
}

extension FileDiff {
    fileprivate init(
        _ delta: git_diff_delta,
        additions: Int? = nil,
        deletions: Int? = nil,
        content: Content,
        isTruncated: Bool = false
    ) {
        status =
            switch delta.status {
            case GIT_DELTA_ADDED: .added
            case GIT_DELTA_DELETED: .deleted
            case GIT_DELTA_RENAMED: .renamed
            case GIT_DELTA_TYPECHANGE: .typeChanged
            default: .modified
            }
        oldPath = status == .added ? nil : DiffReader.path(delta.old_file)
        newPath = status == .deleted ? nil : DiffReader.path(delta.new_file)
        oldMode = Int(delta.old_file.mode)
        newMode = Int(delta.new_file.mode)
        oldID = status == .added ? nil : ObjectID(delta.old_file.id)
        newID = status == .deleted ? nil : ObjectID(delta.new_file.id)
        similarity = status == .renamed ? Int(delta.similarity) : 0
        self.additions = additions
        self.deletions = deletions
        self.content = content
        self.isTruncated = isTruncated
    }
}

extension Hunk {
    fileprivate init(_ raw: git_diff_hunk) {
        oldStart = Int(raw.old_start)
        oldCount = Int(raw.old_lines)
        newStart = Int(raw.new_start)
        newCount = Int(raw.new_lines)
        lines = []
        // The heading follows the second pair of at signs.
        let header = withUnsafeBytes(of: raw.header) {
            String(decoding: $0.prefix(raw.header_len), as: UTF8.self)
        }
        let rest = header.dropFirst(2).firstRange(of: "@@").map { header[$0.upperBound...] } ?? ""
        heading = String(rest.drop { $0 == " " }.prefix { !$0.isNewline })
    }

    fileprivate mutating func append(_ line: git_diff_line) {
        let kind: Line.Kind
        switch UInt8(bitPattern: line.origin) {
        case UInt8(ascii: "+"): kind = .addition
        case UInt8(ascii: "-"): kind = .deletion
        case UInt8(ascii: " "): kind = .context
        default:
            // What is left is the remark that there is no line break at the end.
            if !lines.isEmpty { lines[lines.count - 1].lacksLineBreak = true }
            return
        }
        var text = UnsafeRawBufferPointer(start: line.content, count: line.content_len)
        if text.last == UInt8(ascii: "\n") { text = UnsafeRawBufferPointer(rebasing: text.dropLast()) }
        lines.append(
            Line(
                kind: kind,
                text: String(decoding: text, as: UTF8.self),
                oldNumber: line.old_lineno < 0 ? nil : Int(line.old_lineno),
                newNumber: line.new_lineno < 0 ? nil : Int(line.new_lineno)
            )
        )
    }
}
