import API
import ArgumentParser
import Core
import HTTPTypes
import MLflowClient

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
        let storage = try await Storage.open(settings())
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

/// A call of the API, as commands make it.
struct RegistryCall: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    let method: Method
    let path: String
    let fields: [JSON.Member]

    /// - Parameters:
    ///   - method: Its method.
    ///   - path: Below `/api/2.0/`.
    ///   - fields: Its fields; nil values are left out.
    init(_ method: Method, _ path: String, _ fields: KeyValuePairs<String, JSON?>) {
        self.method = method
        self.path = "/api/2.0/" + path
        self.fields = fields.compactMap { key, value in value.map { JSON.Member(key: key, value: $0) } }
    }
}

/// Where the calls of a command go.
enum RegistryLine: Sendable {
    case data(DirectLine)
    case server(MLflowClient)

    /// Long enough to hash a large model again.
    private static let timeoutSeconds: Int64 = 24 * 3_600

    func answer(to call: RegistryCall) async throws -> JSON {
        try JSON(parsing: await bytes(call))
    }

    private func bytes(_ call: RegistryCall) async throws -> [UInt8] {
        switch self {
        case .data(let line):
            return try await line.ask(call.method.httpMethod, call.path, .object(call.fields))
        case .server(let client) where call.method == .get:
            let query = call.fields.flatMap { field in
                field.value.queryValues.map { (name: field.key, value: $0) }
            }
            return try await client.call(
                call.method.rawValue,
                call.path,
                query: query,
                timeoutSeconds: Self.timeoutSeconds
            )
        case .server(let client):
            let body = Array(JSON.object(call.fields).text.utf8)
            return try await client.call(call.method.rawValue, call.path, json: body)
        }
    }
}

extension RegistryCall.Method {
    fileprivate var httpMethod: HTTPRequest.Method {
        switch self {
        case .get: .get
        case .post: .post
        case .delete: .delete
        }
    }
}

extension JSON {
    /// As the values of a query are written; a list is a value for each element.
    fileprivate var queryValues: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.queryValues)
        default: [text]
        }
    }
}
