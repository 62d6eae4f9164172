import ArgumentParser
import Core
import Registry
import Tracking

/// `roost gc`: the options are `mlflow gc`'s.
struct GcCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Delete for good what was deleted, with its artifacts, and free the space.",
        discussion: """
            Experiments, runs and logged models in the bin go, with everything that was logged of them. Naming some with the \
            options below leaves all others; where one of these may not go, none goes. Artifacts that a model version still names stay until it is deleted. It can be ended at any moment and run again, and a server may run beside it.

            What was deleted a month ago:   roost gc --older-than 30d
            Two runs:                       roost gc --run-ids 8f0c…,77ab…
            Repositories of last week:      roost gc --repositories --older-than 7d
            """
    )

    @Option(
        help: ArgumentHelp("Only what was deleted so long ago, such as 30d or 1d2h3m4s.", valueName: "age")
    )
    var olderThan: String?
    @Option(help: ArgumentHelp("Only these runs, with commas.", valueName: "ids"))
    var runIds: String?
    @Option(help: ArgumentHelp("Only these experiments and what is in them, with commas.", valueName: "ids"))
    var experimentIds: String?
    @Option(help: ArgumentHelp("Only these logged models, with commas.", valueName: "ids"))
    var loggedModelIds: String?
    @Flag(help: "Also deleted repositories with all that is in them, whatever their time of grace.")
    var repositories = false
    @Flag(
        name: .customLong("dry-run"),
        help: "Say what would go, without the bytes of repositories; change nothing."
    )
    var isRehearsal = false
    @Flag(name: .customLong("json"), help: "Tell the end as JSON.")
    var writesJSON = false

    @OptionGroup(title: "Where this server's data lies") var storage: StorageOptions
    @Option(help: ArgumentHelp("A YAML file with settings, called as the options are.", valueName: "file"))
    var config: String?

    func validate() throws {
        guard !repositories || runIds == nil && experimentIds == nil && loggedModelIds == nil else {
            throw ValidationError(
                "--repositories goes with everything: it cannot be given with --run-ids and the like."
            )
        }
    }

    func run() async throws {
        let settings = try Settings(
            SettingValues(flags: storage.values + [(.config, config), (.host, "127.0.0.1")])
        )
        let age = try olderThan.map(Age.init) ?? Age(ms: 0)
        let selection = PurgeSelection(
            runs: Self.list(runIds),
            experiments: try Self.list(experimentIds).map { try ExperimentID.parse($0) },
            loggedModels: Self.list(loggedModelIds)
        )
        try await settings.requireData(isRehearsal: isRehearsal)
        try settings.requireArtifacts()
        let storage = try await Storage.open(settings)
        if storage.files != nil {
            try await StoreMark.artifacts(settings).check(storage.database, settings)
        }
        // What is deleted in this very moment counts where no age is asked for.
        let beforeMs = Clock.system.nowMs() - age.ms + (age.ms == 0 ? 1 : 0)
        let removal = repositories ? RepositoryRemoval(storage) : nil
        guard !repositories || removal != nil else {
            throw SettingError(
                "This server keeps no files (--no-serve-artifacts): purge repositories where their files lie."
            )
        }
        if repositories { try await StoreMark.repositories(settings).check(storage.database, settings) }
        let report = try await report(storage, selection, removal, beforeMs)
        try await storage.close()
        print(writesJSON ? report.json(isRehearsal: isRehearsal) : report.text(isRehearsal: isRehearsal))
    }

    private func report(
        _ storage: Storage,
        _ selection: PurgeSelection,
        _ removal: RepositoryRemoval?,
        _ beforeMs: Int64
    ) async throws -> GarbageReport {
        let purges = storage.tracking.purges(for: Storage.localCaller)
        let versions = storage.registry.modelVersions(for: Storage.localCaller)
        if isRehearsal {
            let rehearsal = GarbageRehearsal(
                purges: purges,
                versions: versions,
                store: storage.files,
                caller: Storage.localCaller,
                beforeMs: beforeMs
            )
            return try await rehearsal.run(selection, removal)
        }
        var collection = GarbageCollection(
            purges: purges,
            versions: versions,
            store: storage.files,
            caller: Storage.localCaller,
            beforeMs: beforeMs
        )
        return try await collection.run(selection, removal)
    }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
    }
}
