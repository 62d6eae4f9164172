import ArgumentParser
import Core

/// `roost registry`: what is registered, what became of it, and who has to agree.
struct RegistryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract:
            "See and change the model registry: versions, aliases, stages, history, approvals, prompts, webhooks.",
        discussion: """
            The commands speak to the data of a server by the settings of `roost serve`, also while it runs, or with --server \
            to a server elsewhere. They do what the API does, with the same rules and the same history.

            What champion was in March:   roost registry alias at iris champion 2026-03-15T00:00:00Z
            Back to the version before:   roost registry alias rollback iris champion --comment "drift"
            Two must agree:               roost registry approvals rule iris --alias champion --approvals 2
            """,
        subcommands: [
            RegistryListCommand.self, RegistryShowCommand.self, RegistryVersionsCommand.self,
            RegistryHistoryCommand.self, RegistryCreateCommand.self, RegistryRegisterCommand.self,
            RegistryRenameCommand.self, RegistryDescribeCommand.self, RegistryTagCommand.self,
            RegistryAliasCommand.self, RegistryStageCommand.self, RegistryApprovalsCommand.self,
            RegistryPromptsCommand.self, RegistryWebhooksCommand.self, RegistryDeleteCommand.self,
        ]
    )
}

struct RegistryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List registered models by name."
    )

    @Option(
        help: ArgumentHelp("As in mlflow.search_registered_models, such as \"name LIKE 'iris%'\".")
    )
    var filter: String?
    @Option(name: .customLong("limit"), help: "How many at the most, up to 1000.")
    var limit = 100
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "mlflow/registered-models/search",
            ["filter": filter.map(JSON.string), "max_results": .integer(Int64(limit))]
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["NAME", "VERSIONS IN STAGES", "ALIASES", "UPDATED"],
                rows: answer.list("registered_models").map { model in
                    [
                        model.word("name"),
                        model.list("latest_versions").map {
                            "\($0.word("version")) \($0.word("current_stage"))"
                        }
                        .joined(separator: ", "),
                        model.aliases, model.time("last_updated_timestamp"),
                    ]
                }
            ).text
        }
    }
}

struct RegistryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a registered model."
    )

    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.get, "mlflow/registered-models/get", ["name": .string(name)])
        try await options.tell(call) { answer in
            let model = answer["registered_model"] ?? .null
            let tags = model.list("tags").map { "\($0.word("key"))=\($0.word("value"))" }
            return [
                ("name", model.word("name")), ("created", model.time("creation_timestamp")),
                ("updated", model.time("last_updated_timestamp")),
                ("description", model.word("description")), ("aliases", model.aliases),
                ("tags", tags.joined(separator: ", ")),
                (
                    "stages",
                    model.list("latest_versions").map { "\($0.word("current_stage")) \($0.word("version"))" }
                        .joined(separator: ", ")
                ),
            ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
        }
    }
}

struct RegistryVersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of a registered model, the newest first."
    )

    @Argument(help: "The model.") var name: String
    @Option(name: .customLong("limit"), help: "How many at the most.")
    var limit = 100
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let quote = name.contains("'") ? "\"" : "'"
        let call = RegistryCall(
            .get,
            "mlflow/model-versions/search",
            [
                "filter": .string("name = \(quote)\(name)\(quote)"), "max_results": .integer(Int64(limit)),
                "order_by": .array([.string("version_number DESC")]),
            ]
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["VERSION", "STAGE", "CREATED", "SOURCE"],
                rows: answer.list("model_versions").map { version in
                    [
                        version.word("version"), version.word("current_stage"),
                        version.time("creation_timestamp"), version.word("source"),
                    ]
                }
            ).text
        }
    }
}

struct RegistryHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract:
            "Tell what happened to a registered model or an alias, the newest first; also to what is deleted."
    )

    @Argument(help: "The model.") var name: String
    @Option(help: "Only this alias.") var alias: String?
    @Option(name: .customLong("limit"), help: "How many events at the most, up to 1000.")
    var limit = 100
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "roost/registered-models/history",
            [
                "name": .string(name), "alias": alias.map(JSON.string), "max_results": .integer(Int64(limit)),
            ]
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["TIME", "WHO", "WHAT", "TO", "DETAILS"],
                rows: answer.list("events").map { event in
                    [
                        event.time("timestamp"), event.word("actor"), event.word("kind"),
                        String(event.word("subject").dropFirst("registered_model/".count)),
                        event.word("details"),
                    ]
                }
            ).text
        }
    }
}

struct RegistryStageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Move a version to a stage: None, Staging, Production or Archived."
    )

    @Argument(help: "The model.") var name: String
    @Argument(help: "The number of the version.") var version: String
    @Argument(help: "The stage.") var stage: String
    @Flag(name: .customLong("archive-existing"), help: "Send the versions that are there to the archive.")
    var archivesOthers = false
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "mlflow/model-versions/transition-stage",
            [
                "name": .string(name), "version": .string(version), "stage": .string(stage),
                "archive_existing_versions": .boolean(archivesOthers), "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { answer in
            let stage = answer["model_version"]?.word("current_stage") ?? ""
            return "Version \(version) of \(name) is in \(stage)."
        }
    }
}

struct RegistryDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a registered model, or one of its versions, for good.",
        discussion: """
            A version that an alias points at or that is in Production goes only with --force; one that an approval rule \
            protects does not go at all. The history stays.
            """
    )

    @Argument(help: "The model.") var name: String
    @Option(help: ArgumentHelp("Only this version.", valueName: "number")) var version: String?
    @Flag(name: .customLong("force"), help: "Also a version that is in use.")
    var isForced = false
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        guard let version else {
            let call = RegistryCall(
                .delete,
                "mlflow/registered-models/delete",
                ["name": .string(name), "comment": comment.map(JSON.string)]
            )
            return try await options.tell(call) { _ in "\(name) is deleted." }
        }
        let call = RegistryCall(
            .delete,
            "roost/model-versions/delete",
            [
                "name": .string(name), "version": .string(version), "force": .boolean(isForced),
                "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "Version \(version) of \(name) is deleted." }
    }
}

extension JSON {
    /// The aliases of a model, with their versions.
    fileprivate var aliases: String {
        list("aliases").map { "\($0.word("alias")) \($0.word("version"))" }.joined(separator: ", ")
    }
}
