import Core
package import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
package import Tracking

/// What MLflow answers about the histories of metrics.
package enum MetricEndpoints {
    /// How many points of a whole history are read and sent at a time.
    private static let streamedPoints = 20_000
    private static let bulkRunLimit = 100
    private static let bulkPointLimit: Int64 = 25_000
    private static let sampledPointLimit: Int64 = 2_500
    private static let seeTheDocs = "See the API docs for more information about request parameters."

    package static func all(_ tracking: Tracking) -> [Endpoint] {
        [
            Endpoint(.get, "metrics/get-history", needs: .read, touching: .run(.read, tracking)) {
                try await history($0, tracking)
            },
            Endpoint(.get, "metrics/get-history-bulk", in: .ajax2, needs: .read, touching: .reached) {
                try await bulk($0, tracking)
            },
            Endpoint(.get, "metrics/get-history-bulk-interval", needs: .read, touching: .reached) {
                try await sampled($0, tracking)
            },
        ]
    }

    private static func history(_ call: Call, _ tracking: Tracking) async throws -> Answer {
        let message = try await call.message()
        let id = try message.requiredRunID()
        let key = try message.requiredString("metric_key")
        let after = try message.nonEmptyString("page_token").map(HistoryPosition.init(token:))
        let runs = tracking.runs(for: call.caller)
        guard let limit = try message.integer("max_results") else {
            let first = try await runs.history(of: key, in: id, after: after, limit: streamedPoints)
            return first.next == nil ? await answer(first) : stream(first, of: key, in: id, from: runs)
        }
        guard limit > 0 else {
            throw Failure.invalid(
                "Invalid value \(limit) for parameter 'max_results' supplied. It must be a positive integer."
            )
        }
        return await answer(
            try await runs.history(of: key, in: id, after: after, limit: Int(min(limit, 1_000_000)))
        )
    }

    private static func answer(_ page: HistoryPage) async -> Answer {
        await .page(capacityBytes: page.points.count * 96 + 64) { json in
            json.metrics(page.points)
            if let next = page.next { json.field("next_page_token", next.token) }
        }
    }

    /// A history that is too long to be held whole: page after page, while the client reads.
    private static func stream(
        _ first: HistoryPage,
        of key: String,
        in id: String,
        from runs: RunStore
    ) -> Answer {
        let body = ResponseBody { writer in
            var page = first
            try await writer.write(ByteBuffer(string: "{\"metrics\":["))
            while true {
                try await writer.write(await aside { points(of: page) })
                guard let next = page.next else { break }
                page = try await runs.history(of: key, in: id, after: next, limit: streamedPoints)
                if !page.points.isEmpty { try await writer.write(ByteBuffer(string: ",")) }
            }
            try await writer.write(ByteBuffer(string: "]}"))
            try await writer.finish(nil)
        }
        return Answer(headers: [.contentType: "application/json"], body: body)
    }

    /// The points with commas between them.
    private static func points(of page: HistoryPage) -> ByteBuffer {
        var json = JSONWriter(capacityBytes: page.points.count * 96)
        json.array { json in
            for point in page.points { json.object { $0.fields(of: point) } }
        }
        return ByteBuffer(bytes: json.bytes.dropFirst().dropLast())
    }

    private static func bulk(_ call: Call, _ tracking: Tracking) async throws -> Answer {
        let message = try await call.message()
        let ids = try message.strings("run_id")
        guard !ids.isEmpty else {
            throw Failure.invalid("GetMetricHistoryBulk request must specify at least one run_id.")
        }
        guard ids.count <= bulkRunLimit else {
            throw Failure.invalid(
                "GetMetricHistoryBulk request cannot specify more than \(bulkRunLimit) run_ids. "
                    + "Received \(ids.count) run_ids."
            )
        }
        guard let key = try message.string("metric_key") else {
            throw Failure.invalid("GetMetricHistoryBulk request must specify a metric_key.")
        }
        let limit = min(try message.integer("max_results") ?? bulkPointLimit, bulkPointLimit)
        let found = try await tracking.runs(for: call.caller)
            .histories(of: key, in: ids, limit: Int(max(limit, 0)))
        return await .page(capacityBytes: found.count * 144 + 64) { json in
            json.array("metrics") { json in
                for (run, point) in found { json.value(point, of: run) }
            }
        }
    }

    private static func sampled(_ call: Call, _ tracking: Tracking) async throws -> Answer {
        let found = try await sampled(call.message(), tracking.runs(for: call.caller))
        return await .page(capacityBytes: found.reduce(64) { $0 + $1.points.count * 144 }) { json in
            guard found.contains(where: { !$0.points.isEmpty }) else { return }
            json.array("metrics") { json in
                for (run, points) in found {
                    for point in points { json.value(point, of: run) }
                }
            }
        }
    }

    /// - Source: `service.proto`, message `GetMetricHistoryBulkInterval`.
    static func sampled(
        _ message: Message,
        _ runs: RunStore
    ) async throws -> [(run: String, points: [Metric])] {
        let ids = try message.strings("run_ids")
        guard !ids.isEmpty else { throw message.missing("run_ids") }
        guard ids.count <= bulkRunLimit else {
            throw Failure.invalid(
                "GetMetricHistoryBulkInterval request must specify at most \(bulkRunLimit) run_ids. "
                    + "Received \(ids.count) run_ids. \(seeTheDocs)"
            )
        }
        let key = try message.requiredString("metric_key")
        let steps = try stepRange(message)
        let limit = try message.integer("max_results") ?? sampledPointLimit
        guard 1...sampledPointLimit ~= limit else {
            throw Failure.invalid("max_results must be between 1 and \(sampledPointLimit). \(seeTheDocs)")
        }
        return try await runs.sampledHistories(of: key, in: ids, steps: steps, limit: Int(limit))
    }

    private static func stepRange(_ message: Message) throws -> ClosedRange<Int64>? {
        let start = try message.integer("start_step")
        let end = try message.integer("end_step")
        guard let start, let end else {
            guard start == nil, end == nil else {
                throw Failure.invalid(
                    "If either start step or end step are specified, both must be specified."
                )
            }
            return nil
        }
        guard start <= end else {
            throw Failure.invalid(
                "end_step must be greater than start_step. Found start_step=\(start) and end_step=\(end)."
            )
        }
        return start...end
    }
}

extension JSONWriter {
    /// - Source: `service.proto`, message `MetricWithRunId`.
    mutating func value(_ point: Metric, of run: String) {
        object { json in
            json.fields(of: point)
            json.field("run_id", run)
        }
    }
}
