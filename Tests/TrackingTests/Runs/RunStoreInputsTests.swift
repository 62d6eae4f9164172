import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct RunStoreInputsTests {
    @Test(arguments: Backend.available)
    func `the first description of a dataset stays, and so do the tags of its first use`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let (first, second) = (try await tracking.newRun(), try await tracking.newRun(named: "second"))
            let one = input("iris", source: "one", tags: [Tag(key: "mlflow.data.context", value: "train")])
            let two = input("iris", source: "two", tags: [Tag(key: "a", value: "2")])

            try await runs.log(RunInputs(datasets: [one, two], models: []), to: first)
            try await runs.log(RunInputs(datasets: [two, input("wine")], models: []), to: first)
            try await runs.log(RunInputs(datasets: [two], models: []), to: second)

            #expect(try await runs.get(first).datasets == [one, input("wine")])
            #expect(
                try await runs.get(second).datasets == [input("iris", source: "one", tags: two.tags)]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a dataset of another experiment is another dataset`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let other = try await tracking.experiments(for: ann).create(
                NewExperiment(checkedName: "iris", artifactLocation: nil, tags: [])
            )
            let here = try await tracking.newRun()
            let there = try await runs.create(
                NewRun(experimentID: other, userID: "ann", name: "there", startTime: 1, tags: [])
            ).info.id

            try await runs.log(RunInputs(datasets: [input("iris", source: "one")], models: []), to: here)
            try await runs.log(RunInputs(datasets: [input("iris", source: "two")], models: []), to: there)

            #expect(try await runs.get(there).datasets.map(\.dataset.source) == ["two"])
        }
    }

    @Test(arguments: Backend.available)
    func `models are noted once as input and once as output`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            let output = ModelOutput(modelID: "m-2", step: 3)

            try await runs.log(RunInputs(datasets: [], models: ["m-1"]), to: id)
            try await runs.log(RunInputs(datasets: [], models: ["m-1", "m-2"]), to: id)
            try await runs.log([output], to: id)
            let words = "A model can be logged only once as an output of the run \(id)."
            await expectFailure(.alreadyExists, containing: words) {
                try await runs.log([ModelOutput(modelID: "m-3", step: 1), output], to: id)
            }
            await expectFailure(.alreadyExists, containing: words) {
                let twice = ModelOutput(modelID: "m-4", step: 1)
                try await runs.log([twice, twice], to: id)
            }

            let run = try await runs.get(id)
            #expect(run.modelInputs == ["m-1", "m-2"])
            #expect(run.modelOutputs == [output])
        }
    }

    @Test(arguments: Backend.available)
    func `the id of a model has the length of an id`(on backend: Backend) async throws {
        let id = String((0..<256).map { _ in "äöüßéèçñ".randomElement() ?? "ä" })
        let words = "'model_id' exceeds the maximum length of 256 characters"
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let run = try await tracking.newRun()

            try await runs.log(RunInputs(datasets: [], models: [id]), to: run)
            try await runs.log([ModelOutput(modelID: id, step: 0)], to: run)

            await expectFailure(.invalidParameter, words) {
                try await runs.log(RunInputs(datasets: [], models: [id + "a"]), to: run)
            }
            await expectFailure(.invalidParameter, words) {
                try await runs.log([ModelOutput(modelID: id + "a", step: 0)], to: run)
            }
            #expect(try await runs.get(run).modelOutputs.map(\.modelID) == [id])
        }
    }

    @Test(arguments: Backend.available)
    func `a run that is deleted or not there takes neither inputs nor outputs`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            let inputs = try RunInputs(datasets: [input("iris")], models: [])
            let outputs = [ModelOutput(modelID: "m-1", step: 0)]
            try await runs.delete(id)

            for (run, code, words) in [
                (
                    id, Failure.Code.invalidParameter,
                    "must be in the 'active' state. Current state is deleted."
                ),
                ("nope", .missing, "Run with id=nope not found"),
            ] {
                await expectFailure(code, containing: words) { try await runs.log(inputs, to: run) }
                await expectFailure(code, containing: words) { try await runs.log(outputs, to: run) }
            }
            await expectFailure(
                .invalidParameter,
                containing: "Invalid value \"a/b\" for parameter 'run_id' supplied."
            ) {
                try await runs.log(inputs, to: "a/b")
            }
            await expectFailure(.missing, containing: "Run with id=a/b not found") {
                try await runs.log(outputs, to: "a/b")
            }
        }
    }

    @Test func `what is too long or comes twice is refused`() {
        func long(_ count: Int) -> String { String(repeating: "x", count: count) }
        let cases: [(input: DatasetInput, words: String)] = [
            (input(long(501)), "'name' exceeds the maximum length of 500 characters"),
            (input("iris", digest: long(37)), "'digest' exceeds the maximum length of 36 characters"),
            (input("iris", source: long(65_536)), "'source' exceeds the maximum length of 65535 characters"),
            (
                input("iris", schema: long(1_048_576)),
                "'schema' exceeds the maximum length of 1048575 characters"
            ),
            (
                input("iris", tags: [Tag(key: long(256), value: "v")]),
                "'key' exceeds the maximum length of 255 characters"
            ),
            (
                input("iris", tags: [Tag(key: "k", value: long(501))]),
                "'value' exceeds the maximum length of 500 characters"
            ),
            (
                input("iris", tags: [Tag(key: "k", value: "1"), Tag(key: "k", value: "2")]),
                "The tag 'k' of the dataset 'iris' comes twice."
            ),
        ]
        for (input, words) in cases {
            let failure = #expect(throws: Failure.self) { try RunInputs(datasets: [input], models: []) }
            #expect(failure?.message == words)
        }
    }

    @Test func `the longest that MLflow keeps is kept, counted in characters`() throws {
        let kept = input(
            String(repeating: "é", count: 500),
            digest: String(repeating: "d", count: 36),
            tags: [Tag(key: String(repeating: "k", count: 255), value: String(repeating: "v", count: 500))]
        )
        _ = try RunInputs(datasets: [kept], models: [])
    }
}

private func input(
    _ name: String,
    digest: String = "abc",
    source: String = "{}",
    schema: String? = nil,
    tags: [Tag] = []
) -> DatasetInput {
    DatasetInput(
        dataset: Dataset(
            name: name,
            digest: digest,
            sourceType: "local",
            source: source,
            schema: schema,
            profile: nil
        ),
        tags: tags
    )
}
