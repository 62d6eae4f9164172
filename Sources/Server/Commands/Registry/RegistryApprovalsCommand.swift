import ArgumentParser
import Core

struct RegistryApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals",
        abstract: "Say what needs approvals, and give them.",
        discussion: """
            A change that a rule protects opens a request in place of being made; the last approval that it needs makes it.

            On the data, --as says who approves; with --server, the server knows.
            """,
        subcommands: [
            ApprovalRuleCommand.self, ApprovalListCommand.self, ApproveCommand.self, RefuseCommand.self,
            WithdrawCommand.self,
        ]
    )
}

struct ApprovalRuleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rule",
        abstract: "Set or remove a rule of a model; list its rules where neither alias nor stage is named."
    )

    @Argument(help: "The model.") var name: String
    @Option(help: "Protect this alias; * for every one.") var alias: String?
    @Option(help: "Protect this stage; * for every one.") var stage: String?
    @Option(help: "How many people must approve.") var approvals: Int64?
    @Flag(name: .customLong("allow-own"), help: "Who asks may be one of them.")
    var allowsOwn = false
    @Flag(name: .customLong("remove"), help: "Remove the rule.")
    var removes = false
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func validate() throws {
        guard alias == nil && stage == nil || removes != (approvals != nil) else {
            throw ValidationError("Say how many --approvals it needs, or --remove the rule.")
        }
    }

    func run() async throws {
        guard alias != nil || stage != nil else { return try await list() }
        let target: KeyValuePairs<String, JSON?> = [
            "name": .string(name), "alias": alias.map(JSON.string), "stage": stage.map(JSON.string),
            "approvals": approvals.map(JSON.integer), "allow_own": removes ? nil : .boolean(allowsOwn),
            "comment": comment.map(JSON.string),
        ]
        if removes {
            let call = RegistryCall(.delete, "roost/approval-rules/delete", target)
            try await options.tell(call) { _ in "The rule is removed." }
        } else {
            let call = RegistryCall(.post, "roost/approval-rules/set", target)
            try await options.tell(call) { _ in "The rule is set." }
        }
    }

    private func list() async throws {
        let call = RegistryCall(.get, "roost/approval-rules/list", ["name": .string(name)])
        try await options.tell(call) { answer in
            TextTable(
                headings: ["PROTECTED", "APPROVALS", "OWN COUNTS"],
                rows: answer.list("rules").map { rule in
                    let alias = rule.word("alias")
                    return [
                        alias.isEmpty ? "stage \(rule.word("stage"))" : "alias \(alias)",
                        rule.word("approvals"), rule["allow_own"] == .boolean(true) ? "yes" : "no",
                    ]
                }
            ).text
        }
    }
}

struct ApprovalListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests, the newest first."
    )

    @Argument(help: "The model. (default: all)") var name: String?
    @Option(help: "Only open, carried_out, refused, withdrawn or lapsed ones; can be repeated.")
    var state: [String] = []
    @Option(name: .customLong("limit"), help: "How many at the most, up to 1000.")
    var limit = 100
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "roost/approval-requests/list",
            [
                "name": name.map(JSON.string), "states": state.isEmpty ? nil : .array(state.map(JSON.string)),
                "max_results": .integer(Int64(limit)),
            ]
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["ID", "MODEL", "WHAT", "ASKED BY", "AT", "STATE", "APPROVALS", "COMMENT"],
                rows: answer.list("requests").map { request in
                    let needed = request.word("needed")
                    return [
                        request.word("id"), request.word("name"), request.deed, request.word("requested_by"),
                        request.time("creation_timestamp"), request.word("state"),
                        request.word("approvals") + (needed.isEmpty ? "" : " of \(needed)"),
                        request.word("comment"),
                    ]
                }
            ).text
        }
    }
}

/// The request that a command is about.
struct VoteArguments: ParsableArguments {
    @Argument(help: "The request.") var id: Int64
    @Option(help: "Why.") var comment: String?

    var fields: KeyValuePairs<String, JSON?> {
        ["request_id": .integer(id), "comment": comment.map(JSON.string)]
    }
}

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a request; the last approval that it needs carries it out."
    )

    @OptionGroup var arguments: VoteArguments
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.post, "roost/approval-requests/approve", arguments.fields)
        try await options.tell(call) { answer in
            let request = answer["request"] ?? .null
            return request.word("state") == "open"
                ? "Request \(arguments.id) has \(request.word("approvals")) of \(request.word("needed")) approvals."
                : "Request \(arguments.id) is approved and carried out."
        }
    }
}

struct RefuseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse",
        abstract: "Refuse a request, which closes it."
    )

    @OptionGroup var arguments: VoteArguments
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.post, "roost/approval-requests/refuse", arguments.fields)
        try await options.tell(call) { _ in "Request \(arguments.id) is refused." }
    }
}

struct WithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Take back a request of your own."
    )

    @OptionGroup var arguments: VoteArguments
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.post, "roost/approval-requests/withdraw", arguments.fields)
        try await options.tell(call) { _ in "Request \(arguments.id) is withdrawn." }
    }
}

extension JSON {
    /// What a request is about, in short.
    fileprivate var deed: String {
        let (alias, stage, version) = (word("alias"), word("stage"), word("version"))
        return switch word("deed") {
        case "set_alias": "set alias \(alias) to \(version)"
        case "remove_alias": "remove alias \(alias)"
        case "roll_back_alias": "roll alias \(alias) back to \(version)"
        default: "move \(version) to \(stage)"
        }
    }
}
