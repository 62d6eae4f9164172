import Accounts
import ArgumentParser
import Core

/// What every command about accounts takes: whose data, and how the answer is written.
struct AdminOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Write the answer as JSON.")
    var writesJSON = false
    @OptionGroup(title: "Where this server's data lies") var storage: StorageOptions
    @Option(help: ArgumentHelp("A YAML file with settings, called as the options are.", valueName: "file"))
    var config: String?

    /// Opens the data, asks, closes it, and prints the answer: as JSON, or as a text for people.
    ///
    /// - Parameters:
    ///   - makesData: Whether the data may be new, as where the first person is made before a server's first start.
    ///   - ask: Asks, and says what the answer is.
    ///   - text: Writes the answer for people.
    /// - Throws: `SettingError` where the data cannot be opened, and what `ask` throws.
    func tell(
        makesData: Bool = false,
        _ ask: (Administration) async throws -> JSON,
        _ text: (JSON) -> String
    ) async throws {
        let flags = storage.values + [(.config, config), (.host, "127.0.0.1")]
        let settings = try Settings(SettingValues(flags: flags))
        if !makesData { try await settings.requireData() }
        let storage = try await Storage.open(settings)
        let answer: JSON
        do {
            answer = try await ask(Administration(storage, settings))
        } catch {
            try await storage.close()
            throw error
        }
        try await storage.close()
        print(writesJSON ? answer.text : text(answer))
    }
}

/// What commands about accounts work on.
struct Administration {
    let storage: Storage
    let settings: Settings
    let signIn: SignIn

    init(_ storage: Storage, _ settings: Settings) {
        self.storage = storage
        self.settings = settings
        signIn = SignIn(Authentication(storage.accounts))
    }

    /// Who is at the machine.
    var caller: Caller { Caller(name: Storage.localCaller.name, workspace: .server) }
    var people: PersonStore { storage.accounts.people(for: caller) }

    func tokens(of login: String) async throws -> TokenStore {
        storage.accounts.tokens(of: try await people.get(login).id, for: caller)
    }
}

extension JSON {
    /// An object in the order in which it is written; without what is nil.
    static func fields(_ pairs: KeyValuePairs<String, JSON?>) -> JSON {
        .object(pairs.compactMap { key, value in value.map { JSON.Member(key: key, value: $0) } })
    }
}
