import Core
import Database
import Repositories
import Subprocess
import TestSupport

/// A bare repository for one test, written by the real `git`.
struct ScratchRepository: Sendable {
    let repositories: Repositories
    /// A folder beside the repository; the work tree that scripts commit from.
    let work: String

    private static let workspace = WorkspaceID(key: 7)

    var path: String { repositories.path(of: Self.workspace) }
    var git: Git {
        repositories.git(for: Caller(name: "ann", workspace: Self.workspace), watch: RefWatch.none)
    }

    /// Runs a shell script with git in the work tree; what it prints, without the last line break.
    ///
    /// `commit MESSAGE` takes everything in the work tree into a commit, each a minute after the one before; `merge` and
    /// `tick` exist likewise.
    @discardableResult
    func sh(_ script: String) async throws -> String {
        let bytes = try await run(script)
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    func run(_ script: String) async throws -> [UInt8] {
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: ["-ec", Self.prelude + script],
            environment: .inherit.updating([
                "GIT_DIR": path, "GIT_WORK_TREE": work, "GIT_CONFIG_GLOBAL": "/dev/null",
                "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "gc.auto",
                "GIT_CONFIG_VALUE_0": "0", "SCRATCH": work, "LC_ALL": "C.UTF-8", "TZ": "UTC",
                "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org",
                "GIT_COMMITTER_NAME": "Bob", "GIT_COMMITTER_EMAIL": "bob@example.org",
            ]),
            input: .none,
            output: .bytes(limit: 64 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw ScriptFailure(script: script, message: result.standardError)
        }
        return result.standardOutput
    }

    func lines(_ script: String) async throws -> [String] {
        try await sh(script).split(separator: "\n").map(String.init)
    }

    func id(_ revision: String) async throws -> ObjectID {
        let text = try await sh("git rev-parse '\(revision)'")
        guard let id = ObjectID(text) else { throw ScriptFailure(script: revision, message: text) }
        return id
    }

    private static let prelude = """
        cd "$SCRATCH"
        tick() {
            t=$(( $(cat "$SCRATCH.time" 2>/dev/null || echo 1700000000) + 60 ))
            echo $t > "$SCRATCH.time"
            export GIT_AUTHOR_DATE="$t +0100" GIT_COMMITTER_DATE="$t +0000"
        }
        commit() { tick; git add -A; git commit -q --allow-empty -m "$1"; }
        merge() { tick; git merge -q --no-ff --no-edit "$@"; }

        """
}

struct ScriptFailure: Error, CustomStringConvertible {
    let script: String
    let message: String

    var description: String { "\(message)\nin: \(script)" }
}

/// Runs a test with an empty bare repository whose first branch will be `main`.
func withScratch<T>(_ body: (ScratchRepository) async throws -> T) async throws -> T {
    let folder = try TemporaryFolder()
    let result = try await withDatabase(on: .sqlite, migrations: []) { database in
        let repositories = Repositories(database: database, folder: folder.path + "/repositories")
        let scratch = ScratchRepository(repositories: repositories, work: folder.path + "/work")
        _ = try await Subprocess.run(
            .name("sh"),
            arguments: [
                "-ec", "mkdir -p \"$2\" && git init -q --bare -b main \"$1\"", "sh", scratch.path,
                scratch.work,
            ],
            output: .discarded
        )
        return try await body(scratch)
    }
    try folder.remove()
    return result
}
