import Core
package import HTTP
import HTTPTypes
package import Tracking

/// What MLflow answers about runs.
package enum RunEndpoints {
    package static func all(_ tracking: Tracking) -> [Endpoint] {
        [
            Endpoint(.post, "runs/create", needs: .write, touching: .experiment(.update, tracking)) { call in
                let run = try await tracking.runs(for: call.caller).create(newRun(call.message()))
                return .json(capacityBytes: 1_024) { json in
                    json.key("run")
                    json.value(run, showsOutputs: false)
                }
            },
            Endpoint(.get, "runs/get", needs: .read, touching: .run(.read, tracking)) { call in
                let id = try await call.message().requiredRunID()
                let run = try await tracking.runs(for: call.caller).get(id)
                return .json(capacityBytes: 4_096) { json in
                    json.key("run")
                    json.value(run)
                }
            },
            Endpoint(.post, "runs/update", needs: .write, touching: .run(.update, tracking)) { call in
                let message = try await call.message()
                let id = try message.requiredRunID()
                let info = try await tracking.runs(for: call.caller).update(
                    id,
                    status: message.word("status"),
                    endTime: message.integer("end_time"),
                    name: message.string("run_name")
                )
                return .json { json in
                    json.key("run_info")
                    json.value(info)
                }
            },
            Endpoint(.post, "runs/delete", needs: .write, touching: .run(.delete, tracking)) { call in
                try await tracking.runs(for: call.caller).delete(call.message().requiredString("run_id"))
                return .empty
            },
            Endpoint(.post, "runs/restore", needs: .write, touching: .run(.delete, tracking)) { call in
                try await tracking.runs(for: call.caller).restore(call.message().requiredString("run_id"))
                return .empty
            },
            Endpoint(
                .post,
                "runs/log-metric",
                needs: .write,
                touching: .runAndModels(tracking) { [try $0.nonEmptyString("model_id")].compactMap { $0 } }
            ) { call in
                let (id, metric) = try LogMetricMessage.read(try await call.message())
                try await tracking.runs(for: call.caller).log(Batch(metric: metric), to: id)
                return .empty
            },
            Endpoint(.post, "runs/log-parameter", needs: .write, touching: .run(.update, tracking)) { call in
                let message = try await call.message()
                let id = try message.requiredRunID()
                let param = Param(
                    key: try message.requiredString("key"),
                    value: try message.string("value") ?? ""
                )
                try await tracking.runs(for: call.caller).logParam(Batch(param: param), to: id)
                return .empty
            },
            Endpoint(.post, "runs/set-tag", needs: .write, touching: .run(.update, tracking)) { call in
                let message = try await call.message()
                let id = try message.requiredRunID()
                let tag = Tag(
                    key: try message.requiredString("key"),
                    value: try message.string("value") ?? ""
                )
                try await tracking.runs(for: call.caller).log(Batch(tag: tag), to: id)
                return .empty
            },
            Endpoint(.post, "runs/delete-tag", needs: .write, touching: .run(.update, tracking)) { call in
                let message = try await call.message()
                let id = try message.requiredString("run_id")
                try await tracking.runs(for: call.caller).deleteTag(message.requiredString("key"), of: id)
                return .empty
            },
            Endpoint(.post, "runs/log-batch", needs: .write, touching: .batch(tracking)) { call in
                let message = try LogBatchMessage(try await call.jsonBody())
                try await tracking.runs(for: call.caller).log(message.batch(), to: message.runID)
                return .empty
            },
            Endpoint(.post, "runs/search", needs: .read, touching: .reached) {
                try await search($0, tracking)
            },
        ]
    }

    private static func newRun(_ message: Message) throws -> NewRun {
        guard let experiment = try message.nonEmptyString("experiment_id") else {
            throw message.missing("experiment_id")
        }
        return NewRun(
            experimentID: try ExperimentID.parse(experiment),
            userID: try message.string("user_id") ?? "",
            name: try message.string("run_name") ?? "",
            startTime: try message.integer("start_time") ?? 0,
            tags: try message.tags("tags")
        )
    }

    private static func search(_ call: Call, _ tracking: Tracking) async throws -> Answer {
        let page = try await search(call.message(), tracking.runs(for: call.caller))
        return await .page(capacityBytes: page.runs.count * 2_048 + 64) { json in
            if !page.runs.isEmpty {
                json.array("runs") { $0.values(page.runs, showsModelInputs: false) }
            }
            if let next = page.next { json.field("next_page_token", next) }
        }
    }

    /// - Source: `service.proto`, message `SearchRuns`.
    static func search(
        _ message: Message,
        _ runs: RunStore
    ) async throws -> (runs: [Run], next: String?) {
        let search = RunSearch(
            experimentIDs: try message.strings("experiment_ids").map(ExperimentID.parse),
            filter: try message.string("filter"),
            orderBy: try message.strings("order_by"),
            viewType: try message.viewType("run_view_type"),
            limit: try SearchLimit.check(message.integer("max_results") ?? 1_000),
            pageToken: try message.string("page_token")
        )
        return try await runs.search(search)
    }
}

/// How many things one page of a search may hold.
enum SearchLimit {
    private static let most: Int64 = 50_000

    /// - Throws: `Failure.invalid` in MLflow's words for less than 1 or more than 50,000.
    static func check(_ count: Int64) throws(Failure) -> Int {
        guard count > 0 else {
            throw .invalid(
                "Invalid value \(count) for parameter 'max_results' supplied. It must be a positive integer"
            )
        }
        guard count <= most else {
            throw .invalid(
                "Invalid value \(count) for parameter 'max_results' supplied. It must be at most \(most)"
            )
        }
        return Int(count)
    }
}

extension RunStatus: WireWord {
    package var wireName: String { word }
    package var wireNumber: Int64 { rawValue }
}
