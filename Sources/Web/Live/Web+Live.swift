import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import ObjectStore
import Tracking

extension Web {
    /// As much one stream may watch.
    private static let mostTopics = 100

    var liveEndpoints: [Endpoint] {
        [
            Endpoint(.get, "live", in: .workspacePages, needs: .read) { call in try await listen(call) },
            Endpoint(.get, "-/live", in: .site, needs: .signedIn) { call in
                let visit = visit(call)
                let places = try await Places.load(visit, accounts)
                let workspaces = places.callers(visit).map(\.workspace)
                return try stream([.home(of: visit.identity.login, in: workspaces)], to: call)
            },
        ]
    }

    /// Tells open pages what changes, until the task is cancelled; then ends their streams.
    package func runLive(logger: Logger) async {
        let reader = LiveReader(web: self)
        await live.run { topic in
            try await reader.read(topic)
        } failed: { error in
            // A run that was purged is watched until its page is closed.
            if (error as? Failure)?.code == .missing { return }
            logger.warning("What a page watches could not be read", metadata: ["error": "\(error)"])
        }
        live.end()
    }

    private func listen(_ call: Call) async throws -> Answer {
        let asked = [LiveBoard.Topic.Kind.run, .experiment, .artifacts].flatMap { kind in
            Set(call.query.all(kind.rawValue)).map { (kind, $0) }
        }
        guard !asked.isEmpty, asked.count <= Self.mostTopics else {
            throw Failure.invalid(
                "Name what to watch by run=…, experiment=… and artifacts=…, 1 to \(Self.mostTopics) of them."
            )
        }
        var topics: Set<LiveBoard.Topic> = []
        var missing: Failure?
        for (kind, id) in asked {
            do {
                if let topic = try await topic(kind, id, call.caller) { topics.insert(topic) }
            } catch let failure as Failure where failure.code == .missing {
                // What is gone keeps nobody from hearing of the rest.
                missing = failure
            }
        }
        if topics.isEmpty, let missing { throw missing }
        return try stream(topics, to: call)
    }

    /// What is there under this id; nil for what nothing is ever told of.
    ///
    /// - Throws: `Failure.missing`, and `.invalid` for a text that is no id.
    private func topic(
        _ kind: LiveBoard.Topic.Kind,
        _ id: String,
        _ caller: Caller
    ) async throws -> LiveBoard.Topic? {
        if kind == .experiment {
            let number = try ExperimentID.parse(id)
            _ = try await tracking.experiments(for: caller).get(number)
            return LiveBoard.Topic(workspace: caller.workspace, kind: kind, id: "\(number)")
        }
        let run = try await tracking.runs(for: caller).get(id).info
        guard kind == .artifacts else {
            return LiveBoard.Topic(workspace: caller.workspace, kind: kind, id: run.id)
        }
        guard files != nil, let folder = ArtifactPath(address: run.artifactURI) else { return nil }
        return .artifacts(of: run.id, in: folder, caller.workspace)
    }

    private func stream(_ topics: Set<LiveBoard.Topic>, to call: Call) throws -> Answer {
        let identity = call.access.identity
        let person = identity.account == nil ? call.clientAddress : identity.login
        let bounds: LiveBoard.Bounds =
            switch identity.means {
            case .nothing: .strangers
            case .local: .everybody
            default: .person
            }
        let stream = try live.listen(to: topics, by: person, within: bounds) { await call.isStillAdmitted() }
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
            for await message in stream { try await writer.write(message) }
            try await writer.finish(nil)
        }
        return Answer(
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: body
        )
    }
}
