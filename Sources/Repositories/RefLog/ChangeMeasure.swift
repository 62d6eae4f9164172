import Core
import Database
import Events

/// How much a change to a branch brought.
struct ChangeMeasure: Sendable, Hashable {
    /// The commits that were not reachable before.
    let commits: Int64
    /// Whether commits were left behind that the branch had.
    let isForced: Bool
}

extension RefLog {
    /// How many changes of one push are measured; with the others it is left open.
    private static let measuredLimit = 20

    /// Measures what became of branches.
    func measure(
        _ changes: [RefChange],
        known: [String: String],
        in workspace: WorkspaceID
    ) async throws -> [RefChange: ChangeMeasure] {
        var measures: [RefChange: ChangeMeasure] = [:]
        let moved = changes.filter { $0.name.hasPrefix(RefName.branches) && $0.after != nil }
        for change in moved.prefix(Self.measuredLimit) {
            guard let after = change.after else { continue }
            let measure =
                if let before = change.before {
                    try await measure(from: before, to: after, in: workspace)
                } else {
                    try await measure(new: after, known: known, in: workspace)
                }
            measures[change] = measure
        }
        return measures
    }

    /// - Returns: nil where the old commit is gone.
    private func measure(
        from before: String,
        to after: String,
        in workspace: WorkspaceID
    ) async throws -> ChangeMeasure? {
        guard let old = ObjectID(before), let new = ObjectID(after) else { return nil }
        do {
            // Most pushes bring a few commits, which are counted before a process has begun.
            let divergence = try await repositories.handles.run(at: repositories.path(of: workspace)) {
                try $0.divergence(of: new, from: old)
            }
            return ChangeMeasure(commits: Int64(divergence.ahead), isForced: divergence.behind > 0)
        } catch let error as LibraryError where error.isMissing {
            return nil
        }
    }

    private func measure(
        new after: String,
        known: [String: String],
        in workspace: WorkspaceID
    ) async throws -> ChangeMeasure? {
        let others = known.filter { $0.key.hasPrefix(RefName.branches) }.values.map { "^\($0)" }
        let output = try await repositories.git.run(
            GitProgram.Command(
                arguments: ["rev-list", "--count", "--ignore-missing", "--stdin"],
                repository: repositories.path(of: workspace)
            ),
            input: Array(([after] + others).map { $0 + "\n" }.joined().utf8)
        )
        guard output.isSuccess,
            let commits = output.text.split(whereSeparator: \.isWhitespace).first.flatMap({ Int64($0) })
        else { return nil }
        return ChangeMeasure(commits: commits, isForced: false)
    }
}

extension RefChange {
    /// Writes what happened into the log.
    func append(_ measure: ChangeMeasure?, by caller: Caller, in connection: any Connection) throws {
        var members = [JSON.Member(key: "ref", value: .string(name))]
        if let before { members.append(JSON.Member(key: "before", value: .string(before))) }
        if let after { members.append(JSON.Member(key: "after", value: .string(after))) }
        if let measure {
            members.append(JSON.Member(key: "commits", value: .integer(measure.commits)))
            members.append(JSON.Member(key: "forced", value: .boolean(measure.isForced)))
        }
        try EventLog.append(
            kind,
            to: RefName.subject(of: name),
            details: JSON.object(members).text,
            by: caller,
            in: connection
        )
    }

    private var kind: Event.Kind {
        let isTag = name.hasPrefix(RefName.tags)
        guard isTag || name.hasPrefix(RefName.branches) else { return .gitNotesChanged }
        switch (before, after) {
        case (nil, _): return isTag ? .gitTagCreated : .gitBranchCreated
        case (_, nil): return isTag ? .gitTagDeleted : .gitBranchDeleted
        default: return isTag ? .gitTagMoved : .gitPushed
        }
    }
}
