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
                return stream([.home(of: visit.identity.login, in: places.callers(visit).map(\.workspace))])
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
        var topics: Set<LiveBoard.Topic> = []
        for kind in [LiveBoard.Topic.Kind.run, .experiment] {
            for id in call.query.all(kind.rawValue) {
                topics.insert(LiveBoard.Topic(workspace: call.caller.workspace, kind: kind, id: id))
            }
        }
        for id in call.query.all(LiveBoard.Topic.Kind.artifacts.rawValue) {
            let run = try await tracking.runs(for: call.caller).get(id).info
            guard files != nil, let folder = ArtifactPath(address: run.artifactURI) else { continue }
            topics.insert(.artifacts(of: run.id, in: folder, call.caller.workspace))
        }
        guard !topics.isEmpty, topics.count <= Self.mostTopics else {
            throw Failure.invalid(
                "Name what to watch by run=…, experiment=… and artifacts=…, 1 to \(Self.mostTopics) of them."
            )
        }
        for topic in topics where topic.kind == .run {
            _ = try await tracking.runs(for: call.caller).get(topic.id)
        }
        return stream(topics)
    }

    private func stream(_ topics: Set<LiveBoard.Topic>) -> Answer {
        let stream = live.listen(to: topics)
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
