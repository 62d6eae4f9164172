import Core
import HTTP
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import Synchronization
import Tracking

extension Web {
    /// As much one stream may watch.
    private static let mostTopics = 100

    var liveEndpoints: [Endpoint] {
        [Endpoint(.get, "live", in: .workspacePages, needs: .read) { call in try await listen(call) }]
    }

    /// Tells open pages what changes, until the task is cancelled; then ends their streams.
    package func runLive(logger: Logger) async {
        let cursors = Mutex<[LiveBoard.Topic: RunCursor]>([:])
        await live.run { topic in
            let caller = Caller(name: "live", workspace: topic.workspace)
            switch topic.kind {
            case .run: return LiveRun(try await tracking.runs(for: caller).get(topic.id)).json
            case .experiment:
                guard let experiment = Int64(topic.id) else { return nil }
                let before = cursors.withLock { $0[topic] }
                let (ids, cursor) = try await tracking.runs(for: caller).begun(in: experiment, since: before)
                let topics = live.topics
                cursors.withLock { cursors in
                    cursors[topic] = cursor
                    // Who comes back to what nobody watched begins anew.
                    if cursors.count > topics.count { cursors = cursors.filter { topics.contains($0.key) } }
                }
                // At first, that somebody looks now.
                return ids.isEmpty && before != nil ? nil : Self.begun(ids, in: topic.id)
            }
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
        guard !topics.isEmpty, topics.count <= Self.mostTopics else {
            throw Failure.invalid(
                "Name what to watch by run=… and experiment=…, 1 to \(Self.mostTopics) of them."
            )
        }
        for topic in topics where topic.kind == .run {
            _ = try await tracking.runs(for: call.caller).get(topic.id)
        }
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

    private static func begun(_ ids: [String], in experiment: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("experiment_id", experiment)
            json.array("begun") { json in for id in ids { json.value(id) } }
        }
        return json.bytes
    }
}

/// A run as open pages are told of it.
private struct LiveRun {
    private let run: Run

    init(_ run: Run) { self.run = run }

    var json: [UInt8] {
        var json = JSONWriter(capacityBytes: 4_096)
        json.object { json in
            json.field("run_id", run.info.id)
            json.field("name", run.info.name)
            json.field("status", run.info.status.word)
            if let endTime = run.info.endTime { json.field("end_time", endTime) }
            json.field("params", Int64(run.params.count))
            json.field("tags", Int64(run.tags.count))
            json.array("metrics") { json in
                for metric in run.metrics {
                    json.object { json in
                        json.field("key", metric.key)
                        json.field("value", metric.value)
                        json.field("step", metric.step)
                        json.field("timestamp", metric.timestamp)
                    }
                }
            }
        }
        return json.bytes
    }
}
