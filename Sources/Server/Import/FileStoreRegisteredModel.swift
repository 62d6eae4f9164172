import Core
import Foundation
import Registry

/// The folder of a registered model in MLflow's file store: a folder to a version, and a file to a tag and an alias.
///
/// - Source: MLflow 3.17, `mlflow/store/model_registry/file_store.py`.
struct FileStoreRegisteredModel {
    let folder: String

    private static let versionPrefix = "version-"
    /// A version whose folder is all that is left of it.
    private static let deletedStage = "Deleted_Internal"

    /// - Throws: `SettingError` where the model cannot be read.
    func read(_ report: ImportReport) throws -> ImportedRegisteredModel {
        let meta = try Self.meta(in: folder)
        guard let name = meta.text("name") else { throw SettingError("its meta.yaml has no name") }
        let (versions, last) = try versions(of: name, report)
        return ImportedRegisteredModel(
            name: name,
            description: meta.text("description"),
            creationTime: meta.integer("creation_timestamp") ?? 0,
            lastUpdateTime: meta.integer("last_updated_timestamp") ?? meta.integer("creation_timestamp") ?? 0,
            lastVersion: last,
            tags: try tags(in: folder),
            aliases: try KeyFiles.pairs(in: folder + "/aliases").compactMap { alias, text in
                Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { (alias, $0) }
            },
            versions: versions
        )
    }

    private func versions(
        of name: String,
        _ report: ImportReport
    ) throws -> (versions: [ImportedModelVersion], last: Int64) {
        var (versions, last): ([ImportedModelVersion], Int64) = ([], 0)
        for folder in try KeyFiles.folders(in: folder) {
            let title = folder.split(separator: "/").last ?? ""
            guard title.hasPrefix(Self.versionPrefix),
                let number = Int64(title.dropFirst(Self.versionPrefix.count))
            else { continue }
            last = max(last, number)
            do {
                if let version = try version(number, in: folder) { versions.append(version) }
            } catch let error as SettingError {
                report.missed("registered model \(name), version \(number)", error.description)
            }
        }
        return (versions.sorted { $0.version < $1.version }, last)
    }

    private func version(_ number: Int64, in folder: String) throws -> ImportedModelVersion? {
        let meta = try Self.meta(in: folder)
        guard meta.text("current_stage") != Self.deletedStage else { return nil }
        let source = meta.text("source") ?? ""
        let creation = meta.integer("creation_timestamp") ?? 0
        return ImportedModelVersion(
            version: number,
            description: meta.text("description"),
            creationTime: creation,
            lastUpdateTime: meta.integer("last_updated_timestamp") ?? creation,
            stage: meta.text("current_stage").flatMap(ModelStage.init) ?? .none,
            source: source,
            storageLocation: meta.text("storage_location") ?? source,
            runID: meta.text("run_id") ?? "",
            runLink: meta.text("run_link") ?? "",
            status: meta.text("status").flatMap(ModelVersionStatus.init) ?? .ready,
            statusMessage: meta.text("status_message"),
            tags: try tags(in: folder)
        )
    }

    private func tags(in folder: String) throws -> [Tag] {
        try KeyFiles.pairs(in: folder + "/tags").map { Tag(key: $0.key, value: $0.value) }
    }

    private static func meta(in folder: String) throws -> MetaFile {
        do {
            return try MetaFile(path: folder + "/meta.yaml")
        } catch {
            throw SettingError("its meta.yaml cannot be read: \(error)")
        }
    }
}
