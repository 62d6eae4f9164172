import Core
import HTTP
import ObjectStore
import Synchronization
import Tracking

/// Reads what open pages watch.
final class LiveReader: Sendable {
    private let web: Web
    private let cursors = Mutex<[LiveBoard.Topic: Cursor]>([:])

    /// How far the watchers of an experiment have been told.
    private struct Cursor {
        let begun: RunCursor
        let changes: RunChangesCursor
    }

    init(web: Web) { self.web = web }

    /// The data of a message; nil for nothing to tell.
    func read(_ topic: LiveBoard.Topic) async throws -> [UInt8]? {
        let caller = Caller(name: "live", workspace: topic.workspace)
        return switch topic.kind {
        case .run: LiveRun(try await web.tracking.runs(for: caller).get(topic.id)).json
        case .experiment: try await happened(topic, caller)
        case .artifacts: try await artifacts(topic, caller)
        case .home: try await home(topic)
        }
    }

    private func happened(_ topic: LiveBoard.Topic, _ caller: Caller) async throws -> [UInt8]? {
        guard let experiment = Int64(topic.id) else { return nil }
        let before = cursors.withLock { $0[topic] }
        let runs = web.tracking.runs(for: caller)
        let (ids, begun) = try await runs.begun(in: experiment, since: before?.begun)
        let (changes, last) = try await runs.changes(in: experiment, since: before?.changes)
        let topics = web.live.topics
        cursors.withLock { cursors in
            cursors[topic] = Cursor(begun: begun, changes: last)
            // Who comes back to what nobody watched begins anew.
            if cursors.count > topics.count { cursors = cursors.filter { topics.contains($0.key) } }
        }
        // At first, that somebody looks now.
        guard before == nil || !ids.isEmpty || !changes.isEmpty else { return nil }
        var json = JSONWriter()
        json.object { json in
            json.field("experiment_id", topic.id)
            json.array("begun") { json in for id in ids { json.value(id) } }
            json.array("updated") { json in for id in changes.updated.sorted() { json.value(id) } }
            json.array("moved") { json in for id in changes.moved.sorted() { json.value(id) } }
            // What happens to the same runs again is told again.
            json.field("last", last.last)
        }
        return json.bytes
    }

    private func artifacts(_ topic: LiveBoard.Topic, _ caller: Caller) async throws -> [UInt8]? {
        guard let (run, folder) = topic.artifacts, let files = web.files?.files(for: caller) else {
            return nil
        }
        let pulse = try await files.pulse(below: folder)
        var json = JSONWriter()
        json.object { json in
            json.field("run_id", run)
            json.field("files", pulse.files)
            json.field("bytes", pulse.bytes)
            json.field("last", pulse.lastMs)
        }
        return json.bytes
    }

    private func home(_ topic: LiveBoard.Topic) async throws -> [UInt8]? {
        guard let (login, workspaces) = topic.home else { return nil }
        let callers = workspaces.map { Caller(name: login, workspace: $0) }
        let pulse = try await web.tracking.overview(for: callers).pulse(orBy: login)
        var json = JSONWriter()
        json.object { json in
            json.field("home", "")
            json.field("last", pulse.last)
            json.field("count", pulse.count)
        }
        return json.bytes
    }
}

extension LiveBoard.Topic {
    /// The files of a run, which lie in a folder.
    static func artifacts(of run: String, in folder: ArtifactPath, _ workspace: WorkspaceID) -> Self {
        LiveBoard.Topic(workspace: workspace, kind: .artifacts, id: "\(run)/\(folder.text)")
    }

    fileprivate var artifacts: (run: String, folder: ArtifactPath)? {
        let parts = id.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let folder = try? ArtifactPath(String(parts[1])) else { return nil }
        return (String(parts[0]), folder)
    }

    /// What happens where somebody may look.
    static func home(of login: String, in workspaces: [WorkspaceID]) -> Self {
        let keys = workspaces.map(\.key).sorted().map { "\($0)" }
        return LiveBoard.Topic(workspace: .standard, kind: .home, id: ([login] + keys).joined(separator: " "))
    }

    fileprivate var home: (login: String, workspaces: [WorkspaceID])? {
        let parts = id.split(separator: " ")
        guard let login = parts.first else { return nil }
        return (String(login), parts.dropFirst().compactMap { Int64($0).map(WorkspaceID.init(key:)) })
    }
}
