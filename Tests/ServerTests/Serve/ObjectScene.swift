import Accounts
import Core
import Database
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

/// `ann` has a repository, `eve` only an account.
struct ObjectPeople {
    private let people: TestPeople

    init(_ database: any Database, _ accounts: Accounts) async throws {
        people = try await TestPeople(["ann", "eve"], in: database)
        _ = try await accounts.repositories(for: identity("Bearer ann")).create(
            NewRepository(name: RepositoryName("iris"), visibility: .private)
        )
    }

    func identity(_ authorization: String) -> Identity {
        people.identity(authorization)
    }
}

/// An experiment and a model with all that they can have; what must not be told carries the word SECRET.
struct ObjectThings {
    let experiment: String
    let run: String
    let loggedModel: String
}

struct ObjectAnswer: Equatable, CustomStringConvertible {
    let status: Int
    let body: String

    var description: String { "\(status) \(body.prefix(300))" }
}

/// A request with the ids of what is closed, or with none.
struct ObjectQuestion {
    let path: String
    let isBare: Bool
    /// Queries and bodies.
    let ways: [(query: String, body: String)]
}

struct ObjectScene: Sendable {
    let client: any TestClientProtocol
    let endpoints: [Endpoint]
    let routes: [(method: HTTPRequest.Method, pattern: String)]
    private(set) var open = ObjectThings(experiment: "", run: "", loggedModel: "")
    private(set) var closed = ObjectThings(experiment: "", run: "", loggedModel: "")

    private static let base = "/ann/iris.mlflow"
    private static let mlflow = base + "/api/2.0/mlflow"

    init(_ client: any TestClientProtocol, _ endpoints: [Endpoint]) async throws {
        self.client = client
        self.endpoints = endpoints
        routes = Routes(endpoints).all.filter { $0.pattern.hasPrefix("/{repository}.mlflow/") }
            .map { ($0.method, $0.pattern) }.sorted { "\($0)" < "\($1)" }
        open = try await make("open", secret: "plain")
        closed = try await make("closed", secret: "SECRET")
    }

    var closedIDs: [String] { [closed.run, closed.loggedModel, "\"closed\""] }

    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        as login: String,
        _ body: String
    ) async throws -> ObjectAnswer {
        let response = try await client.execute(
            uri: path,
            method: method,
            headers: [
                .contentType: "application/json", .authorization: "Bearer \(login)", .xRoostRequest: "walk",
            ],
            body: body.isEmpty ? nil : ByteBuffer(string: body)
        )
        return ObjectAnswer(status: response.status.code, body: String(buffer: response.body))
    }

    func grant(_ permission: String) async throws {
        for (type, name) in [("experiment", open.experiment), ("registered_model", "open")] {
            _ = try await said(
                "/ann/iris.mlflow/api/3.0/mlflow/users/permissions/grant",
                """
                {"username":"eve","resource_type":"\(type)","resource_id":"\(name)","permission":"\(permission)"}
                """
            )
        }
    }

    /// What ann reads of what is closed.
    func closedThings() async throws -> [ObjectAnswer] {
        var answers: [ObjectAnswer] = []
        for path in [
            "\(Self.mlflow)/experiments/get?experiment_id=\(closed.experiment)",
            "\(Self.mlflow)/runs/get?run_id=\(closed.run)",
            "\(Self.mlflow)/metrics/get-history?run_id=\(closed.run)&metric_key=m",
            "\(Self.mlflow)/logged-models/\(closed.loggedModel)",
            "\(Self.mlflow)/registered-models/get?name=closed",
            "\(Self.mlflow)/model-versions/get?name=closed&version=1",
            "\(Self.mlflow)/artifacts/list?run_id=\(closed.run)",
            "\(Self.base)/get-artifact?run_id=\(closed.run)&path=file.txt",
        ] {
            let answer = try await ask(.get, path, as: "ann", "")
            #expect(answer.status == 200, "\(path): \(answer)")
            answers.append(answer)
        }
        return answers
    }

    /// A logged model of ann's in what is open, without files yet.
    func makeLoggedModel() async throws -> String {
        let body = #"{"experiment_id":"\#(open.experiment)","name":"late"}"#
        return try id("model_id", try await said("\(Self.mlflow)/logged-models", body))
    }

    private func make(_ name: String, secret: String) async throws -> ObjectThings {
        let tags = #""tags":[{"key":"t","value":"\#(secret)"}]"#
        let experiment = try id(
            "experiment_id",
            try await said("\(Self.mlflow)/experiments/create", #"{"name":"\#(name)",\#(tags)}"#)
        )
        let run = try id(
            "run_id",
            try await said(
                "\(Self.mlflow)/runs/create",
                #"{"experiment_id":"\#(experiment)","run_name":"\#(secret)",\#(tags)}"#
            )
        )
        let model = try id(
            "model_id",
            try await said(
                "\(Self.mlflow)/logged-models",
                #"{"experiment_id":"\#(experiment)","name":"\#(secret)","source_run_id":"\#(run)",\#(tags)}"#
            )
        )
        _ = try await said(
            "\(Self.mlflow)/runs/log-batch",
            #"{"run_id":"\#(run)","metrics":[{"key":"m","value":1,"timestamp":1,"step":1}],"params":[{"key":"p","value":"\#(secret)"}]}"#
        )
        _ = try await said(
            "\(Self.mlflow)/runs/log-inputs",
            #"{"run_id":"\#(run)","datasets":[{"dataset":{"name":"\#(secret)","digest":"d","source_type":"s","source":"s"}}]}"#
        )
        let file = "\(Self.base)/api/2.0/mlflow-artifacts/artifacts/\(experiment)/\(run)/artifacts/file.txt"
        #expect(try await ask(.put, file, as: "ann", secret).status == 200)
        _ = try await said(
            "\(Self.mlflow)/registered-models/create",
            #"{"name":"\#(name)","description":"\#(secret)"}"#
        )
        _ = try await said(
            "\(Self.mlflow)/model-versions/create",
            #"{"name":"\#(name)","source":"mlflow-artifacts:/\#(experiment)/\#(run)/artifacts","run_id":"\#(run)","description":"\#(secret)"}"#
        )
        return ObjectThings(experiment: experiment, run: run, loggedModel: model)
    }

    private func said(_ path: String, _ body: String) async throws -> String {
        let answer = try await ask(.post, path, as: "ann", body)
        #expect(answer.status == 200, "\(path): \(answer)")
        return answer.body
    }

    private func id(_ name: String, _ body: String) throws -> String {
        let start = try #require(body.firstRange(of: "\"\(name)\":\"")).upperBound
        return String(body[start...].prefix { $0 != "\"" })
    }
}
