import Accounts
import ArgumentParser
import Core
import Events

struct AdminAuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Tell what happened to accounts and rights, the newest first: sign-ins, passwords, tokens, keys, repositories.",
        discussion: """
            Kinds are \(Event.Kind.audited.map(\.rawValue).joined(separator: ", ")).
            """
    )

    @Option(help: ArgumentHelp("Only what this person did.", valueName: "login"))
    var actor: String?
    @Option(name: .customLong("kind"), help: "Only this kind of thing; may be given more than once.")
    var kinds: [String] = []
    @Option(
        help: ArgumentHelp(
            "Only from this time on: 2026-03-01T12:00:00Z, or epoch milliseconds.",
            valueName: "time"
        )
    )
    var since: String?
    @Option(help: ArgumentHelp("Only up to this time.", valueName: "time"))
    var until: String?
    @Option(name: .customLong("limit"), help: "How many at the most.")
    var limit = 100
    @OptionGroup var options: AdminOptions

    func validate() throws {
        let known = Set(Event.Kind.audited.map(\.rawValue))
        for kind in kinds where !known.contains(kind) {
            throw ValidationError("--kind \(kind) is none that the audit tells; --help lists them.")
        }
    }

    func run() async throws {
        let search = EventSearch(
            .all,
            kinds: kinds.compactMap(Event.Kind.init),
            untilMs: try until.map(GivenTime.ms) ?? .max,
            sinceMs: try since.map(GivenTime.ms) ?? 0,
            actor: actor
        )
        let limit = limit
        try await options.tell { administration in
            let events = try await administration.storage.accounts.audit(search, limit: limit)
            return .fields([
                "events": .array(
                    try events.map { audited in
                        let event = audited.event
                        return .fields([
                            "id": .integer(event.id), "at_ms": .integer(event.atMs),
                            "actor": .string(event.actor), "kind": .string(event.kind.rawValue),
                            "subject": .string(event.subject),
                            "repository": audited.repository.map(JSON.string),
                            "details": try JSON(parsing: event.details),
                        ])
                    }
                )
            ])
        } _: { answer in
            TextTable(
                headings: ["TIME", "WHO", "WHAT", "TO", "REPOSITORY", "DETAILS"],
                rows: answer.list("events").map { event in
                    [
                        event.time("at_ms"), event.word("actor"), event.word("kind"), event.word("subject"),
                        event.word("repository"), event.word("details"),
                    ]
                }
            ).text
        }
    }
}
