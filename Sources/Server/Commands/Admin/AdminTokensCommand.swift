import Accounts
import ArgumentParser
import Core

struct AdminTokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "See, make and revoke the tokens of somebody.",
        subcommands: [TokensListCommand.self, TokensCreateCommand.self, TokensRevokeCommand.self]
    )
}

struct TokensListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tokens of somebody, the newest first."
    )

    @Argument(help: "Whose.") var login: String
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.tell { administration in
            let tokens = try await administration.tokens(of: login).list()
            return .fields(["tokens": .array(tokens.map(JSON.token))])
        } _: { answer in
            TextTable(
                headings: ["ID", "NAME", "ENDS IN", "ROLE", "REACHES", "MADE", "EXPIRES", "LAST USED"],
                rows: answer.list("tokens").map { token in
                    [
                        token.word("id"), token.word("name"), token.word("hint"), token.word("role"),
                        token["reaches_account"] == .boolean(true)
                            ? "all, and the account"
                            : token.word("repository").isEmpty ? "all" : token.word("repository"),
                        token.time("created_ms"), token.time("expires_ms"), token.time("last_used_ms"),
                    ]
                }
            ).text
        }
    }
}

struct TokensCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token for somebody, and print it: it is never shown again."
    )

    @Argument(help: "Whose.") var login: String
    @Argument(help: "What it is called.") var name: String
    @Option(help: "What is not exceeded with it: read, write or admin.")
    var role = Role.write
    @Flag(
        name: .customLong("reaches-account"),
        help: "Also the account itself: its keys, tokens and repositories."
    )
    var reachesAccount = false
    @Option(help: ArgumentHelp("Only this repository.", valueName: "owner/name"))
    var repository: String?
    @Option(help: "In how many days it ends. (default: never)")
    var days: Int64?
    @OptionGroup var options: AdminOptions

    func validate() throws {
        if let days, !(1...TokenEnd.mostDays).contains(days) {
            throw ValidationError("--days must be 1 to \(TokenEnd.mostDays).")
        }
        if let repository, Self.words(of: repository).count != 2 {
            throw ValidationError("--repository is written owner/name.")
        }
    }

    func run() async throws {
        try await options.tell { administration in
            let made = try await administration.tokens(of: login).create(
                NewToken(
                    name: name,
                    role: role,
                    reachesAccount: reachesAccount,
                    workspace: try await workspace(administration),
                    end: days.map(TokenEnd.afterDays) ?? .never
                )
            )
            return .fields(["token": .token(made.token), "secret": .string(made.secret.text)])
        } _: {
            $0.word("secret")
        }
    }

    /// The repository that is named, also by an address that it had once; nil where none is.
    private func workspace(_ administration: Administration) async throws -> WorkspaceID? {
        guard let repository else { return nil }
        let words = Self.words(of: repository)
        do {
            let access = try await administration.storage.accounts.admission.admit(
                Access(everythingFor: administration.caller).identity,
                to: .repository(owner: words[0], name: words[1]),
                needing: .read
            )
            return access.repository?.workspace
        } catch let moved as Moved {
            return moved.place.workspace
        } catch is Refusal {
            throw Failure.missing("No repository '\(repository)' is here.")
        }
    }

    private static func words(of repository: String) -> [String] {
        repository.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }
}

struct TokensRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "End a token at once.")

    @Argument(help: "Whose.") var login: String
    @Argument(help: "The id of the token.") var id: Int64
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.tell { administration in
            try await administration.tokens(of: login).revoke(id)
            return .fields(["revoked": .integer(id)])
        } _: { _ in
            "The token \(id) opens nothing any more."
        }
    }
}

extension Role: ExpressibleByArgument {}

extension JSON {
    fileprivate static func token(_ token: Token) -> JSON {
        .fields([
            "id": .integer(token.id), "login": .string(token.ownerLogin), "name": .string(token.name),
            "hint": .string(token.hint), "role": .string(token.role.rawValue),
            "reaches_account": .boolean(token.reachesAccount),
            "repository": token.repository.map(JSON.string),
            "created_ms": .integer(token.createdMs), "expires_ms": token.expiresMs.map(JSON.integer),
            "last_used_ms": token.lastUsedMs.map(JSON.integer),
        ])
    }
}
