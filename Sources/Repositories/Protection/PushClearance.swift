import Glibc

/// What the hook of a push need not judge, since the server has done so when it was wished.
///
/// To start this program once more takes as long as the rest of a small push. So the server itself holds what is wished to the
/// rules as soon as it has read it, and where nothing speaks against it, and nothing hangs on the objects that are still to
/// come, it leaves the lines that `git` will tell the hook in a file; the hook lets those pass, and no others.
struct PushClearance: Sendable {
    static let variable = "ROOST_PUSH_CLEARED"
    static let folder = "cleared"
    /// Of more, a shell takes longer to compare them than this program to start.
    private static let mostChanges = 20

    let path: String

    /// - Parameter support: A folder that only this server writes into.
    init(in support: String) {
        path = "\(support)/\(Self.folder)/\(UInt64.random(in: .min ... .max))"
    }

    /// Clears all of a push, or nothing.
    ///
    /// - Throws: `GitError` where the file cannot be written.
    func grant(_ changes: [RefChange], by rules: PushRules) async throws {
        guard changes.count <= Self.mostChanges else { return }
        var lines = ""
        for change in changes {
            // The hook has words for it.
            if change.after == nil, change.name == rules.head { return }
            // The hook is told of these too, and `git` refuses them after it.
            if !RefName.isHiddenFromPushes(change.name) {
                // Whether a branch loses commits is seen when they have come.
                let reason = try await rules.refusal(of: change.name, from: change.before, to: change.after) {
                    _,
                    _ in false
                }
                guard reason == nil else { return }
            }
            lines += "\(Self.word(change.before)) \(Self.word(change.after)) \(change.name)\n"
        }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // A server of an older version has made no folder for it; then the hook judges.
            if errno == ENOENT { return }
            try PrivateFiles.fail("making", path)
        }
        defer { close(file) }
        let bytes = Array(lines.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else { try PrivateFiles.fail("writing", path) }
    }

    func withdraw() { unlink(path) }

    /// As `git` writes an id: zeros stand for nothing.
    private static func word(_ id: String?) -> String { id ?? String(repeating: "0", count: 40) }
}
