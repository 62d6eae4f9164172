import Core
import Foundation
import Tracking

/// The folder of a run in MLflow's file store.
struct FileStoreRun {
    let folder: String
    let experiment: Int64

    /// - Throws: `SettingError`, or what the file system or the YAML says, where the run cannot be read.
    func read(_ report: ImportReport) throws -> SourceRun {
        let meta = try MetaFile(path: folder + "/meta.yaml")
        guard let id = meta.text("run_id") ?? meta.text("run_uuid") else {
            throw SettingError("its meta.yaml has no id")
        }
        let tags = try KeyFiles.pairs(in: folder + "/tags").map { Tag(key: $0.key, value: $0.value) }
        let inputs = try inputs(of: id, report)
        let run = ImportedRun(
            id: id,
            experimentID: experiment,
            name: meta.text("run_name") ?? tags.first { $0.key == "mlflow.runName" }?.value ?? "",
            userID: meta.text("user_id") ?? "",
            status: meta.integer("status").flatMap(RunStatus.init) ?? .running,
            startTime: meta.integer("start_time") ?? 0,
            endTime: meta.integer("end_time"),
            stage: meta.text("lifecycle_stage").flatMap(LifecycleStage.init) ?? .active,
            deletedTime: meta.integer("deleted_time"),
            artifactURI: meta.text("artifact_uri") ?? folder + "/artifacts",
            params: try KeyFiles.pairs(in: folder + "/params").map { Param(key: $0.key, value: $0.value) },
            tags: tags,
            datasets: inputs.datasets,
            modelInputs: inputs.models,
            modelOutputs: try outputs()
        )
        return SourceRun(run: run, folder: folder, metricKeys: try KeyFiles.keys(in: folder + "/metrics"))
    }

    private func inputs(
        of run: String,
        _ report: ImportReport
    ) throws -> (datasets: [DatasetInput], models: [String]) {
        var datasets: [DatasetInput] = []
        var models: [String] = []
        for input in try KeyFiles.folders(in: folder + "/inputs") {
            let meta = try MetaFile(path: input + "/meta.yaml")
            guard let source = meta.text("source_id") else { continue }
            if meta.text("source_type") == "MODEL" {
                models.append(source)
            } else if let dataset = try dataset(source) {
                let tags = meta.pairs("tags").map { Tag(key: $0.key, value: $0.value) }
                datasets.append(DatasetInput(dataset: dataset, tags: tags))
            } else {
                report.missed("run \(run), dataset \(source)", "its folder is missing")
            }
        }
        return (datasets, models)
    }

    private func dataset(_ id: String) throws -> Dataset? {
        let path =
            folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.endIndex) + "/datasets/\(id)/meta.yaml"
        guard FileManager.default.fileExists(atPath: String(path)) else { return nil }
        let meta = try MetaFile(path: String(path))
        return Dataset(
            name: meta.text("name") ?? "",
            digest: meta.text("digest") ?? "",
            sourceType: meta.text("source_type") ?? "",
            source: meta.text("source") ?? "",
            schema: meta.text("schema"),
            profile: meta.text("profile")
        )
    }

    private func outputs() throws -> [ModelOutput] {
        try KeyFiles.folders(in: folder + "/outputs").compactMap { output in
            let meta = try MetaFile(path: output + "/meta.yaml")
            return meta.text("destination_id").map {
                ModelOutput(modelID: $0, step: meta.integer("step") ?? 0)
            }
        }
    }
}
