import Glibc

/// Bounds what a fetch brings, of which `git` itself has no limit: its pack is looked at while it grows.
struct ReceivedBytes: Sendable {
    let repository: String
    let limit: Int64

    private static let pause = Duration.milliseconds(100)
    private var folder: String { repository + "/objects/pack" }

    /// Runs a fetch and ends it where it brings too much.
    ///
    /// - Throws: `MirrorFailure` for too much; what the body throws.
    func bounding(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: body)
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.pause)
                    guard try sizeBytes() <= limit else {
                        throw MirrorFailure(
                            "The repository brings more than \(limit) bytes, which is the limit here."
                        )
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Removes what a fetch that was ended has left; nobody else writes such files there.
    func discard() throws {
        for name in try unfinished() { unlink("\(folder)/\(name)") }
    }

    private func sizeBytes() throws -> Int64 {
        try unfinished().reduce(0) { sum, name in
            var status = stat()
            return lstat("\(folder)/\(name)", &status) == 0 ? sum + Int64(status.st_size) : sum
        }
    }

    private func unfinished() throws -> [String] {
        try PrivateFiles.names(in: folder).filter { $0.hasPrefix("tmp_pack_") || $0.hasPrefix("tmp_idx_") }
    }
}
