import Core
package import HTTP
import HTTPTypes
package import Tracking

/// What runs use and make: datasets and logged models.
package enum DatasetEndpoints {
    package static func all(_ tracking: Tracking) -> [Endpoint] {
        [
            Endpoint(.post, "runs/log-inputs", needs: .write, touching: .runAndModels(tracking, namedModels))
            { call in
                let message = try await call.message()
                let id = try message.requiredString("run_id")
                let inputs = try RunInputs(
                    datasets: message.messages("datasets").map { try $0.datasetInput() },
                    models: message.messages("models").map { try $0.string("model_id") ?? "" }
                )
                try await tracking.runs(for: call.caller).log(inputs, to: id)
                return .empty
            },
            Endpoint(.post, "runs/outputs", needs: .write, touching: .runAndModels(tracking, namedModels)) {
                call in
                let message = try await call.message()
                let id = try message.requiredString("run_id")
                guard try message.has("models") else { throw message.missing("models") }
                let outputs = try message.messages("models").map { try $0.modelOutput() }
                try await tracking.runs(for: call.caller).log(outputs, to: id)
                return .empty
            },
            // Below /ajax-api alone: the path that MLflow's messages declare for it lacks a slash and is never served.
            Endpoint(.post, "experiments/search-datasets", in: .ajax2, needs: .read, touching: .reached) {
                call in
                let ids = try await call.message().strings("experiment_ids")
                let datasets = tracking.datasets(for: call.caller)
                let summaries = try await datasets.summaries(of: ids.map(ExperimentID.parse))
                return await .page(capacityBytes: summaries.count * 256 + 64) { json in
                    guard !summaries.isEmpty else { return }
                    json.array("dataset_summaries") { json in
                        for summary in summaries { summary.write(to: &json) }
                    }
                }
            },
        ]
    }
}

/// The logged models of the field `models`.
@Sendable private func namedModels(_ message: Message) throws -> [String] {
    try message.messages("models").compactMap { try $0.nonEmptyString("model_id") }
}

extension Message {
    /// Message `DatasetInput` in `service.proto`; what is left out is stored as an empty text.
    fileprivate func datasetInput() throws -> DatasetInput {
        let dataset = try message("dataset")
        return DatasetInput(
            dataset: Dataset(
                name: try dataset?.string("name") ?? "",
                digest: try dataset?.string("digest") ?? "",
                sourceType: try dataset?.string("source_type") ?? "",
                source: try dataset?.string("source") ?? "",
                schema: try dataset?.string("schema"),
                profile: try dataset?.string("profile")
            ),
            tags: try tags("tags")
        )
    }

    /// Message `LoggedModelOutput` in `service.proto`.
    fileprivate func modelOutput() throws -> ModelOutput {
        ModelOutput(modelID: try string("model_id") ?? "", step: try integer("step") ?? 0)
    }
}

extension DatasetSummary {
    /// Message `DatasetSummary` in `service.proto`.
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("experiment_id", "\(experimentID)")
            json.field("name", name)
            json.field("digest", digest)
            if let context { json.field("context", context) }
        }
    }
}
