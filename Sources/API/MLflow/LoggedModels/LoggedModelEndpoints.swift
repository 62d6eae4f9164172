import Core
package import HTTP
import HTTPTypes
package import Tracking

/// Models that are logged to experiments.
package enum LoggedModelEndpoints {
    /// - Parameters:
    ///   - tracking: Where they are kept.
    ///   - seals: Signs the versions that wait for the files of a model.
    /// - Returns: The rows of the table.
    package static func all(_ tracking: Tracking, _ seals: VersionSeals) -> [Endpoint] {
        [
            Endpoint(.post, "logged-models", needs: .write, touching: .experimentAndSource(tracking)) {
                call in
                let new = try await call.message().newLoggedModel()
                return .model(try await tracking.loggedModels(for: call.caller).create(new))
            },
            Endpoint(.post, "logged-models/search", needs: .read, touching: .reached) {
                try await search($0, tracking)
            },
            Endpoint(.get, "logged-models/:model_id", needs: .read, touching: .loggedModel(.read, tracking)) {
                call in
                let model = try await tracking.loggedModels(for: call.caller).get(
                    call.parameter("model_id"),
                    isDeletedFound: call.query["allow_deleted"]?.lowercased() == "true"
                )
                return .model(model)
            },
            Endpoint(
                .patch,
                "logged-models/:model_id",
                needs: .write,
                touching: .loggedModel(.update, tracking)
            ) { call in
                // The id is read from the body, as in the original; clients send the same in the path.
                let message = try await call.message()
                let id = try message.requiredString("model_id")
                guard let status = try message.status() else { throw message.missing("status") }
                let model = try await tracking.loggedModels(for: call.caller).finalize(id, as: status)
                if status == .ready {
                    try await seals.signWaiting(for: model, call.caller)
                }
                return .model(model)
            },
            Endpoint(
                .delete,
                "logged-models/:model_id",
                needs: .write,
                touching: .loggedModel(.delete, tracking)
            ) { call in
                try await tracking.loggedModels(for: call.caller).delete(call.parameter("model_id"))
                return .empty
            },
            Endpoint(
                .patch,
                "logged-models/:model_id/tags",
                needs: .write,
                touching: .loggedModel(.update, tracking)
            ) { call in
                let tags = try await call.message().tags("tags")
                try await tracking.loggedModels(for: call.caller).set(tags, of: call.parameter("model_id"))
                return .empty
            },
            // All that follows is the key, since the Python client does not encode the slashes in it.
            Endpoint(
                .delete,
                "logged-models/:model_id/tags/**",
                needs: .write,
                touching: .loggedModel(.delete, tracking)
            ) { call in
                try await tracking.loggedModels(for: call.caller).deleteTag(
                    call.rest,
                    of: call.parameter("model_id")
                )
                return .empty
            },
            Endpoint(
                .post,
                "logged-models/:model_id/params",
                needs: .write,
                touching: .loggedModel(.update, tracking)
            ) { call in
                let message = try await call.message()
                _ = try message.requiredString("model_id")
                let params = try message.params()
                try await tracking.loggedModels(for: call.caller).log(params, to: call.parameter("model_id"))
                return .empty
            },
            Endpoint(.post, "runs/log-model", needs: .write, touching: .run(.update, tracking)) { call in
                let message = try await call.message()
                let id = try message.requiredString("run_id")
                let record = try ModelRecord(parsing: message.requiredString("model_json"))
                try await tracking.runs(for: call.caller).record(record, of: id)
                return .empty
            },
        ]
    }

    /// More than this are answered page by page, whatever is asked.
    private static let pageLimit: Int64 = 1_000

    private static func search(_ call: Call, _ tracking: Tracking) async throws -> Answer {
        let message = try await call.message()
        guard try message.has("experiment_ids") else { throw message.missing("experiment_ids") }
        let limit = try message.integer("max_results") ?? 0
        guard limit >= 0 else {
            throw Failure.invalid(
                "Invalid value for max_results. It must be a positive number, but got value \(limit)"
            )
        }
        let search = LoggedModelSearch(
            experimentIDs: try message.strings("experiment_ids").map(ExperimentID.parse),
            filter: try message.string("filter"),
            datasets: try message.messages("datasets").map { try $0.searchedDataset() },
            orderBy: try message.messages("order_by").map { try $0.orderTerm() },
            limit: limit == 0 ? 100 : Int(min(limit, pageLimit)),
            pageToken: try message.string("page_token")
        )
        let page = try await tracking.loggedModels(for: call.caller).search(search)
        return await .page(capacityBytes: page.models.count * 1_024 + 64) { json in
            if !page.models.isEmpty {
                json.array("models") { json in
                    for model in page.models { json.value(model) }
                }
            }
            if let next = page.next { json.field("next_page_token", next) }
        }
    }
}

