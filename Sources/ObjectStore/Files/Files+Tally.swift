internal import Database

extension Files {
    /// What would be gone if some files were deleted: how many, and the objects that nothing else names.
    package struct Tally: Sendable {
        package private(set) var files = 0
        package private(set) var objects = 0
        package private(set) var sizeBytes: Int64 = 0
        /// Of objects with several names, how many of these are left.
        private var namesLeft: [Int64: Int64] = [:]

        package init() {}

        fileprivate mutating func count(_ file: NamedObject) {
            files += 1
            let left = namesLeft[file.objectKey, default: file.referenceCount] - 1
            namesLeft[file.objectKey] = left > 0 ? left : nil
            guard left == 0 else { return }
            objects += 1
            sizeBytes += file.sizeBytes
        }
    }

    /// Counts what `delete(_:keeping:)` would delete, and leaves it as it is.
    ///
    /// - Parameters:
    ///   - path: A file or a folder, of which nothing was counted yet.
    ///   - kept: What stays: files, and folders with all that lies in them.
    ///   - tally: What was counted before; this comes to it.
    /// - Returns: How many files stay.
    /// - Throws: `DatabaseError` where the database fails.
    package func count(
        _ path: ArtifactPath,
        keeping kept: Set<ArtifactPath>,
        in tally: inout Tally
    ) async throws -> Int {
        let texts = Set(kept.map(\.text))
        var (keptCount, last) = (0, "")
        while true {
            let step = try await store.database.read { [workspace, last] connection in
                try connection.files(
                    of: path,
                    besides: texts,
                    after: last,
                    in: workspace,
                    limit: Self.countBatch
                )
            }
            for file in step.files { tally.count(file) }
            keptCount += step.kept
            guard let end = step.last else { return keptCount }
            last = end
        }
    }

    private static let countBatch = 5_000
}

/// What a file names, and how many names that has altogether.
struct NamedObject: Sendable {
    let objectKey: Int64
    let sizeBytes: Int64
    let referenceCount: Int64
}
