import ArgumentParser
import Core
import Database
import Events

struct AdminAuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Tell what happened to accounts, the newest first: sign-ins and failed ones, passwords, tokens, rights.",
        discussion: """
            Kinds are \(securityKinds.map(\.rawValue).joined(separator: ", ")).
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

    private static let securityKinds = Event.Kind.allCases.filter { kind in
        ["account.", "session.", "token.", "permission.", "object_role."].contains {
            kind.rawValue.hasPrefix($0)
        }
    }

    func validate() throws {
        for kind in kinds where Event.Kind(rawValue: kind) == nil {
            throw ValidationError("--kind \(kind) is none; --help lists them.")
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
            let caller = administration.caller
            let events = try await administration.storage.database.read { connection in
                try EventLog.newest(search, for: caller, limit: limit, in: connection)
            }
            return .fields([
                "events": .array(
                    try events.map { event in
                        .fields([
                            "id": .integer(event.id), "at_ms": .integer(event.atMs),
                            "actor": .string(event.actor), "kind": .string(event.kind.rawValue),
                            "subject": .string(event.subject), "details": try JSON(parsing: event.details),
                        ])
                    }
                )
            ])
        } _: { answer in
            TextTable(
                headings: ["TIME", "WHO", "WHAT", "TO", "DETAILS"],
                rows: answer.list("events").map { event in
                    [
                        event.time("at_ms"), event.word("actor"), event.word("kind"), event.word("subject"),
                        event.word("details"),
                    ]
                }
            ).text
        }
    }
}
