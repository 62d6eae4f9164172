import Accounts
import ArgumentParser
import Core
import Database
import Repositories

/// `roost ssh-keys`: what `sshd` asks about a key that a client shows.
struct SSHKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh-keys",
        abstract: "Tell sshd what a key may do (its AuthorizedKeysCommand).",
        discussion: """
            In sshd_config:   AuthorizedKeysCommand /usr/local/bin/roost ssh-keys --config /etc/roost.yaml %t %k
            """
    )

    @OptionGroup(title: "Where this server's data lies") var place: SSHPlace
    @Argument(help: "The type of the key: %t.") var type: String
    @Argument(help: "The key itself: %k.") var key: String

    func run() async throws {
        let command = try place.commandLine
        // A key of a kind that this server does not take is one that nobody has given.
        guard let key = try? SSHPublicKey("\(type) \(key)") else { return }
        let rooms = try await place.open()
        if let id = try await rooms.accounts.sshKeys.find(key) {
            print("restrict,command=\"\(command) ssh-serve --key \(id) \(place.options)\" \(key.text)")
        }
        try await rooms.database.close()
    }
}

/// Where the commands that `sshd` starts find the server's data.
struct SSHPlace: ParsableArguments {
    @Option(help: ArgumentHelp("The data folder. (default: ./roost-data)", valueName: "folder"))
    var data: String?
    @Option(help: ArgumentHelp("The database, as for roost serve.", valueName: "uri"))
    var database: String?
    @Option(
        help: ArgumentHelp(
            "Where people reach this server over HTTP, for git lfs, as for roost serve.",
            valueName: "address"
        )
    )
    var publicAddress: String?
    @Option(help: ArgumentHelp("A YAML file with settings, called as the options are.", valueName: "file"))
    var config: String?

    /// What these commands need, and no more: each client waits for it.
    struct Rooms {
        let database: any Database
        let accounts: Accounts
        let repositories: Repositories
        /// Where people reach the server over HTTP; nil where nobody has said.
        let publicAddress: String?
    }

    /// - Throws: `SettingError` where the data cannot be opened. The schema is the server's business.
    func open() async throws -> Rooms {
        let settings = try Settings(
            SettingValues(
                flags: [
                    (.data, data), (.database, database), (.config, config),
                    (.publicAddress, publicAddress), (.host, "127.0.0.1"),
                ]
            )
        )
        let database = try await settings.database.open()
        return Rooms(
            database: database,
            accounts: Accounts(database: database) { _, _ in
                preconditionFailure("no workspace is made over SSH")
            },
            repositories: try GitHosting.open(database, in: settings.dataFolder, isServing: false),
            publicAddress: settings.publicAddress
        )
    }

    /// The path of this program, as a word for the shell by which `sshd` starts it.
    var commandLine: String { get throws { Self.quoted(try GitHosting.ownProgram()) } }

    /// The same options again.
    var options: String {
        [("data", data), ("database", database), ("public-address", publicAddress), ("config", config)]
            .compactMap { name, value in value.map { "--\(name) \(Self.quoted($0))" } }
            .joined(separator: " ")
    }

    /// Security: the words are the administrator's, from sshd_config; still none ends the quotes around it, nor those of
    /// the line in which it stands.
    private static func quoted(_ word: String) -> String {
        "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\\\''"))'"
            .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
    }
}
