import Core
import Foundation
import NIOPosix
import Registry
import Tracking

/// An `mlruns` folder: a folder to an experiment, in it a folder to a run, in it a file to a metric, param and tag.
///
/// What is in the bin lies below `.trash`. A part that cannot be read is told and left out, as MLflow does.
///
/// - Source: MLflow 3.17, `mlflow/store/tracking/file_store.py`.
struct FileStoreSource: ImportSource {
    let root: String
    let local: LocalArtifacts
    let report: ImportReport

    var title: String { root }

    private static let trash = ".trash"
    /// The folder of the model registry beside the experiments.
    private static let registry = "models"
    private static let notRuns: Set<String> = ["tags", "datasets", "traces", "models"]

    /// - Throws: `SettingError` where there is no experiment in the folder.
    static func open(_ root: String, local: LocalArtifacts, report: ImportReport) throws -> FileStoreSource {
        let source = FileStoreSource(root: root, local: local, report: report)
        guard try !source.experimentFolders().isEmpty else {
            throw SettingError("\(root) is no mlruns folder: there is no experiment in it.")
        }
        return source
    }

    func leftovers() async throws -> [String] {
        let traces = try experimentFolders().map { try folders(in: $0 + "/traces").count }.reduce(0, +)
        return traces > 0 ? ["\(traces) traces"] : []
    }

    func experiments() async throws -> [ImportedExperiment] {
        try experimentFolders().compactMap { folder in
            do {
                return try experiment(in: folder)
            } catch {
                report.missed("the experiment in \(folder)", "its meta.yaml cannot be read: \(error)")
                return nil
            }
        }.sorted { $0.id < $1.id }
    }

    func runCount(of experiments: [Int64]) async throws -> Int? {
        try experiments.map { try runFolders(of: $0).count }.reduce(0, +)
    }

    func forEachRun(of experiment: Int64, _ body: (SourceRun) async throws -> Void) async throws {
        for folder in try runFolders(of: experiment) {
            let run = try await NIOThreadPool.singleton.runIfActive { () -> SourceRun? in
                do {
                    return try FileStoreRun(folder: folder, experiment: experiment).read(report)
                } catch {
                    report.missed("the run in \(folder)", "\(error)")
                    return nil
                }
            }
            if let run { try await body(run) }
        }
    }

    func forEachPage(ofPointsOf run: SourceRun, _ body: ([Metric]) async throws -> Void) async throws {
        guard let folder = run.folder else { return }
        for key in run.metricKeys {
            let file = MetricFile(path: folder + "/metrics/" + key, key: key)
            try await file.forEachPage(body) { line in
                report.missed("run \(run.run.id), metric \(key)", "the line '\(line)' is no point")
            }
        }
    }

    func forEachLoggedModel(
        of experiment: Int64,
        _ body: (SourceModel) async throws -> Void
    ) async throws {
        for folder in try folders(in: folder(of: experiment) + "/models")
        where FileManager.default.fileExists(atPath: folder + "/meta.yaml") {
            do {
                try await body(FileStoreModel(folder: folder, experiment: experiment).read(report))
            } catch let error as SettingError {
                report.missed("the logged model in \(folder)", error.description)
            }
        }
    }

    func forEachRegisteredModel(_ body: (ImportedRegisteredModel) async throws -> Void) async throws {
        for folder in try folders(in: root + "/" + Self.registry)
        where FileManager.default.fileExists(atPath: folder + "/meta.yaml") {
            do {
                try await body(FileStoreRegisteredModel(folder: folder).read(report))
            } catch let error as SettingError {
                report.missed("the registered model in \(folder)", error.description)
            }
        }
    }

    func artifacts(of owner: ArtifactOwner) -> SourceArtifacts {
        local.find(owner, tellingIn: report)
    }

    func close() async throws {}

    private func experiment(in folder: String) throws -> ImportedExperiment {
        let meta = try MetaFile(path: folder + "/meta.yaml")
        guard let id = meta.integer("experiment_id"), let name = meta.text("name") else {
            throw SettingError("it has no number or no name")
        }
        return ImportedExperiment(
            id: id,
            name: name,
            artifactLocation: meta.text("artifact_location") ?? folder,
            stage: meta.text("lifecycle_stage").flatMap(LifecycleStage.init) ?? .active,
            creationTime: meta.integer("creation_time") ?? 0,
            lastUpdateTime: meta.integer("last_update_time") ?? meta.integer("creation_time") ?? 0,
            tags: try KeyFiles.pairs(in: folder + "/tags").map { Tag(key: $0.key, value: $0.value) }
        )
    }

    private func experimentFolders() throws -> [String] {
        let active = try folders(in: root).filter { folder in
            !folder.hasSuffix("/" + Self.trash) && !folder.hasSuffix("/" + Self.registry)
        }
        return try (active + folders(in: root + "/" + Self.trash)).filter {
            FileManager.default.fileExists(atPath: $0 + "/meta.yaml")
        }
    }

    private func folder(of experiment: Int64) -> String {
        let active = "\(root)/\(experiment)"
        return FileManager.default.fileExists(atPath: active)
            ? active : "\(root)/\(Self.trash)/\(experiment)"
    }

    private func runFolders(of experiment: Int64) throws -> [String] {
        try folders(in: folder(of: experiment)).filter { folder in
            !Self.notRuns.contains(String(folder.split(separator: "/").last ?? ""))
                && FileManager.default.fileExists(atPath: folder + "/meta.yaml")
        }
    }

    private func folders(in folder: String) throws -> [String] { try KeyFiles.folders(in: folder) }
}

/// Folders in which each file is a key and its content the value; a slash in a key is a folder.
enum KeyFiles {
    static func folders(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { folder + "/" + $0 }
            .filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                    && isFolder.boolValue
            }
    }

    static func keys(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter { path in
            // Security: a link in a folder of somebody else may lead to any file of this machine.
            FileStatus(ofFile: folder + "/" + path, followsLinks: false)?.isRegular == true
        }
    }

    static func pairs(in folder: String) throws -> [(key: String, value: String)] {
        try keys(in: folder).map { key in
            guard let content = FileManager.default.contents(atPath: folder + "/" + key) else {
                throw SettingError("\(folder)/\(key) cannot be read")
            }
            return (key, String(decoding: content, as: UTF8.self))
        }
    }
}
