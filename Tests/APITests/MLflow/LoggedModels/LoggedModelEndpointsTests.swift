import API
import Core
import HTTPTypes
import Testing
import Tracking

@Suite struct LoggedModelEndpointsTests {
    @Test func `a model is created and read back`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let made = try await server.post(
                "logged-models",
                """
                {"experiment_id": "0", "name": "petal", "model_type": "tree", "source_run_id": "r",
                 "params": [{"key": "depth", "value": "3"}, {"key": "k"}], "tags": [{"key": "team", "value": "blue"}]}
                """
            )
            let id = try made.modelID

            #expect(made.status == 200)
            #expect(
                made.body == #"{"model":{"info":{"model_id":"\#(id)","experiment_id":"0","name":"petal","#
                    + #""creation_timestamp_ms":1000,"last_updated_timestamp_ms":1000,"#
                    + #""artifact_uri":"mlflow-artifacts:/0/models/\#(id)/artifacts","status":"LOGGED_MODEL_PENDING","#
                    + #""model_type":"tree","source_run_id":"r","tags":[{"key":"team","value":"blue"}]},"#
                    + #""data":{"params":[{"key":"depth","value":"3"},{"key":"k","value":""}]}}}"#
            )
            #expect(try await server.ask(.get, "logged-models/\(id)").body == made.body)
        }
    }

    @Test func `a model without anything says so in its place`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let made = try await server.post("logged-models", #"{"experiment_id": "0", "name": "petal"}"#)

            #expect(made.body.hasSuffix(#""model_type":"","source_run_id":""},"data":{}}}"#), "\(made.body)")
        }
    }

    @Test func `metrics of a model name their run and dataset`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let run = try await server.newRun()
            let id = try await server.newModel()
            let point = Metric(
                key: "acc",
                value: 0.5,
                timestamp: 5,
                step: 2,
                modelID: id,
                datasetName: "iris",
                datasetDigest: "1"
            )
            try await server.tracking.runs(for: server.caller).log(Batch(metric: point), to: run)

            let answer = try await server.ask(.get, "logged-models/\(id)")

            #expect(
                answer.body.hasSuffix(
                    #""data":{"metrics":[{"key":"acc","value":0.5,"timestamp":5,"step":2,"dataset_name":"iris","#
                        + #""dataset_digest":"1","model_id":"\#(id)","run_id":"\#(run)"}]}}}"#
                ),
                "\(answer.body)"
            )
        }
    }

    @Test(arguments: [
        ("2", "LOGGED_MODEL_READY"), (#""2""#, "LOGGED_MODEL_READY"),
        (#""LOGGED_MODEL_UPLOAD_FAILED""#, "LOGGED_MODEL_UPLOAD_FAILED"),
        ("1", "LOGGED_MODEL_PENDING"), ("77", "LOGGED_MODEL_STATUS_UNSPECIFIED"),
        (#""READY""#, "LOGGED_MODEL_STATUS_UNSPECIFIED"),
    ])
    func `a status comes as a word or a number`(status: String, word: String) async throws {
        try await withMLflow(registryEndpoints) { server in
            let id = try await server.newModel()
            let body = #"{"model_id": "\#(id)", "status": \#(status)}"#

            let answer = try await server.ask(.patch, "logged-models/\(id)", body)

            #expect(answer.status == 200)
            #expect(answer.body.contains(#""status":"\#(word)""#))
        }
    }

    @Test func `tags and params are set and a model is deleted`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let id = try await server.newModel()
            let path = "logged-models/\(id)"

            for (method, path, body) in [
                (
                    .patch, path + "/tags",
                    #"{"tags": [{"key": "a/b", "value": "1"}, {"key": "c"}, {"key": "d/e"}]}"#
                ),
                (.post, path + "/params", #"{"model_id": "\#(id)", "params": [{"key": "p", "value": "1"}]}"#),
                (.delete, path + "/tags/a%2Fb", nil), (.delete, path + "/tags/d/e", nil),
                (.delete, path, nil),
            ] as [(HTTPRequest.Method, String, String?)] {
                let answer = try await server.ask(method, path, body)
                #expect(answer.body == "{}", "\(method) \(path)")
            }
            let hidden = try await server.ask(.get, path + "?allow_deleted=maybe")
            let shown = try await server.ask(.get, path + "?allow_deleted=True")

            #expect(hidden.status == 404)
            #expect(
                hidden.body
                    == #"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"Logged model with ID '\#(id)' not found."}"#
            )
            #expect(
                shown.body.hasSuffix(
                    #""tags":[{"key":"c","value":""}]},"data":{"params":[{"key":"p","value":"1"}]}}}"#
                ),
                "\(shown.body)"
            )
        }
    }

    @Test func `models are searched page by page`() async throws {
        try await withMLflow(registryEndpoints) { server in
            for name in ["a", "b", "c"] {
                _ = try await server.post("logged-models", #"{"experiment_id": "0", "name": "\#(name)"}"#)
            }
            let asked = #""experiment_ids": ["0"], "order_by": [{"field_name": "name", "ascending": false}]"#

            let first = try await server.post("logged-models/search", "{\(asked), \"max_results\": 2}")
            let token = try #require(try JSON(parsing: first.body)["next_page_token"])
            let second = try await server.post(
                "logged-models/search",
                "{\(asked), \"max_results\": 2, \"page_token\": \(token.text)}"
            )
            let none = try await server.post("logged-models/search", #"{"experiment_ids": []}"#)

            #expect(try first.modelNames == ["c", "b"])
            #expect(try second.modelNames == ["a"])
            #expect(try JSON(parsing: second.body)["next_page_token"] == nil)
            #expect(none.body == "{}")
        }
    }

    @Test func `an old client's model goes into the history of its run`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let run = try await server.newRun()
            let model =
                #"{\"artifact_path\": \"m\", \"flavors\": {}, \"run_id\": \"r\", \"utc_time_created\": \"t\"}"#

            let answer = try await server.post(
                "runs/log-model",
                #"{"run_id": "\#(run)", "model_json": "\#(model)"}"#
            )

            #expect(answer.body == "{}")
            let tags = try await server.tracking.runs(for: server.caller).get(run).tags
            #expect(
                tags.first { $0.key == "mlflow.log-model.history" }?.value
                    == #"[{"run_id": "r", "artifact_path": "m", "utc_time_created": "t", "model_uuid": null, "flavors": {}}]"#
            )
        }
    }

    @Test(
        arguments: [
            (.post, "logged-models", "{}", "Missing value for required parameter 'experiment_id'."),
            (
                .post, "logged-models", #"{"experiment_id": "iris"}"#,
                "Invalid experiment ID 'iris'. Experiment ID must be a valid integer."
            ),
            (
                .post, "logged-models", #"{"experiment_id": "0", "name": 5}"#,
                "Invalid value 5 for parameter 'name' supplied:  Hint: Value was of type 'int'."
            ),
            (
                .post, "logged-models", #"{"experiment_id": "0", "params": "x"}"#,
                #"Invalid value \"x\" for parameter 'params' supplied:  Hint: Value was of type 'str'."#
            ),
            (
                .patch, "logged-models/m", #"{"status": 2}"#,
                "Missing value for required parameter 'model_id'."
            ),
            (
                .patch, "logged-models/m", #"{"model_id": "m"}"#,
                "Missing value for required parameter 'status'."
            ),
            (
                .patch, "logged-models/m", #"{"model_id": "m", "status": [2]}"#,
                "Invalid value [2] for parameter 'status' supplied:  Hint: Value was of type 'list'."
            ),
            (.post, "logged-models/search", "{}", "Missing value for required parameter 'experiment_ids'."),
            (
                .post, "logged-models/search", #"{"experiment_ids": ["0"], "max_results": -1}"#,
                "Invalid value for max_results. It must be a positive number, but got value -1"
            ),
            (
                .post, "logged-models/search", #"{"experiment_ids": ["0"], "order_by": [{}]}"#,
                "Invalid order by field name: "
            ),
            (
                .post, "logged-models/search",
                #"{"experiment_ids": ["0"], "datasets": [{"dataset_digest": "1"}]}"#,
                "`dataset_name` in the `datasets` clause must be specified."
            ),
            (.post, "logged-models/m/params", "{}", "Missing value for required parameter 'model_id'."),
            (
                .post, "runs/log-model", #"{"run_id": "r"}"#,
                "Missing value for required parameter 'model_json'."
            ),
        ] as [(HTTPRequest.Method, String, String, String)]
    )
    func `a wrong request is told what is wrong`(
        method: HTTPRequest.Method,
        path: String,
        body: String,
        words: String
    ) async throws {
        try await withMLflow(registryEndpoints) { server in
            let answer = try await server.ask(method, path, body)

            #expect(answer.status == 400)
            #expect(answer.body.contains(words), "\(answer.body)")
        }
    }
}

extension MLflow {
    func newModel() async throws -> String {
        try await post("logged-models", #"{"experiment_id": "0", "name": "petal"}"#).modelID
    }
}

extension MLflow.Answered {
    fileprivate var modelID: String {
        get throws {
            guard case .string(let id)? = try JSON(parsing: body)["model"]?["info"]?["model_id"] else {
                throw Failure(.internalError, "the answer names no model: \(body)")
            }
            return id
        }
    }

    fileprivate var modelNames: [String] {
        get throws {
            guard case .array(let models)? = try JSON(parsing: body)["models"] else { return [] }
            return models.compactMap {
                if case .string(let name)? = $0["info"]?["name"] { name } else { nil }
            }
        }
    }
}
