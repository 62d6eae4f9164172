internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

extension MLflowClient {
    /// Makes a call that there is no function for, such as one of a server's own beside MLflow's.
    ///
    /// - Parameters:
    ///   - method: `GET`, `POST`, `PATCH` or `DELETE`.
    ///   - path: The path below the address of the server, such as `/api/2.0/mlflow/registered-models/get`.
    ///   - query: What stands behind the path.
    ///   - json: A body in JSON; nil for none.
    ///   - timeoutSeconds: How long the answer may take.
    /// - Returns: The body of the answer.
    /// - Throws: ``MLflowError``.
    public func call(
        _ method: String,
        _ path: String,
        query: [(name: String, value: String)] = [],
        json: [UInt8]? = nil,
        timeoutSeconds: Int64 = 120
    ) async throws -> [UInt8] {
        var request = request(path, query)
        request.method = HTTPMethod(rawValue: method)
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(json)
        }
        let response = try await respond(to: request, timeout: .seconds(timeoutSeconds))
        return Array(try await response.body.collect(upTo: Self.answerLimitBytes).readableBytesView)
    }
}
