import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct DatasetStoreTests {
    @Test(arguments: Backend.available)
    func `each dataset is listed once for every context`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let (first, second) = (try await tracking.newRun(), try await tracking.newRun(named: "second"))
            let train = [Tag(key: "mlflow.data.context", value: "train"), Tag(key: "k", value: "v")]
            let test = [Tag(key: "mlflow.data.context", value: "test")]
            try await runs.log(
                inputs(("wine", "1", []), ("iris", "2", []), ("iris", "1", train)),
                to: first
            )
            try await runs.log(inputs(("iris", "1", test), ("iris", "2", [])), to: second)

            let expected = [
                summary("iris", "1", "test"), summary("iris", "1", "train"), summary("iris", "2", nil),
                summary("wine", "1", nil),
            ]
            let datasets = tracking.datasets(for: ann)
            #expect(try await datasets.summaries(of: [0, 98_765]) == expected)
            try await runs.delete(first)
            #expect(try await datasets.summaries(of: [0]) == expected)

            let eve = Caller(name: "eve", workspace: WorkspaceID(key: 2))
            #expect(try await tracking.datasets(for: eve).summaries(of: [0]) == [])
        }
    }

    @Test(arguments: [
        ([], "SearchDatasets request must specify at least one experiment_id."),
        (
            Array(0...20),
            "SearchDatasets request cannot specify more than 20 experiment_ids. Received 21 experiment_ids."
        ),
    ])
    func `from 1 to 20 experiments are asked`(experiments: [Int64], words: String) async throws {
        try await withTracking(on: .sqlite) { tracking in
            await expectFailure(.invalidParameter, containing: words) {
                _ = try await tracking.datasets(for: ann).summaries(of: experiments)
            }
        }
    }
}

private func inputs(_ datasets: (name: String, digest: String, tags: [Tag])...) throws -> RunInputs {
    try RunInputs(
        datasets: datasets.map {
            DatasetInput(
                dataset: Dataset(
                    name: $0.name,
                    digest: $0.digest,
                    sourceType: "local",
                    source: "{}",
                    schema: nil,
                    profile: nil
                ),
                tags: $0.tags
            )
        },
        models: []
    )
}

private func summary(_ name: String, _ digest: String, _ context: String?) -> DatasetSummary {
    DatasetSummary(experimentID: 0, name: name, digest: digest, context: context)
}
