import Core
import Database

/// One of the changes of which what differs on disk is made, and whose it is.
struct RefStep: Sendable {
    let change: RefChange
    let actor: String
}

extension RefLog {
    /// What differs on disk as what several pushes have done, one after another.
    ///
    /// Whoever changes a ref has noted it before, and the note stays until what it did is recorded. So notes that are read
    /// behind the refs hold all that is not recorded yet, as long as nobody else records meanwhile, which shows in the version.
    func steps(
        of changes: [RefChange],
        ending notes: [Int64],
        in workspace: WorkspaceID
    ) async throws -> [RefStep] {
        guard !changes.isEmpty else { return [] }
        let pushers = try await repositories.database.read { connection in
            try Pushers(of: workspace, ending: notes, in: connection)
        }
        return changes.flatMap(pushers.steps)
    }
}

/// Who wished what, of all that is under way in a repository.
private struct Pushers: Sendable {
    private struct Push: Sendable {
        let actor: String
        let wishes: [String: PushNote.Wish]
    }

    private var pushes: [Push] = []
    private var fallback = "git"

    init(of workspace: WorkspaceID, ending notes: [Int64], in connection: any Connection) throws {
        let rows = try connection.rows(
            "SELECT push_key, actor, commands FROM pushes WHERE workspace_id = \(workspace.key) ORDER BY push_key"
        ) { ($0.int(0), $0.text(1), $0.text(2)) }
        for (key, actor, commands) in rows {
            pushes.append(Push(actor: actor, wishes: try PushNote.wishes(commands)))
            if notes.contains(key) { fallback = actor }
        }
    }

    /// The shortest way of noted changes from what a ref was to what it is; the whole change where none leads there.
    func steps(of change: RefChange) -> [RefStep] {
        let (start, end) = (change.before ?? "", change.after ?? "")
        var arrivals: [String: (from: String, actor: String)] = [start: (from: start, actor: fallback)]
        var states: ArraySlice = [start]
        while arrivals[end] == nil, let state = states.popFirst() {
            for push in pushes {
                guard let wish = push.wishes[change.name], wish.before == state, arrivals[wish.after] == nil
                else { continue }
                arrivals[wish.after] = (from: state, actor: push.actor)
                states.append(wish.after)
            }
        }
        var steps: [RefStep] = []
        var state = end
        while state != start {
            guard let arrival = arrivals[state] else {
                return [RefStep(change: change, actor: name(for: change))]
            }
            let step = RefChange(
                change.name,
                from: arrival.from.isEmpty ? nil : arrival.from,
                to: state.isEmpty ? nil : state
            )
            steps.append(RefStep(change: step, actor: arrival.actor))
            state = arrival.from
        }
        return steps.reversed()
    }

    private func name(for change: RefChange) -> String {
        pushes.first { $0.wishes[change.name]?.after == change.after ?? "" }?.actor ?? fallback
    }
}
