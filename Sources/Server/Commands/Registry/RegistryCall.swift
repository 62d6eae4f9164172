import API
import Core
import HTTP
import HTTPTypes
import MLflowClient

/// A call of the API, as commands make it.
struct RegistryCall: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    let method: Method
    let path: String
    let fields: [JSON.Member]

    /// - Parameters:
    ///   - method: Its method.
    ///   - path: Below `/api/2.0/`.
    ///   - fields: Its fields; nil values are left out.
    ///   - page: How much of a list is asked for.
    init(
        _ method: Method,
        _ path: String,
        _ fields: KeyValuePairs<String, JSON?>,
        page: RegistryPage? = nil
    ) {
        self.method = method
        self.path = "/api/2.0/" + path
        self.fields =
            fields.compactMap { key, value in value.map { JSON.Member(key: key, value: $0) } }
            + (page?.fields ?? [])
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
        case .patch: .patch
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
