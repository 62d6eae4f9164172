import ArgumentParser
import Core

struct RegistryWebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "See, make, change and try webhooks, and read what they were told.",
        subcommands: [
            WebhooksListCommand.self, WebhooksCreateCommand.self, WebhooksUpdateCommand.self,
            WebhooksDeleteCommand.self, WebhooksTestCommand.self, WebhooksDeliveriesCommand.self,
            WebhooksShowDeliveryCommand.self, WebhooksSendAgainCommand.self,
            WebhooksRotateKeyCommand.self,
        ]
    )
}

struct WebhooksListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List webhooks, the newest first."
    )

    @Option(name: .customLong("limit"), help: "How many at the most, up to 1000.")
    var limit = 100
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.get, "mlflow/webhooks", ["max_results": .integer(Int64(limit))])
        try await options.tell(call) { answer in
            TextTable(
                headings: ["ID", "NAME", "STATUS", "URL", "EVENTS"],
                rows: answer.list("webhooks").map { hook in
                    [
                        hook.word("webhook_id"), hook.word("name"), hook.word("status"), hook.word("url"),
                        hook.list("events").map(\.eventWord).joined(separator: ", "),
                    ]
                }
            ).text
        }
    }
}

/// The events that a webhook is told.
struct EventOptions: ParsableArguments {
    @Option(
        name: .customLong("event"),
        help: ArgumentHelp(
            "An event, such as model_version.created; may be given more than once.",
            valueName: "entity.action"
        )
    )
    var events: [String] = []

    func validate() throws {
        for event in events where event.split(separator: ".").count != 2 {
            throw ValidationError("--event \(event): an event is written entity.action.")
        }
    }

    /// As MLflow's messages have them; nil for none.
    var json: JSON? { events.isEmpty ? nil : .array(events.map(Self.json)) }

    private static func json(_ event: String) -> JSON {
        let words = event.uppercased().split(separator: ".").map(String.init)
        return .object([
            JSON.Member(key: "entity", value: .string(words[0])),
            JSON.Member(key: "action", value: .string(words[1])),
        ])
    }
}

struct WebhooksCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a webhook.",
        discussion: """
            roost registry webhooks create deploy https://ci.example.com/hook --event model_version_alias.created
            """
    )

    @Argument(help: "Its name.") var name: String
    @Argument(help: "The address that is told.") var url: String
    @OptionGroup var events: EventOptions
    @Option(help: "What it is for.") var description: String?
    @Option(
        help: "What deliveries are signed with. Others on this machine may see it while the command runs."
    )
    var secret: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "mlflow/webhooks",
            [
                "name": .string(name), "url": .string(url), "events": events.json,
                "description": description.map(JSON.string), "secret": secret.map(JSON.string),
            ]
        )
        try await options.tell(call) { answer in
            "The webhook \(name) is \(answer["webhook"]?.word("webhook_id") ?? "")."
        }
    }
}

/// The webhook that a command is about.
struct WebhookArgument: ParsableArguments {
    @Argument(help: "The id of the webhook.") var webhook: String

    func validate() throws { try checkID(webhook) }
}

/// An id becomes a part of the call's address.
private func checkID(_ id: String) throws {
    guard !id.isEmpty,
        id.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit || $0 == UInt8(ascii: "-") })
    else { throw ValidationError("'\(id)' is no id: it has digits, letters to f and dashes.") }
}

struct WebhooksUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a webhook; what is not given stays."
    )

    @OptionGroup var argument: WebhookArgument
    @Option(help: "Another name.") var name: String?
    @Option(help: "Another address.") var url: String?
    @OptionGroup var events: EventOptions
    @Option(help: "Another description.") var description: String?
    @Option(help: "Another secret. Others on this machine may see it while the command runs.")
    var secret: String?
    @Option(help: "ACTIVE or DISABLED.") var status: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .patch,
            "mlflow/webhooks/\(argument.webhook)",
            [
                "name": name.map(JSON.string), "url": url.map(JSON.string), "events": events.json,
                "description": description.map(JSON.string), "secret": secret.map(JSON.string),
                "status": status.map { .string($0.uppercased()) },
            ]
        )
        try await options.tell(call) { _ in "The webhook \(argument.webhook) is changed." }
    }
}

struct WebhooksDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a webhook.")

    @OptionGroup var argument: WebhookArgument
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.delete, "mlflow/webhooks/\(argument.webhook)", [:])
        try await options.tell(call) { _ in "The webhook \(argument.webhook) is deleted." }
    }
}

struct WebhooksTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Tell a webhook an example, once, and say how it was taken."
    )

    @OptionGroup var argument: WebhookArgument
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.post, "mlflow/webhooks/\(argument.webhook)/test", [:])
        try await options.tell(call) { answer in
            let result = answer["result"] ?? .null
            let status = result.word("response_status")
            return result["success"] == .boolean(true)
                ? "The receiver answered \(status)."
                : "It failed: " + (status.isEmpty ? result.word("error_message") : "it answered \(status).")
        }
    }
}

struct WebhooksDeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List what a webhook was told or is to be told, the newest first."
    )

    @OptionGroup var argument: WebhookArgument
    @Option(help: "Only those that are PENDING, DELIVERED or FAILED.") var status: String?
    @Option(name: .customLong("limit"), help: "How many at the most, up to 1000.")
    var limit = 100
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "roost/webhooks/\(argument.webhook)/deliveries",
            ["status": status.map { .string($0.uppercased()) }, "max_results": .integer(Int64(limit))]
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["TIME", "DELIVERY", "EVENT", "STATUS", "ATTEMPTS", "ANSWER"],
                rows: answer.list("deliveries").map { delivery in
                    [
                        delivery.time("creation_timestamp"), delivery.word("delivery_id"),
                        delivery.word("event"), delivery.word("status"), delivery.word("attempts"),
                        delivery.word("error_message").isEmpty
                            ? delivery.word("response_status") : delivery.word("error_message"),
                    ]
                }
            ).text
        }
    }
}

/// The delivery that a command is about.
struct DeliveryArguments: ParsableArguments {
    @Argument(help: "The id of the webhook.") var webhook: String
    @Argument(help: "The id of the delivery.") var delivery: String

    func validate() throws {
        try checkID(webhook)
        try checkID(delivery)
    }

    var path: String { "roost/webhooks/\(webhook)/deliveries/\(delivery)" }
}

struct WebhooksShowDeliveryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show-delivery",
        abstract: "Show a delivery and what it carries."
    )

    @OptionGroup var arguments: DeliveryArguments
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        try await options.tell(RegistryCall(.get, arguments.path, [:])) { answer in
            let delivery = answer["delivery"] ?? .null
            return ["event", "status", "attempts", "response_status", "error_message", "payload"]
                .map { ($0, delivery.word($0)) }.filter { !$0.1.isEmpty }
                .map { "\($0.0): \($0.1)" }.joined(separator: "\n")
        }
    }
}

struct WebhooksSendAgainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send-again",
        abstract: "Queue a delivery again, under its id."
    )

    @OptionGroup var arguments: DeliveryArguments
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.post, arguments.path + "/send-again", [:])
        try await options.tell(call) { _ in "The delivery \(arguments.delivery) is queued again." }
    }
}

extension JSON {
    /// An event as people write it: `model_version.created`.
    fileprivate var eventWord: String { "\(word("entity")).\(word("action"))".lowercased() }
}