extension Answer {
    fileprivate static func model(_ model: LoggedModel) -> Answer {
        .json { json in
            json.key("model")
            json.value(model)
        }
    }
}

extension Message {
    /// Message `CreateLoggedModel` in `service.proto`.
    fileprivate func newLoggedModel() throws -> NewLoggedModel {
        try NewLoggedModel(
            experimentID: ExperimentID.parse(requiredString("experiment_id")),
            name: string("name") ?? "",
            type: string("model_type") ?? "",
            sourceRunID: string("source_run_id") ?? "",
            params: params(),
            tags: tags("tags")
        )
    }

    fileprivate func params() throws -> [Param] {
        try messages("params").map {
            Param(key: try $0.string("key") ?? "", value: try $0.string("value") ?? "")
        }
    }

    /// Message `SearchLoggedModels.Dataset` in `service.proto`.
    fileprivate func searchedDataset() throws -> LoggedModelDataset {
        LoggedModelDataset(
            name: try string("dataset_name") ?? "",
            digest: try nonEmptyString("dataset_digest")
        )
    }

    /// Message `SearchLoggedModels.OrderBy` in `service.proto`.
    fileprivate func orderTerm() throws -> LoggedModelOrderTerm {
        LoggedModelOrderTerm(
            field: try string("field_name") ?? "",
            isAscending: try boolean("ascending") ?? true,
            datasetName: try nonEmptyString("dataset_name"),
            datasetDigest: try nonEmptyString("dataset_digest")
        )
    }

    /// A word or number that is no status means none in particular, as in the original.
    fileprivate func status() throws -> LoggedModelStatus? {
        switch try json("status") {
        case nil: nil
        case .string(let text)?:
            LoggedModelStatus.allCases.first { $0.word == text || "\($0.rawValue)" == text } ?? .unspecified
        case .integer(let number)?: LoggedModelStatus(rawValue: number) ?? .unspecified
        case let other?: throw invalid(other, "status")
        }
    }
}

/// - Source: `service.proto`, messages `LoggedModel`, `LoggedModelInfo`, `LoggedModelData`.
extension JSONWriter {
    mutating func value(_ model: LoggedModel) {
        object { json in
            json.object("info") { $0.fields(of: model) }
            json.object("data") { json in
                if !model.params.isEmpty {
                    json.array("params") { json in
                        for param in model.params { json.pair(param.key, param.value) }
                    }
                }
                guard !model.metrics.isEmpty else { return }
                json.array("metrics") { json in
                    for metric in model.metrics { json.value(metric) }
                }
            }
        }
    }

    private mutating func fields(of model: LoggedModel) {
        field("model_id", model.id)
        field("experiment_id", "\(model.experimentID)")
        field("name", model.name)
        field("creation_timestamp_ms", model.creationTime)
        field("last_updated_timestamp_ms", model.lastUpdateTime)
        field("artifact_uri", model.artifactLocation)
        field("status", model.status.word)
        if let type = model.type { field("model_type", type) }
        if let id = model.sourceRunID { field("source_run_id", id) }
        if let message = model.statusMessage { field("status_message", message) }
        tags("tags", model.tags)
    }

    private mutating func value(_ point: LoggedModelMetric) {
        object { json in
            json.fields(of: point.metric)
            if let name = point.metric.datasetName { json.field("dataset_name", name) }
            if let digest = point.metric.datasetDigest { json.field("dataset_digest", digest) }
            if let id = point.metric.modelID { json.field("model_id", id) }
            json.field("run_id", point.runID)
        }
    }
}
