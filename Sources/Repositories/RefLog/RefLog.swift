package import Core
import Database
import Events

/// Keeps the database and the refs on disk in agreement: what happened to a ref on disk becomes an event, once.
///
/// Refs are changed by `git` and by libgit2, in no transaction of ours. So whoever changes some notes it before, and has the
/// disk compared with the table afterwards; what a killed server leaves is found by its note when it starts again.
package struct RefLog: Sendable {
    let repositories: Repositories

    private var database: any Database { repositories.database }

    /// Notes what is about to be changed.
    ///
    /// - Parameters:
    ///   - changes: The changes that are wished; some may be refused yet.
    ///   - caller: Whose they are, and in which repository.
    /// - Returns: The key of the note, for `record`.
    /// - Throws: `DatabaseError` where the database fails.
    package func note(_ changes: [RefChange], by caller: Caller) async throws -> Int64 {
        let text = PushNote.text(changes)
        return try await database.write { connection in
            let key = try connection.first(
                """
                INSERT INTO pushes (workspace_id, actor, started_ms, commands)
                VALUES (\(caller.workspace.key), \(caller.name), \(connection.nowMs), \(text))
                RETURNING push_key
                """
            ) { $0.int(0) }
            guard let key else { preconditionFailure("an inserted push has no key") }
            return key
        }
    }

    /// Makes a change to refs and records what came of it, whether the change succeeds or not.
    ///
    /// - Parameters:
    ///   - changes: What is wished.
    ///   - caller: Who wishes it, and in which repository.
    ///   - body: Changes the refs on disk.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws; `DatabaseError` where the database fails.
    package func recording<T: Sendable>(
        _ changes: [RefChange],
        by caller: Caller,
        _ body: () async throws -> T
    ) async throws -> T {
        let note = try await note(changes, by: caller)
        do {
            let result = try await body()
            try await recordAnyway(caller.workspace, ending: note)
            return result
        } catch {
            try await recordAnyway(caller.workspace, ending: note)
            throw error
        }
    }

    /// Records what is on disk even if nobody waits for the answer any more.
    private func recordAnyway(_ workspace: WorkspaceID, ending note: Int64) async throws {
        _ = try await Task { try await record(workspace, ending: [note]) }.value
    }

    /// Compares the disk with the table, and writes what differs into the log and the table in one transaction.
    ///
    /// - Parameters:
    ///   - workspace: The repository.
    ///   - notes: What has ended.
    /// - Returns: What differed.
    /// - Throws: `GitError` where the refs cannot be read, `DatabaseError` where the database fails.
    @discardableResult
    package func record(_ workspace: WorkspaceID, ending notes: [Int64]) async throws -> [RefChange] {
        // Somebody else may have written what they found meanwhile; then the disk is looked at again.
        while true {
            try Task.checkCancellation()
            let known = try await known(workspace)
            let refs = try await refs(of: workspace)
            let changes = RefChange.between(known.refs, refs)
            try await chooseHead(workspace, before: known.refs, after: refs)
            let steps = try await steps(of: changes, ending: notes, in: workspace)
            let measures = try await measure(steps.map(\.change), known: known.refs, in: workspace)
            let shape = changes.isEmpty ? nil : try await GitShape.of(repositories.path(of: workspace))
            let isWritten = try await database.write { connection in
                try write(
                    changes,
                    steps,
                    measures,
                    shape,
                    after: known.version,
                    ending: notes,
                    of: workspace,
                    in: connection
                )
            }
            if isWritten { return changes }
        }
    }

    /// The refs of a repository as they lie on disk, by name.
    package func refs(of workspace: WorkspaceID) async throws -> [String: String] {
        let output = try await repositories.git.require(
            GitProgram.Command(
                arguments: ["for-each-ref", "--format=%(objectname) %(refname)"] + RefName.folders,
                repository: repositories.path(of: workspace)
            )
        )
        return Dictionary(
            output.lines.compactMap { line in
                guard let space = line.firstIndex(of: " ") else { return nil }
                return (String(line[line.index(after: space)...]), String(line[..<space]))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// How often the refs of a repository have changed.
    func version(of workspace: WorkspaceID) async throws -> Int64 {
        try await database.glance { connection in
            try connection.first(
                "SELECT refs_version FROM git_repositories WHERE workspace_id = \(workspace.key)"
            ) { $0.int(0) } ?? 0
        }
    }

    /// What is recorded of a repository.
    package func known(_ workspace: WorkspaceID) async throws -> (version: Int64, refs: [String: String]) {
        try await database.read { connection in
            let version = try connection.first(
                "SELECT refs_version FROM git_repositories WHERE workspace_id = \(workspace.key)"
            ) { $0.int(0) }
            let rows = try connection.rows(
                "SELECT name, object_id FROM git_refs WHERE workspace_id = \(workspace.key)"
            ) { ($0.text(0), $0.text(1)) }
            return (version ?? 0, Dictionary(rows, uniquingKeysWith: { _, last in last }))
        }
    }

    /// - Returns: False where somebody else has written since `version`.
    private func write(
        _ changes: [RefChange],
        _ steps: [RefStep],
        _ measures: [RefChange: ChangeMeasure],
        _ shape: GitShape?,
        after version: Int64,
        ending notes: [Int64],
        of workspace: WorkspaceID,
        in connection: any Connection
    ) throws -> Bool {
        if let shape {
            guard try advance(workspace, from: version, shape, in: connection) else { return false }
            try repositories.pushed(workspace, connection)
            try MirrorQueue.wishPushes(of: workspace, in: connection)
            for change in changes { try set(change, of: workspace, in: connection) }
            for step in steps {
                let caller = Caller(name: step.actor, workspace: workspace)
                try step.change.append(measures[step.change], by: caller, in: connection)
            }
        }
        if !notes.isEmpty { try connection.execute("DELETE FROM pushes WHERE push_key \(anyOf: notes)") }
        return true
    }

    private func advance(
        _ workspace: WorkspaceID,
        from version: Int64,
        _ shape: GitShape,
        in connection: any Connection
    ) throws -> Bool {
        let count = try connection.execute(
            """
            INSERT INTO git_repositories (workspace_id, refs_version, pushes_since_maintenance, maintenance_until_ms,
                head, size_bytes)
            VALUES (\(workspace.key), 1, 1, 0, \(shape.head), \(shape.sizeBytes))
            ON CONFLICT (workspace_id) DO UPDATE
            SET refs_version = git_repositories.refs_version + 1,
                pushes_since_maintenance = git_repositories.pushes_since_maintenance + 1,
                head = excluded.head, size_bytes = excluded.size_bytes
            WHERE git_repositories.refs_version = \(version)
            """
        )
        return count == 1
    }

    private func set(_ change: RefChange, of workspace: WorkspaceID, in connection: any Connection) throws {
        if let after = change.after {
            try connection.execute(
                """
                INSERT INTO git_refs (workspace_id, name, object_id)
                VALUES (\(workspace.key), \(change.name), \(after))
                ON CONFLICT (workspace_id, name) DO UPDATE SET object_id = excluded.object_id
                """
            )
        } else {
            try connection.execute(
                "DELETE FROM git_refs WHERE workspace_id = \(workspace.key) AND name = \(change.name)"
            )
        }
    }

    /// The first push says which branch is shown first, where it brings none of the expected name.
    private func chooseHead(
        _ workspace: WorkspaceID,
        before: [String: String],
        after: [String: String]
    ) async throws {
        func branches(_ refs: [String: String]) -> [String] {
            refs.keys.filter { $0.hasPrefix(RefName.branches) }.sorted()
        }
        guard branches(before).isEmpty, let first = branches(after).first else { return }
        let repository = repositories.path(of: workspace)
        let head = try await repositories.git.require(
            GitProgram.Command(arguments: ["symbolic-ref", "HEAD"], repository: repository)
        )
        guard after[head.lines.first.map(String.init) ?? ""] == nil else { return }
        let chosen = ["refs/heads/main", "refs/heads/master"].first { after[$0] != nil } ?? first
        try await repositories.git.require(
            GitProgram.Command(arguments: ["symbolic-ref", "HEAD", chosen], repository: repository)
        )
    }
}
