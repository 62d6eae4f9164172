import Core
import ObjectStore
import Tracking

/// A model that can be registered: a logged one, or a folder of a run that holds an `MLmodel`.
struct RegisterChoice: Sendable, Hashable {
    private static let mostFiles = 5_000

    let label: String
    let source: String
    /// Nil for a folder of the run that is no logged model.
    let modelID: String?

    init(_ model: LoggedModel) {
        (label, source, modelID) = (model.name, "models:/\(model.id)", model.id)
    }

    private init(folder path: String, of run: RunInfo) {
        label = path.isEmpty ? "all artifacts" : path
        source = path.isEmpty ? run.artifactURI : "\(run.artifactURI)/\(path)"
        modelID = nil
    }

    /// The models of a run: those that it logged, and those that lie among its artifacts here; and whether these are all.
    static func all(
        of run: Run,
        _ visit: Visit,
        _ web: Web
    ) async throws -> (choices: [RegisterChoice], areAll: Bool) {
        let models = try await RunModels.load(run, for: visit, web)
        let logged = models.made.compactMap(\.model).filter { $0.stage == .active }
        let folders = try await folders(of: run.info, visit, web)
        return (logged.map { RegisterChoice($0) } + (folders ?? []), folders != nil && models.hiddenMade == 0)
    }

    /// Nil where the run has too many files to look through.
    private static func folders(
        of run: RunInfo,
        _ visit: Visit,
        _ web: Web
    ) async throws -> [RegisterChoice]? {
        guard let store = web.files, let root = VersionFolder.storePath(of: run.artifactURI) else {
            return []
        }
        let files: [File]
        do {
            files = try await store.files(for: visit.caller).tree(root, limit: mostFiles)
        } catch let failure as Failure where failure.code == .tooLarge {
            return nil
        }
        return files.filter { $0.path.name == "MLmodel" }.map { file in
            let path = file.path.text.dropFirst(root.text.count + 1).dropLast("MLmodel".count)
            return RegisterChoice(folder: String(path.hasSuffix("/") ? path.dropLast() : path), of: run)
        }
    }
}
