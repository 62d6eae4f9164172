import Core
import Foundation
import Tracking

/// The folder of a logged model in MLflow's file store.
struct FileStoreModel {
    let folder: String
    let experiment: Int64

    /// - Throws: `SettingError` where the model cannot be read.
    func read(_ report: ImportReport) throws -> SourceModel {
        let meta: MetaFile
        do {
            meta = try MetaFile(path: folder + "/meta.yaml")
        } catch {
            throw SettingError("its meta.yaml cannot be read: \(error)")
        }
        guard let id = meta.text("model_id") else { throw SettingError("its meta.yaml has no id") }
        let model = ImportedLoggedModel(
            id: id,
            experimentID: experiment,
            name: meta.text("name") ?? "",
            artifactLocation: meta.text("artifact_location") ?? folder + "/artifacts",
            creationTime: meta.integer("creation_timestamp") ?? 0,
            lastUpdateTime: meta.integer("last_updated_timestamp") ?? 0,
            status: meta.integer("status").flatMap(LoggedModelStatus.init) ?? .pending,
            statusMessage: meta.text("status_message"),
            stage: meta.text("lifecycle_stage").flatMap(LifecycleStage.init) ?? .active,
            modelType: meta.text("model_type"),
            sourceRunID: meta.text("source_run_id"),
            params: try KeyFiles.pairs(in: folder + "/params").map { Param(key: $0.key, value: $0.value) },
            tags: try KeyFiles.pairs(in: folder + "/tags").map { Tag(key: $0.key, value: $0.value) },
            metrics: try points(of: id, report)
        )
        return SourceModel(model: model, folder: folder)
    }

    private func points(of id: String, _ report: ImportReport) throws -> [ImportedLoggedModel.Point] {
        try KeyFiles.keys(in: folder + "/metrics").flatMap { key -> [ImportedLoggedModel.Point] in
            let path = folder + "/metrics/" + key
            let content = String(
                decoding: FileManager.default.contents(atPath: path) ?? Data(),
                as: UTF8.self
            )
            return content.split(separator: "\n").compactMap { line in
                guard let point = MetricLine(modelLine: line, key: key) else {
                    report.missed("logged model \(id), metric \(key)", "the line '\(line)' is no point")
                    return nil
                }
                return .init(metric: point.metric, runID: point.runID ?? "")
            }
        }
    }
}
