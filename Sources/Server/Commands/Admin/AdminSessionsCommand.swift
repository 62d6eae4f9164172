import Accounts
import ArgumentParser
import Core

struct AdminSessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "See who is signed in, or sign somebody out everywhere.",
        subcommands: [SessionsListCommand.self, SessionsEndCommand.self],
        defaultSubcommand: SessionsListCommand.self
    )
}

struct SessionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List sessions, the latest used first."
    )

    @Option(help: ArgumentHelp("Only of this person.", valueName: "login"))
    var of: String?
    @Option(name: .customLong("limit"), help: "How many at the most.")
    var limit = 100
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.tell { administration in
            var account: AccountID?
            if let of { account = try await administration.people.get(of).id }
            let sessions = try await administration.signIn.sessions.list(of: account, limit: limit)
            return .fields([
                "sessions": .array(
                    sessions.map { session in
                        .fields([
                            "name": .string(session.name), "login": .string(session.login),
                            "client": .string(session.client), "address": .string(session.address),
                            "created_ms": .integer(session.createdMs),
                            "last_seen_ms": .integer(session.lastSeenMs),
                            "expires_ms": .integer(session.expiresMs),
                        ])
                    }
                )
            ])
        } _: { answer in
            TextTable(
                headings: ["SESSION", "LOGIN", "SINCE", "LAST SEEN", "FROM", "BROWSER"],
                rows: answer.list("sessions").map { session in
                    [
                        session.word("name"), session.word("login"), session.time("created_ms"),
                        session.time("last_seen_ms"), session.word("address"), session.word("client"),
                    ]
                }
            ).text
        }
    }
}

struct SessionsEndCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "End every session of somebody; tokens and the password go on to count."
    )

    @Argument(help: "Whose.") var login: String
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.tell { administration in
            let person = try await administration.people.get(login)
            let count = try await administration.signIn.sessions.endAll(
                of: person.id,
                by: administration.caller
            )
            return .fields(["ended": .integer(Int64(count))])
        } _: {
            "\($0.word("ended")) sessions of '\(login)' are ended."
        }
    }
}
