import ArgumentParser
import Core

/// Tags as they are given on the command line.
struct TagOptions: ParsableArguments {
    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp("A tag; may be given more than once.", valueName: "key=value")
    )
    var tags: [String] = []

    func validate() throws {
        for tag in tags where tag.firstIndex(of: "=") ?? tag.startIndex == tag.startIndex {
            throw ValidationError("--tag \(tag): a tag is written key=value.")
        }
    }

    /// As MLflow's messages have them.
    var json: JSON {
        .array(
            tags.map { tag in
                let key = tag.prefix { $0 != "=" }
                return .pair(String(key), String(tag.dropFirst(key.count + 1)))
            }
        )
    }
}

struct RegistryCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a registered model that has no versions yet."
    )

    @Argument(help: "Its name.") var name: String
    @Option(help: "What it is, in Markdown.") var description: String?
    @OptionGroup var tags: TagOptions
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "mlflow/registered-models/create",
            [
                "name": .string(name), "description": description.map(JSON.string), "tags": tags.json,
                "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "\(name) is registered." }
    }
}

struct RegistryRenameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a registered model another name; its history goes with it."
    )

    @Argument(help: "Its name.") var name: String
    @Argument(help: "The name that it gets.") var newName: String
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "mlflow/registered-models/rename",
            [
                "name": .string(name), "new_name": .string(newName), "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "\(name) is \(newName) now." }
    }
}

struct RegistryDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Say what a registered model, or one of its versions, is."
    )

    @Argument(help: "The model.") var name: String
    @Argument(help: "What it is, in Markdown; empty for nothing.") var description: String
    @Option(help: ArgumentHelp("Only this version.", valueName: "number")) var version: String?
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .patch,
            version == nil ? "mlflow/registered-models/update" : "mlflow/model-versions/update",
            [
                "name": .string(name), "version": version.map(JSON.string),
                "description": .string(description), "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "\(name)\(version.map { " \($0)" } ?? "") is described." }
    }
}

struct RegistryRegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Make a version of a registered model from where its files lie.",
        discussion: "A version is copied by its address: roost registry register petals models:/iris/3"
    )

    @Argument(help: "The model.") var name: String
    @Argument(
        help:
            "Where the files lie: runs:/…, models:/…, mlflow-artifacts:/… below a run, or an address elsewhere."
    )
    var source: String
    @Option(name: .customLong("run"), help: ArgumentHelp("The run that made it.", valueName: "id"))
    var runID: String?
    @Option(help: "What it is, in Markdown.") var description: String?
    @OptionGroup var tags: TagOptions
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "mlflow/model-versions/create",
            [
                "name": .string(name), "source": .string(source), "run_id": runID.map(JSON.string),
                "description": description.map(JSON.string), "tags": tags.json,
                "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { answer in
            "Version \(answer["model_version"]?.word("version") ?? "") of \(name) is registered."
        }
    }
}

struct RegistryTagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Set a tag of a registered model, or of one of its versions, or remove it."
    )

    @Argument(help: "The model.") var name: String
    @Argument(help: "The key of the tag.") var key: String
    @Argument(help: "Its value; left out with --remove.") var value: String?
    @Option(help: ArgumentHelp("Only this version.", valueName: "number")) var version: String?
    @Flag(name: .customLong("remove"), help: "Remove the tag.")
    var removes = false
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func validate() throws {
        guard removes == (value == nil) else { throw ValidationError("Give either a value or --remove.") }
    }

    func run() async throws {
        let noun = version == nil ? "registered-models" : "model-versions"
        let call = RegistryCall(
            removes ? .delete : .post,
            "mlflow/\(noun)/\(removes ? "delete-tag" : "set-tag")",
            [
                "name": .string(name), "version": version.map(JSON.string), "key": .string(key),
                "value": value.map(JSON.string), "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "The tag \(key) is \(removes ? "removed" : "set")." }
    }
}

extension JSON {
    /// A tag as MLflow's messages have it.
    static func pair(_ key: String, _ value: String) -> JSON {
        .object([
            JSON.Member(key: "key", value: .string(key)), JSON.Member(key: "value", value: .string(value)),
        ])
    }
}
