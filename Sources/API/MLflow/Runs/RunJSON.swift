import Core
import Tracking

/// - Source: `service.proto`, messages `Run`, `RunInfo`, `RunData`, `RunInputs`, `RunOutputs`.
extension JSONWriter {
    mutating func value(_ run: Run, showsOutputs: Bool = true, showsModelInputs: Bool = true) {
        object { json in
            json.key("info")
            json.value(run.info)
            json.object("data") { json in
                json.metrics(run.metrics)
                if !run.params.isEmpty {
                    json.array("params") { json in
                        for param in run.params { json.pair(param.key, param.value) }
                    }
                }
                json.tags("tags", run.tags)
            }
            json.object("inputs") { json in
                json.datasets(run.datasets)
                if showsModelInputs, !run.modelInputs.isEmpty {
                    json.array("model_inputs") { json in
                        for id in run.modelInputs { json.object { $0.field("model_id", id) } }
                    }
                }
            }
            if showsOutputs { json.outputs(run.modelOutputs) }
        }
    }

    mutating func value(_ info: RunInfo) {
        object { json in
            json.field("run_id", info.id)
            json.field("run_uuid", info.id)
            json.field("run_name", info.name)
            json.field("experiment_id", "\(info.experimentID)")
            json.field("user_id", info.userID)
            json.field("status", info.status.word)
            json.field("start_time", info.startTime)
            if let endTime = info.endTime { json.field("end_time", endTime) }
            json.field("artifact_uri", info.artifactURI)
            json.field("lifecycle_stage", info.stage.rawValue)
        }
    }

    /// The points of a run; left out where there are none.
    mutating func metrics(_ metrics: [Metric]) {
        guard !metrics.isEmpty else { return }
        array("metrics") { json in
            for metric in metrics { json.object { $0.fields(of: metric) } }
        }
    }

    mutating func fields(of metric: Metric) {
        field("key", metric.key)
        field("value", metric.value)
        field("timestamp", metric.timestamp)
        field("step", metric.step)
    }

    private mutating func datasets(_ inputs: [DatasetInput]) {
        guard !inputs.isEmpty else { return }
        array("dataset_inputs") { json in
            for input in inputs {
                json.object { json in
                    json.tags("tags", input.tags)
                    json.object("dataset") { json in
                        json.field("name", input.dataset.name)
                        json.field("digest", input.dataset.digest)
                        json.field("source_type", input.dataset.sourceType)
                        json.field("source", input.dataset.source)
                        if let schema = input.dataset.schema { json.field("schema", schema) }
                        if let profile = input.dataset.profile { json.field("profile", profile) }
                    }
                }
            }
        }
    }

    private mutating func outputs(_ outputs: [ModelOutput]) {
        object("outputs") { json in
            guard !outputs.isEmpty else { return }
            json.array("model_outputs") { json in
                for output in outputs {
                    json.object { json in
                        json.field("model_id", output.modelID)
                        json.field("step", output.step)
                    }
                }
            }
        }
    }
}
