import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import MLflowClient

/// Against a server that says what MLflow's says in such a case; `InstalledServerTests` asks a real one.
@Suite
struct MLflowClientTests {
    @Test func `a list is read page by page`() async throws {
        let router = Router()
        router.post("/api/2.0/mlflow/experiments/search") { request, _ in
            let body = String(buffer: try await request.body.collect(upTo: 10_000))
            return body.contains("page_token")
                ? #"{"experiments": [{"experiment_id": "2", "name": "b", "lifecycle_stage": "deleted"}]}"#
                : #"{"experiments": [{"experiment_id": "1", "name": "a", "creation_time": "5", "tags": [{"key": "k", "value": "v"}]}], "next_page_token": "next"}"#
        }

        try await withClient(router) { client in
            var found: [MLflowClient.Experiment] = []
            for try await experiment in client.experiments(view: .all) { found.append(experiment) }

            #expect(found.map(\.name) == ["a", "b"])
            #expect(found.map(\.stage) == [.active, .deleted])
            #expect(found[0].creationTime == 5)
            #expect(found[0].tags.map(\.key) == ["k"])
        }
    }

    @Test func `NaN and infinities are numbers`() async throws {
        let router = Router()
        router.get("/api/2.0/mlflow/metrics/get-history") { request, _ in
            #expect(request.uri.queryParameters["metric_key"] == "a b")
            return
                #"{"metrics": [{"key": "m", "value": "NaN", "timestamp": 1, "step": -2}, {"key": "m", "value": "-Infinity", "timestamp": "2"}]}"#
        }

        try await withClient(router) { client in
            var points: [MLflowClient.Metric] = []
            for try await point in client.history(of: "a b", run: "r") { points.append(point) }

            #expect(points[0].value.isNaN)
            #expect((points[0].step, points[1].timestamp, points[1].value) == (-2, 2, -.infinity))
        }
    }

