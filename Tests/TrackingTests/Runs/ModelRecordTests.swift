import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct ModelRecordTests {
    @Test(arguments: Backend.available)
    func `a run keeps the history of its models in a tag`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()

            try await runs.record(model(path: "model"), of: id)
            try await runs.record(model(path: "größe"), of: id)

            let history = try await runs.get(id).tags.first { $0.key == "mlflow.log-model.history" }
            #expect(
                history?.value == #"[{"run_id": "x", "artifact_path": "model", "utc_time_created": "2026", "#
                    + #""model_uuid": null, "flavors": {"python_function": {"env": 1.5}}}, "#
                    + #"{"run_id": "x", "artifact_path": "gr\u00f6\u00dfe", "utc_time_created": "2026", "#
                    + #""model_uuid": null, "flavors": {"python_function": {"env": 1.5}}}]"#
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a tag that is no list is not overwritten`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            let tag = Tag(key: "mlflow.log-model.history", value: "mine")
            try await runs.log(Batch(tag: tag), to: id)

            await expectFailure(.invalidState, containing: "The tag mlflow.log-model.history is no JSON.") {
                try await runs.record(model(path: "model"), of: id)
            }
            #expect(try await runs.get(id).tags.contains(tag))
        }
    }

    @Test(arguments: [
        ("{", "Malformed model info. \n { \n is not a valid JSON."),
        ("[]", "Model json must be an object."), ("5", "Model json must be an object."),
        (
            "{}",
            "Model json is missing mandatory fields: {'artifact_path', 'flavors', 'run_id', 'utc_time_created'}"
        ),
        (
            #"{"artifact_path": "m", "flavors": {}}"#,
            "Model json is missing mandatory fields: {'run_id', 'utc_time_created'}"
        ),
        (
            #"{"artifact_path": "m", "flavors": [], "run_id": "r", "utc_time_created": "t"}"#,
            "The flavors of a model json must be an object."
        ),
    ])
    func `what is no model is refused`(text: String, words: String) {
        let failure = #expect(throws: Failure.self) { try ModelRecord(parsing: text) }
        #expect(failure?.message == words)
    }
}

private func model(path: String) throws -> ModelRecord {
    try ModelRecord(
        parsing: #"{"signature": "s", "flavors": {"python_function": {"env": 1.5, "config": {"k": 1}}}, "#
            + #""artifact_path": "\#(path)", "run_id": "x", "utc_time_created": "2026"}"#
    )
}
