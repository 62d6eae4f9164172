import ArgumentParser
import Core

struct RegistryAliasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias",
        abstract: "Look up, set, remove and roll back aliases, and look them up in the past.",
        subcommands: [
            AliasGetCommand.self, AliasSetCommand.self, AliasDeleteCommand.self, AliasRollbackCommand.self,
            AliasAtCommand.self,
        ]
    )
}

/// The alias that a command is about.
struct AliasArguments: ParsableArguments {
    @Argument(help: "The model.") var name: String
    @Argument(help: "The alias.") var alias: String
}

struct AliasGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Tell which version an alias points at."
    )

    @OptionGroup var arguments: AliasArguments
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "mlflow/registered-models/alias",
            ["name": .string(arguments.name), "alias": .string(arguments.alias)]
        )
        try await options.tell(call) { answer in
            let version = answer["model_version"]?.word("version") ?? ""
            return "\(arguments.name)@\(arguments.alias) is version \(version)."
        }
    }
}

struct AliasSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Point an alias at a version."
    )

    @OptionGroup var arguments: AliasArguments
    @Argument(help: "The number of the version.") var version: String
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "mlflow/registered-models/alias",
            [
                "name": .string(arguments.name), "alias": .string(arguments.alias),
                "version": .string(version), "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "\(arguments.name)@\(arguments.alias) is version \(version)." }
    }
}

struct AliasDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove an alias."
    )

    @OptionGroup var arguments: AliasArguments
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .delete,
            "mlflow/registered-models/alias",
            [
                "name": .string(arguments.name), "alias": .string(arguments.alias),
                "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "\(arguments.name)@\(arguments.alias) is removed." }
    }
}

struct AliasRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Point an alias at the version before, or at that of a time."
    )

    @OptionGroup var arguments: AliasArguments
    @Option(help: ArgumentHelp("When it pointed at what it is to point at.", valueName: "time"))
    var to: String?
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "roost/registered-models/roll-back-alias",
            [
                "name": .string(arguments.name), "alias": .string(arguments.alias),
                "timestamp": try to.map { .integer(try GivenTime.ms($0)) },
                "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { answer in
            "\(arguments.name)@\(arguments.alias) is version \(answer.word("version"))."
        }
    }
}

struct AliasAtCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "at",
        abstract: "Tell which version an alias pointed at."
    )

    @OptionGroup var arguments: AliasArguments
    @Argument(help: "When: 2026-03-01T12:00:00Z, or epoch milliseconds.") var time: String
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "roost/registered-models/alias-at",
            [
                "name": .string(arguments.name), "alias": .string(arguments.alias),
                "timestamp": .integer(try GivenTime.ms(time)),
            ]
        )
        try await options.tell(call) { answer in
            let version = answer.word("version")
            return version.isEmpty
                ? "\(arguments.name)@\(arguments.alias) pointed at no version."
                : "\(arguments.name)@\(arguments.alias) was version \(version)."
        }
    }
}
