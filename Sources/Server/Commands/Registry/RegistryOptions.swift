import API
import ArgumentParser
import Core
import HTTP
import MLflowClient
import Registry
import Webhooks

/// What every command about registered models takes: whose data, who asks, and how the answer is written.
struct RegistryOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Write the answer as JSON.")
    var writesJSON = false
    @Option(
        name: .customLong("server"),
        help: ArgumentHelp(
            "Ask a server that runs, such as http://127.0.0.1:5000, in place of the data.",
            valueName: "address"
        )
    )
    var server: String?
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Who does it, as the history is to say. (default: local)", valueName: "name")
    )
    var actor: String?

    @OptionGroup(title: "Where this server's data lies") var storage: StorageOptions
    @Option(help: ArgumentHelp("A YAML file with settings, called as the options are.", valueName: "file"))
    var config: String?

    func settings() throws -> Settings {
        try Settings(SettingValues(flags: storage.values + [(.config, config), (.host, "127.0.0.1")]))
    }

    /// Makes calls to the data or to the server, and closes what was opened.
    func connect<T>(_ body: (RegistryLine) async throws -> T) async throws -> T {
        if let server {
            guard actor == nil else {
                throw SettingError("--as goes with the data: a server says itself who asks.")
            }
            return try await body(.server(MLflowClient(address: server, environment: Environment.current)))
        }
        guard actor != "" else { throw SettingError("--as needs a name.") }
        let settings = try settings()
        try await settings.requireData()
        let storage = try await Storage.open(settings, webhooks: WebhookMeans(settings))
        let caller = actor.map { Caller(name: $0, workspace: .standard) } ?? Storage.localCaller
        let result: T
        do {
            result = try await body(.data(DirectLine(storage.registryEndpoints, caller: caller)))
        } catch {
            try await storage.close()
            throw error
        }
        try await storage.close()
        return result
    }

    /// Makes one call and prints its answer: as it came, or as a text for people.
    func tell(_ call: RegistryCall, _ text: (JSON) throws -> String) async throws {
        let answer = try await connect { try await $0.answer(to: call) }
        print(writesJSON ? answer.text : try text(answer))
    }
}
