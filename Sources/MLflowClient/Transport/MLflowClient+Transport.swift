internal import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1

extension MLflowClient {
    /// One value of a query.
    typealias Parameter = (name: String, value: String)

    /// The most that an answer in JSON may be; a history that an old server cannot page is the longest.
    static let answerLimitBytes = 1 << 30
    private static let answerSeconds: Int64 = 120

    func get<Answer: Decodable>(_ path: String, _ query: [Parameter]) async throws -> Answer {
        try decode(await answer(request(path, query)), from: path)
    }

    func post<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
        var request = request(path, [])
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        request.body = .bytes(try encoder.encode(body))
        return try decode(await answer(request), from: path)
    }

    func text(_ path: String) async throws -> String {
        String(buffer: try await answer(request(path, [])))
    }

    /// Asks for a body that is not taken into memory.
    func stream(_ path: String, _ query: [Parameter]) async throws -> HTTPClientResponse.Body {
        try await respond(to: request(path, query), timeout: .hours(24)).body
    }

    private func answer(_ request: HTTPClientRequest) async throws -> ByteBuffer {
        let response = try await respond(to: request, timeout: .seconds(Self.answerSeconds))
        return try await response.body.collect(upTo: Self.answerLimitBytes)
    }

    func request(_ path: String, _ query: [Parameter]) -> HTTPClientRequest {
        let pairs = query.map { "\($0.name)=\(PercentEncoding.encoded($0.value))" }
        let ending = pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
        var request = HTTPClientRequest(url: address + path + ending)
        request.headers.add(name: "Accept", value: "*/*")
        request.headers.add(name: "User-Agent", value: "roost-mlflow-client")
        request.tlsConfiguration = tls
        if let header = credentials.header { request.headers.add(name: "Authorization", value: header) }
        return request
    }

    /// Sends a request until it is answered for good, with pauses that grow.
    func respond(
        to request: HTTPClientRequest,
        timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        for number in 1... {
            let pause = retries.pause(beforeTry: number)
            do {
                let response = try await http.execute(request, timeout: timeout)
                contact.make()
                if response.status.code < 400 { return response }
                let refusal = try await Self.refusal(response)
                guard RetryPolicy.passingStatuses.contains(response.status.code), let pause else {
                    throw MLflowError.refused(refusal)
                }
                try await Task.sleep(for: pause)
            } catch let error as CancellationError {
                throw error
            } catch let error as MLflowError {
                throw error
            } catch {
                // What has never worked is rather wrong than about to pass.
                guard contact.isMade || retries.awaitsServer, let pause else {
                    throw MLflowError.unreachable(address: address, cause: error)
                }
                try await Task.sleep(for: pause)
            }
        }
        preconditionFailure("the tries have no end")
    }

    private func decode<Answer: Decodable>(_ body: ByteBuffer, from path: String) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        do {
            return try decoder.decode(Answer.self, from: Data(body.readableBytesView))
        } catch {
            throw MLflowError.malformedAnswer(address: address + path, cause: error)
        }
    }

    private struct ErrorAnswer: Decodable {
        let code: String
        let message: String?

        enum CodingKeys: String, CodingKey {
            case code = "error_code"
            case message
        }
    }

    private static func refusal(_ response: HTTPClientResponse) async throws -> MLflowError.Refusal {
        let body = try await response.body.collect(upTo: 1 << 20)
        let told = try? JSONDecoder().decode(ErrorAnswer.self, from: Data(body.readableBytesView))
        return MLflowError.Refusal(
            status: Int(response.status.code),
            code: told?.code ?? "",
            message: told?.message ?? String(String(buffer: body).prefix(500))
        )
    }
}
