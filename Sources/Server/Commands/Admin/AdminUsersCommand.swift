import Accounts
import ArgumentParser
import Core

struct AdminUsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "See, make, shut out and remove people, and let them set a password.",
        subcommands: [
            UsersListCommand.self, UsersCreateCommand.self, UsersResetPasswordCommand.self,
            UsersSuspendCommand.self, UsersResumeCommand.self, UsersServerAdminCommand.self,
            UsersDeleteCommand.self,
        ]
    )
}

struct UsersListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List people by login.")

    @Option(help: ArgumentHelp("Only those whose login or name contain this.", valueName: "text"))
    var containing: String?
    @Option(name: .customLong("limit"), help: "How many at the most.")
    var limit = 100
    @Option(help: ArgumentHelp("Only those behind this login, for the next page.", valueName: "login"))
    var after: String?
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.tell { administration in
            let people = try await administration.people.list(
                after: after,
                containing: containing,
                limit: limit
            )
            return .fields(["users": .array(people.map(JSON.person))])
        } _: { answer in
            TextTable(
                headings: ["LOGIN", "NAME", "STATE", "PASSWORD", "LOOKS AFTER THE SERVER", "LAST SEEN"],
                rows: answer.list("users").map { user in
                    [
                        user.word("login"), user.word("full_name"), user.word("state"),
                        user["has_password"] == .boolean(true) ? "yes" : "no",
                        user["is_server_admin"] == .boolean(true) ? "yes" : "no", user.time("last_seen_ms"),
                    ]
                }
            ).text
        }
    }
}

/// Where the server is, for links to be whole.
struct AddressOption: ParsableArguments {
    @Option(
        name: [.customLong("address"), .customLong("public-address")],
        help: ArgumentHelp(
            "Where people reach the server, for the link. (default: --public-address of the server's settings)",
            valueName: "address"
        )
    )
    var address: String?

    func link(_ secret: String, _ settings: Settings) -> String {
        let address = address ?? settings.publicAddress ?? Greeting.address(settings, port: settings.port)
        return (address.hasSuffix("/") ? String(address.dropLast()) : address) + "/set-up/" + secret
    }

    /// What is to be known of the link; nil where somebody has said how people reach the server.
    func note(_ settings: Settings) -> String? {
        guard address == nil, settings.publicAddress == nil else { return nil }
        return
            "Neither --address nor ROOST_PUBLIC_ADDRESS was given: where people reach the server otherwise, put that in."
    }
}

extension JSON {
    /// The link, and below it what is to be known of it.
    fileprivate var linkLines: String {
        let note = word("note")
        return "  \(word("link"))" + (note.isEmpty ? "" : "\n\(note)")
    }
}

struct UsersCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an account, and print a link by which its person sets a password.",
        discussion: "The link opens once, and within a day."
    )

    @Argument(help: "The login.") var login: String
    @Option(name: .customLong("name"), help: "The full name.") var fullName = ""
    @Option(help: "The address for mail.") var email = ""
    @Flag(name: .customLong("server-admin"), help: "Let them look after the whole server.")
    var isServerAdmin = false
    @OptionGroup var place: AddressOption
    @OptionGroup var options: AdminOptions

    func run() async throws {
        let new = try NewPerson(
            login: AccountName(login),
            fullName: fullName,
            email: email,
            isServerAdmin: isServerAdmin
        )
        try await options.tell(makesData: true) { administration in
            let person = try await administration.people.create(new)
            let secret = try await administration.signIn.links(for: administration.caller)
                .createReset(of: person.id)
            return .fields([
                "user": .person(person), "link": .string(place.link(secret.text, administration.settings)),
                "note": place.note(administration.settings).map(JSON.string),
            ])
        } _: { answer in
            "'\(login)' is made. They set a password within a day, at\n\(answer.linkLines)"
        }
    }
}

struct UsersResetPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password",
        abstract: "Print a link by which somebody sets a new password.",
        discussion: "It opens once, and within a day. The old password goes on to count until then."
    )

    @Argument(help: "The login.") var login: String
    @OptionGroup var place: AddressOption
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.tell { administration in
            let person = try await administration.people.get(login)
            let secret = try await administration.signIn.links(for: administration.caller)
                .createReset(of: person.id)
            return .fields([
                "login": .string(person.login),
                "link": .string(place.link(secret.text, administration.settings)),
                "note": place.note(administration.settings).map(JSON.string),
            ])
        } _: { answer in
            "'\(answer.word("login"))' sets a new password within a day, at\n\(answer.linkLines)"
        }
    }
}

struct UsersSuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Shut somebody out at once: sessions end, tokens and the password count for nothing."
    )

    @Argument(help: "The login.") var login: String
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.change(login) { people, person in
            try await people.suspend(person.id)
            return "'\(person.login)' is shut out."
        }
    }
}

struct UsersResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let somebody in again who was shut out."
    )

    @Argument(help: "The login.") var login: String
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.change(login) { people, person in
            try await people.resume(person.id)
            return "'\(person.login)' may come in again."
        }
    }
}

struct UsersServerAdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server-admin",
        abstract: "Let somebody look after the whole server, or no longer."
    )

    @Argument(help: "The login.") var login: String
    @Flag(name: .customLong("remove"), help: "No longer.")
    var removes = false
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.change(login) { people, person in
            try await people.setServerAdmin(!removes, of: person.id)
            return "'\(person.login)' \(removes ? "no longer looks" : "looks") after this server."
        }
    }
}

struct UsersDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract:
            "Remove an account with its credentials and rights; who owns repositories must give them away first."
    )

    @Argument(help: "The login.") var login: String
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.change(login) { people, person in
            try await people.delete(person.id)
            return "'\(person.login)' is removed."
        }
    }
}

extension AdminOptions {
    /// Changes somebody and says so.
    fileprivate func change(
        _ login: String,
        _ body: (PersonStore, Person) async throws -> String
    ) async throws {
        try await tell { administration in
            let person = try await administration.people.get(login)
            let text = try await body(administration.people, person)
            return .fields(["login": .string(person.login), "message": .string(text)])
        } _: {
            $0.word("message")
        }
    }
}

extension JSON {
    fileprivate static func person(_ person: Person) -> JSON {
        .fields([
            "id": .integer(person.id.key), "login": .string(person.login),
            "full_name": .string(person.fullName),
            "email": .string(person.email), "state": .string(person.state.rawValue),
            "is_server_admin": .boolean(person.isServerAdmin), "has_password": .boolean(person.hasPassword),
            "created_ms": .integer(person.createdMs), "last_seen_ms": person.lastSeenMs.map(JSON.integer),
        ])
    }
}
