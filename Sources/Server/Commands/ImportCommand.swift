import API
import ArgumentParser
import Core
import Database
import Foundation
import MLflowClient
import ObjectStore
import Registry
import Tracking

/// `roost import`: brings what is elsewhere into this server.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring experiments, runs, models and artifacts from another server.",
        subcommands: [ImportMLflowCommand.self]
    )
}

struct ImportMLflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlflow",
        abstract: "Import MLflow's database, its mlruns folder, or a server that runs.",
        discussion: """
            Ids, times, whole metric histories and what is in the bin come along. The source is read and never changed. The \
            import can be ended at any moment and run again: what has come is not taken twice, and what was changed here \
            stays. A server may run beside it. The exit status is 1 where something did not come.

            A database:         roost import mlflow sqlite:///mlflow.db
            And its artifacts:  roost import mlflow postgresql://user@host/mlflow --artifacts /srv/mlartifacts
            A folder:           roost import mlflow ./mlruns
            A server:           roost import mlflow http://127.0.0.1:5000

            A server is asked as its clients ask: MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD and \
            MLFLOW_TRACKING_TOKEN say who does, MLFLOW_TRACKING_SERVER_CERT_PATH or MLFLOW_TRACKING_INSECURE_TLS whose \
            certificate it may have. Artifacts that a server kept are taken from mlartifacts beside the database, or here, where \
            --artifacts does not say where they lie. Traces stay behind.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "sqlite:///file or a file, postgresql://…, an mlruns folder, or http(s)://…",
            valueName: "source"
        )
    )
    var source: String

    @Option(
        help: ArgumentHelp(
            "Where the source's artifacts lie on this machine. (default: mlartifacts beside the source, or here)",
            valueName: "folder"
        )
    )
    var artifacts: String?
    @Flag(name: .customLong("no-artifacts"), help: "Leave the artifacts, and their addresses, as they are.")
    var leavesArtifacts = false
    @Option(
        name: .customLong("experiment"),
        help: ArgumentHelp("Take only the experiment of this name; can be repeated.", valueName: "name")
    )
    var experiments: [String] = []
    @Flag(name: .customLong("dry-run"), help: "Read everything and say what would come; change nothing.")
    var isRehearsal = false
    @Flag(name: .customLong("json"), help: "Tell the end as JSON.")
    var writesJSON = false

    @OptionGroup(title: "Where this server's data lies") var storage: StorageOptions
    @Option(help: ArgumentHelp("A YAML file with settings, called as the options are.", valueName: "file"))
    var config: String?

    func run() async throws {
        let settings = try Settings(
            SettingValues(flags: storage.values + [(.config, config), (.host, "127.0.0.1")])
        )
        let address = try SourceAddress(source)
        let report = ImportReport()
        let progress = ImportProgress(isSilent: writesJSON)
        let title = try await Self.run(
            address,
            settings,
            report,
            progress,
            (artifacts, leavesArtifacts, experiments, isRehearsal)
        )
        let end = report.state
        print(
            writesJSON
                ? end.json(from: title, isRehearsal: isRehearsal)
                : end.text(from: title, isRehearsal: isRehearsal)
        )
        if end.missedCount > 0 { throw ExitCode(1) }
    }

    private static func run(
        _ address: SourceAddress,
        _ settings: Settings,
        _ report: ImportReport,
        _ progress: ImportProgress,
        _ wishes: Wishes
    ) async throws -> String {
        let source = try await address.open(artifacts: wishes.artifacts, report: report)
        if wishes.isRehearsal {
            // A server that is not there yet, or whose place is mistyped, is not made for a rehearsal.
            try await PassingFolder.use { folder in
                let settings = try await settings.rehearsing(in: folder)
                try await bring(source, settings, report, progress, wishes)
            }
        } else {
            try await bring(source, settings, report, progress, wishes)
        }
        try await source.close()
        return source.title
    }

    private typealias Wishes = (
        artifacts: String?, leavesArtifacts: Bool, experiments: [String], isRehearsal: Bool
    )

    private static func bring(
        _ source: any ImportSource,
        _ settings: Settings,
        _ report: ImportReport,
        _ progress: ImportProgress,
        _ wishes: Wishes
    ) async throws {
        let storage = try await Storage.open(
            settings,
            bringsArtifacts: !wishes.isRehearsal && !wishes.leavesArtifacts
        )
        if storage.files == nil, !wishes.leavesArtifacts {
            throw SettingError("This server keeps no artifacts (--no-serve-artifacts): say --no-artifacts.")
        }
        let files = wishes.leavesArtifacts ? nil : storage.files?.files(for: Storage.localCaller)
        let importer = Importer(
            source: source,
            target: storage.tracking.imports(for: Storage.localCaller),
            registry: RegistryImport(
                store: storage.registry.imports(for: Storage.localCaller),
                tracking: storage.tracking,
                seals: VersionSeals(storage.registry, storage.tracking, storage.files),
                caller: Storage.localCaller
            ),
            copy: ArtifactCopy(files: files, isRehearsal: wishes.isRehearsal, report: report),
            names: wishes.experiments,
            isRehearsal: wishes.isRehearsal,
            report: report,
            progress: progress
        )
        try await importer.run()
        try await storage.close()
    }
}

extension SourceAddress {
    /// - Throws: `SettingError` where it cannot be opened or is not MLflow's.
    func open(artifacts folder: String?, report: ImportReport) async throws -> any ImportSource {
        let here = FileManager.default.currentDirectoryPath
        do {
            switch self {
            case .sqlite(let path):
                let base = Self.parent(of: path)
                return try await SQLSource.open(
                    ForeignSQLite(path: path),
                    title: path,
                    artifacts: LocalArtifacts(
                        folder: folder,
                        base: base,
                        serverFolder: LocalArtifacts.serverFolder(in: [base, here])
                    ),
                    report: report
                )
            case .postgres(let uri):
                return try await SQLSource.open(
                    PostgresDatabase(uri: uri, connectionCount: 1),
                    title: DatabaseAddress.postgres(uri: uri).description,
                    artifacts: LocalArtifacts(
                        folder: folder,
                        base: here,
                        serverFolder: LocalArtifacts.serverFolder(in: [here])
                    ),
                    report: report
                )
            case .folder(let path):
                return try FileStoreSource.open(
                    path,
                    local: LocalArtifacts(
                        folder: folder,
                        base: path,
                        serverFolder: LocalArtifacts.serverFolder(in: [Self.parent(of: path), here])
                    ),
                    report: report
                )
            case .server(let address):
                let client = try MLflowClient(address: address, environment: Environment.current)
                return ServerSource(client: client, folder: folder, report: report)
            }
        } catch let error as DatabaseError {
            throw SettingError("The source cannot be opened: \(error.message).")
        }
    }

    private static func parent(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
}
