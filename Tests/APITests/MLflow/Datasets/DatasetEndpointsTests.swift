import API
import Testing
import Tracking

@Suite struct DatasetEndpointsTests {
    @Test func `inputs and outputs are logged and datasets are listed`() async throws {
        try await withMLflow(DatasetEndpoints.all) { server in
            let id = try await server.newRun()

            let inputs = try await server.post(
                "runs/log-inputs",
                """
                {"run_id": "\(id)", "models": [{"model_id": "m-1"}], "datasets": [{
                    "tags": [{"key": "mlflow.data.context", "value": "train"}],
                    "dataset": {"name": "iris", "digest": "abc", "source_type": "local", "source": "{}", "schema": "s"}
                }, {"dataset": {"name": "wine"}}]}
                """
            )
            let outputs = try await server.post(
                "runs/outputs",
                #"{"run_id": "\#(id)", "models": [{"model_id": "m-2", "step": "3"}, {"modelId": "m-3"}]}"#
            )
            let found = try await server.post(
                "/ajax-api/2.0/mlflow/experiments/search-datasets",
                #"{"experiment_ids": ["0"]}"#
            )

            #expect(inputs.body == "{}")
            #expect(outputs.body == "{}")
            let run = try await server.tracking.runs(for: server.caller).get(id)
            #expect(run.datasets.map(\.dataset.name) == ["iris", "wine"])
            #expect(run.datasets.map(\.dataset.schema) == ["s", nil])
            #expect(run.modelInputs == ["m-1"])
            #expect(run.modelOutputs.map(\.modelID) == ["m-3", "m-2"])
            #expect(run.modelOutputs.map(\.step) == [0, 3])
            #expect(
                found.body
                    == #"{"dataset_summaries":[{"experiment_id":"0","name":"iris","digest":"abc","context":"train"},"#
                    + #"{"experiment_id":"0","name":"wine","digest":""}]}"#
            )
        }
    }

    @Test(arguments: [
        ("runs/log-inputs", #"{}"#, "Missing value for required parameter 'run_id'."),
        ("runs/log-inputs", #"{"run_id": 5}"#, "Invalid value 5 for parameter 'run_id' supplied:  Hint:"),
        (
            "runs/log-inputs", #"{"run_id": "r", "datasets": "iris"}"#,
            #"Invalid value \"iris\" for parameter 'datasets' supplied:  Hint: Value was of type 'str'."#
        ),
        (
            "runs/log-inputs", #"{"run_id": "a b", "datasets": []}"#,
            #"Invalid value \"a b\" for parameter 'run_id' supplied."#
        ),
        ("runs/outputs", #"{"run_id": "r"}"#, "Missing value for required parameter 'models'."),
        (
            "/ajax-api/2.0/mlflow/experiments/search-datasets", "{}",
            "SearchDatasets request must specify at least one experiment_id."
        ),
        (
            "/ajax-api/2.0/mlflow/experiments/search-datasets", #"{"experiment_ids": ["iris"]}"#,
            "Invalid experiment ID 'iris'. Experiment ID must be a valid integer."
        ),
    ])
    func `a wrong request is told what is wrong`(path: String, body: String, words: String) async throws {
        try await withMLflow(DatasetEndpoints.all) { server in
            let answer = try await server.post(path, body)

            #expect(answer.status == 400)
            #expect(answer.body.hasPrefix(#"{"error_code":"INVALID_PARAMETER_VALUE","message":""#))
            #expect(answer.body.contains(words), "\(answer.body)")
        }
    }

    @Test func `nothing found is an empty object and the path without a slash is not served`() async throws {
        try await withMLflow(DatasetEndpoints.all) { server in
            let body = #"{"experiment_ids": ["98765"]}"#

            let found = try await server.post("/ajax-api/2.0/mlflow/experiments/search-datasets", body)
            let broken = try await server.post("/api/2.0mlflow/experiments/search-datasets", body)

            #expect(found.body == "{}")
            #expect(broken.status == 404)
        }
    }
}