    @Test func `a call without a function of its own is made as it is`() async throws {
        let router = Router()
        router.get("/api/2.0/roost/model-versions/verify") { request, _ in
            String(request.uri.queryParameters["uri"] ?? "")
        }
        router.post("/api/2.0/roost/approval-requests/approve") { request, _ -> Response in
            #expect(request.headers[.contentType] == "application/json")
            let body = try await request.body.collect(upTo: 10_000)
            return Response(status: .forbidden, body: ResponseBody(byteBuffer: body))
        }

        try await withClient(router) { client in
            let uri = "models:/iris@champion & more"
            let answer = try await client.call(
                "GET",
                "/api/2.0/roost/model-versions/verify",
                query: [("uri", uri)]
            )
            #expect(String(decoding: answer, as: UTF8.self) == uri)
            let told = #"{"error_code":"PERMISSION_DENIED","message":"no"}"#
            let error = await #expect(throws: MLflowError.self) {
                try await client.call(
                    "POST",
                    "/api/2.0/roost/approval-requests/approve",
                    json: Array(told.utf8)
                )
            }
            #expect(error?.description == "PERMISSION_DENIED: no")
        }
    }

    @Test func `a passing failure is tried again, a refusal is not`() async throws {
        let asked = Mutex<[String: Int]>([:])
        let router = Router()
        router.get("/api/2.0/mlflow/runs/get") { request, _ -> Response in
            let id = request.uri.queryParameters["run_id"].map { String($0) } ?? ""
            let count = asked.withLock { asked in
                asked[id, default: 0] += 1
                return asked[id] ?? 0
            }
            if id == "busy", count < 3 { return Response(status: .serviceUnavailable) }
            if id == "gone" {
                let body =
                    #"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Run with id=gone not found"}"#
                return Response(status: .notFound, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
            }
            let body = #"{"run": {"info": {"run_id": "busy", "status": "FINISHED"}}}"#
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
        }

        try await withClient(router) { client in
            let run = try await client.run("busy")
            let refusal = await #expect(throws: MLflowError.self) { try await client.run("gone") }

            #expect(run.info.status == "FINISHED")
            #expect(refusal?.isMissing == true)
            #expect(refusal?.description == "RESOURCE_DOES_NOT_EXIST: Run with id=gone not found")
            #expect(asked.withLock { $0 } == ["busy": 3, "gone": 1])
        }
    }

    @Test func `an old server has no logged models`() async throws {
        try await withClient(Router()) { client in
            let refusal = await #expect(throws: MLflowError.self) {
                for try await _ in client.loggedModels(of: ["0"]) {}
            }
            #expect(refusal?.isUnknownEndpoint == true)
        }
    }

    @Test func `a deleted logged model is found where it is asked for`() async throws {
        let router = Router()
        router.get("/api/2.0/mlflow/logged-models/m-1") { request, _ -> Response in
            guard request.uri.queryParameters["allow_deleted"] == "true" else {
                let body = #"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found."}"#
                return Response(status: .notFound, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
            }
            let body = #"{"model": {"info": {"model_id": "m-1", "experiment_id": "7"}}}"#
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
        }

        try await withClient(router) { client in
            let refusal = await #expect(throws: MLflowError.self) { try await client.loggedModel("m-1") }
            let model = try await client.loggedModel("m-1", isDeletedFound: true)

            #expect(refusal?.isMissing == true)
            #expect((model.id, model.experimentID) == ("m-1", "7"))
        }
    }

    @Test func `registered models come page by page and versions with what old servers leave out`()
        async throws
    {
        let router = Router()
        router.get("/api/2.0/mlflow/registered-models/search") { request, _ in
            request.uri.queryParameters["page_token"] == nil
                ? #"{"registered_models": [{"name": "a", "aliases": [{"alias": "x", "version": "1"}]}], "next_page_token": "t"}"#
                : #"{"registered_models": [{"name": "b", "creation_timestamp": "5"}]}"#
        }
        router.get("/api/2.0/mlflow/model-versions/search") { request, _ in
            #expect(request.uri.queryParameters["filter"] == "name='a'")
            return #"{"model_versions": [{"name": "a", "version": "1", "current_stage": "Staging"}]}"#
        }
        router.get("/api/2.0/mlflow/model-versions/get-download-uri") { _, _ in
            #"{"artifact_uri": "s3://b/m"}"#
        }

        try await withClient(router) { client in
            var models: [MLflowClient.RegisteredModel] = []
            for try await model in client.registeredModels() { models.append(model) }
            var versions: [MLflowClient.ModelVersion] = []
            for try await version in client.modelVersions(filter: "name='a'") { versions.append(version) }

            #expect(models.map(\.name) == ["a", "b"])
            #expect(models.map(\.creationTime) == [0, 5])
            #expect(models[0].aliases.map(\.version) == ["1"])
            #expect(versions.map(\.stage) == ["Staging"])
            #expect(versions.map(\.runID) == [""])
            #expect(try await client.location(ofVersion: "1", of: "a") == "s3://b/m")
        }
    }

    @Test func `artifacts are listed below their root and streamed`() async throws {
        let router = Router()
        router.get("/api/2.0/mlflow-artifacts/artifacts") { request, _ in
            #expect(request.uri.queryParameters["path"] == "1/r/artifacts/d")
            return
                #"{"files": [{"path": "f.txt", "is_dir": false, "file_size": 5}, {"path": "e", "is_dir": true}]}"#
        }
        router.get("/api/2.0/mlflow-artifacts/artifacts/**") { request, _ in
            #expect(request.headers[.authorization] == "Bearer t")
            return "hello"
        }

        try await withClient(router) { client in
            let root = MLflowClient.ArtifactRoot.proxy(folder: "1/r/artifacts")
            let entries = try await client.artifacts(in: "d", of: root)
            var content = ""
            for try await piece in try await client.download("d/f.txt", of: root) {
                content += String(buffer: piece)
            }

            #expect(entries.map(\.path) == ["d/f.txt", "d/e"])
            #expect(entries.map(\.sizeBytes) == [5, nil])
            #expect(content == "hello")
        }
    }

    @Test func `a server that is not there is told at once, or after the tries that were asked for`()
        async throws
    {
        let policies = [
            RetryPolicy.none, .standard,
            RetryPolicy(limit: 3, pauseSeconds: 0.01, jitterSeconds: 0, awaitsServer: true),
        ]
        for retries in policies {
            let client = try MLflowClient(address: "http://127.0.0.1:1", retries: retries)
            let start = ContinuousClock.now

            let failure = await #expect(throws: MLflowError.self) { try await client.version() }

            // A pool that tries connections again by itself goes on for 90 seconds, the usual tries for 250.
            #expect(ContinuousClock.now - start < .seconds(60))
            #expect(failure?.description == "http://127.0.0.1:1 cannot be reached: connection refused.")
            guard case .unreachable = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test func `a name that nobody knows is told at once`() async throws {
        let client = try MLflowClient(address: "http://roost.invalid:1")
        let start = ContinuousClock.now

        let failure = await #expect(throws: MLflowError.self) { try await client.version() }

        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(failure?.description == "http://roost.invalid:1 cannot be reached: its name is not known.")
    }

    @Test func `a server that has answered once is tried again`() async throws {
        let router = Router()
        router.get("/version") { _, _ in "3.17.2" }
        let clients = Mutex<[MLflowClient]>([])
        try await withClient(router) { client in
            let patient = try MLflowClient(
                address: client.address,
                retries: RetryPolicy(limit: 2, pauseSeconds: 0.2, jitterSeconds: 0)
            )
            #expect(try await patient.version() == "3.17.2")
            clients.withLock { $0.append(patient) }
        }
        let patient = try #require(clients.withLock { $0.first })
        let start = ContinuousClock.now

        await #expect(throws: MLflowError.self) { try await patient.version() }

        #expect(ContinuousClock.now - start >= .milliseconds(600))
    }

    private func withClient(
        _ router: Router<BasicRequestContext>,
        _ body: @Sendable @escaping (MLflowClient) async throws -> Void
    ) async throws {
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { server in
            let port = try #require(server.port)
            try await body(
                try MLflowClient(
                    address: "http://127.0.0.1:\(port)",
                    credentials: .bearer(token: "t"),
                    retries: RetryPolicy(limit: 5, pauseSeconds: 0.001, jitterSeconds: 0)
                )
            )
        }
    }
}
