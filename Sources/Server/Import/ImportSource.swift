import Core
import MLflowClient
import Registry
import Tracking

/// A tracking server's content somewhere else: a database, a folder, or a server that runs.
///
/// It is read and never written. Everything is given piece by piece, the next when the one before was taken.
protocol ImportSource: Sendable {
    /// What it is, for people; without a password.
    var title: String { get }

    /// What it holds that is not taken, a sentence each.
    func leftovers() async throws -> [String]

    func experiments() async throws -> [ImportedExperiment]

    /// How many runs there are, for the progress; nil where only reading all of them would tell.
    func runCount(of experiments: [Int64]) async throws -> Int?

    func forEachRun(of experiment: Int64, _ body: (SourceRun) async throws -> Void) async throws

    /// Gives the whole history of a run, some thousand points at a time.
    func forEachPage(ofPointsOf run: SourceRun, _ body: ([Metric]) async throws -> Void) async throws

    func forEachLoggedModel(of experiment: Int64, _ body: (SourceModel) async throws -> Void) async throws

    /// A logged model that a run names and that was given with no experiment; nil where there is none.
    func unlistedModel(_ id: String) async throws -> SourceModel?

    /// Gives the registered models and prompts, each with its versions.
    func forEachRegisteredModel(_ body: (ImportedRegisteredModel) async throws -> Void) async throws

    /// Where the files are that belong to a run or a model.
    func artifacts(of owner: ArtifactOwner) -> SourceArtifacts

    func close() async throws
}

extension ImportSource {
    /// What lies on the disk, or in a database, is listed with its experiment.
    func unlistedModel(_ id: String) async throws -> SourceModel? { nil }
}

/// A run of a source, and the folder in which it lies if it lies in one.
struct SourceRun: Sendable {
    var run: ImportedRun
    var folder: String?
    /// Metrics whose histories are asked for one by one.
    var metricKeys: [String] = []
}

/// A logged model of a source, and the folder in which it lies if it lies in one.
struct SourceModel: Sendable {
    var model: ImportedLoggedModel
    var folder: String?
}

enum ArtifactOwner: Sendable {
    case run(SourceRun)
    case model(SourceModel)

    var uri: String {
        switch self {
        case .run(let run): run.run.artifactURI
        case .model(let model): model.model.artifactLocation
        }
    }

    /// The number that the experiment has in the source.
    var experimentID: Int64 {
        switch self {
        case .run(let run): run.run.experimentID
        case .model(let model): model.model.experimentID
        }
    }

    /// The folder that the file store keeps for artifacts beside everything else of a run or a model.
    var folder: String? {
        switch self {
        case .run(let run): run.folder.map { $0 + "/artifacts" }
        case .model(let model): model.folder.map { $0 + "/artifacts" }
        }
    }

    /// How many steps at the end of an address name the owner below the root of all artifacts.
    var depth: Int {
        switch self {
        case .run: 3
        case .model: 4
        }
    }

    /// Whether there are files for certain: a model was logged whole.
    var hasFiles: Bool {
        switch self {
        case .run(let run): run.run.tags.contains { $0.key == "mlflow.log-model.history" }
        case .model(let model): model.model.status == .ready
        }
    }

    var id: String {
        switch self {
        case .run(let run): run.run.id
        case .model(let model): model.model.id
        }
    }

    var title: String {
        switch self {
        case .run(let run): "run \(run.run.id)"
        case .model(let model): "logged model \(model.model.id)"
        }
    }
}

/// Where the files of a run or a model are.
enum SourceArtifacts: Sendable {
    case folder(String)
    case server(MLflowClient, MLflowClient.ArtifactRoot)
    /// In a storage that clients reach by themselves, such as `s3`; they stay there.
    case elsewhere(scheme: String)
    /// Nobody said where they are.
    case unknown(String)
    /// There are none: the source names no place for them.
    case nowhere
}
