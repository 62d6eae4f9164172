import Core
import Tracking

/// The beginnings of the objects in which a page's metrics, params and tags are written, each name once: from the brace to the
/// value.
struct NamedObjects {
    private let beginnings: [[UInt8]]

    init(_ names: [String]) {
        beginnings = names.map { name in
            var json = JSONWriter(capacityBytes: 64)
            json.value(name)
            return Array(#"{"key":"#.utf8) + json.bytes + Array(#","value":"#.utf8)
        }
    }

    subscript(place: Int) -> [UInt8] { beginnings[place] }
}

/// - Source: `service.proto`, messages `Run`, `RunInfo`, `RunData`, `RunInputs`, `RunOutputs`.
extension JSONWriter {
    /// Writes runs that were read together.
    mutating func values(_ runs: [Run], showsModelInputs: Bool) {
        guard let first = runs.first else { return }
        let objects = NamedObjects(first.names)
        for run in runs { value(run, objects, showsOutputs: true, showsModelInputs: showsModelInputs) }
    }

    mutating func value(_ run: Run, showsOutputs: Bool = true) {
        value(run, NamedObjects(run.names), showsOutputs: showsOutputs, showsModelInputs: true)
    }

    /// Writes a run with the beginnings of the page that it was read with.
    mutating func value(
        _ run: Run,
        _ objects: NamedObjects,
        showsOutputs: Bool,
        showsModelInputs: Bool
    ) {
        object { json in
            json.key("info")
            json.value(run.info)
            json.object("data") { $0.data(of: run, objects) }
            json.object("inputs") { json in
                json.datasets(run.datasets)
                let models = showsModelInputs ? run.modelInputs : []
                if !models.isEmpty {
                    json.array("model_inputs") { json in
                        for id in models { json.object { $0.field("model_id", id) } }
                    }
                }
            }
            if showsOutputs { json.outputs(run.modelOutputs) }
        }
    }

    private mutating func data(of run: Run, _ objects: NamedObjects) {
        let metrics = run.metricRows
        if !metrics.isEmpty {
            array("metrics") { json in
                for metric in metrics {
                    json.object(opening: objects[metric.name]) { json in
                        json.value(metric.value)
                        json.field("timestamp", metric.timestamp)
                        json.field("step", metric.step)
                    }
                }
            }
        }
        if run.hasParams {
            array("params") { json in
                run.forEachParam { name, value in
                    json.object(opening: objects[name]) { $0.value(utf8: value) }
                }
            }
        }
        if run.hasTags {
            array("tags") { json in
                run.forEachTag { name, value in
                    json.object(opening: objects[name]) { $0.value(utf8: value) }
                }
            }
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
                        // An empty one is none, as in the original.
                        if let schema = input.dataset.schema, !schema.isEmpty { json.field("schema", schema) }
                        if let profile = input.dataset.profile, !profile.isEmpty {
                            json.field("profile", profile)
                        }
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
