import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct LoggedModelStoreSearchTests {
    @Test(arguments: Backend.available)
    func `models are found by filter and dataset and come page by page`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let models = tracking.loggedModels(for: ann)
            let run = try await tracking.newRun()
            var ids: [String] = []
            for (name, accuracy, dataset) in [("a", 0.5, "iris"), ("b", 0.9, "iris"), ("c", 0.7, "wine")] {
                let id = try await tracking.newModel(named: name).id
                let point = Metric(
                    key: "acc",
                    value: accuracy,
                    timestamp: 5,
                    step: 0,
                    modelID: id,
                    datasetName: dataset,
                    datasetDigest: "1"
                )
                try await tracking.runs(for: ann).log(Batch(metric: point), to: run)
                ids.append(id)
            }
            try await models.set([Tag(key: "team", value: "blue")], of: ids[0])
            let byMetric = [LoggedModelOrderTerm(field: "metrics.acc", isAscending: false)]

            #expect(try await models.names(filter: "tags.team = 'blue'") == ["a"])
            #expect(try await models.names(filter: "metrics.acc > 0.6", orderBy: byMetric) == ["b", "c"])
            let iris = [LoggedModelDataset(name: "iris", digest: "1")]
            #expect(try await models.names(datasets: iris, orderBy: byMetric) == ["b", "a"])
            let first = try await models.search(search(orderBy: byMetric, limit: 2))
            #expect(first.models.map(\.name) == ["b", "c"])
            #expect(first.models[0].metrics.map(\.metric.value) == [0.9])
            let second = try await models.search(search(orderBy: byMetric, limit: 2, pageToken: first.next))
            #expect(second.models.map(\.name) == ["a"])
            #expect(second.next == nil)
            await expectFailure(.invalidParameter, containing: "Invalid page token") {
                _ = try await models.search(search(limit: 2, pageToken: first.next))
            }

            try await models.delete(ids[1])
            #expect(try await models.names(orderBy: byMetric) == ["c", "a"])
            let eve = Caller(name: "eve", workspace: WorkspaceID(key: 2))
            #expect(try await tracking.loggedModels(for: eve).names() == [])
        }
    }
}

private func search(
    filter: String? = nil,
    datasets: [LoggedModelDataset] = [],
    orderBy: [LoggedModelOrderTerm] = [],
    limit: Int = 100,
    pageToken: String? = nil
) -> LoggedModelSearch {
    LoggedModelSearch(
        experimentIDs: [0, 98_765],
        filter: filter,
        datasets: datasets,
        orderBy: orderBy,
        limit: limit,
        pageToken: pageToken
    )
}

extension LoggedModelStore {
    fileprivate func names(
        filter: String? = nil,
        datasets: [LoggedModelDataset] = [],
        orderBy: [LoggedModelOrderTerm] = []
    ) async throws -> [String] {
        let found = try await self.search(
            TrackingTests.search(filter: filter, datasets: datasets, orderBy: orderBy)
        )
        return found.models.map(\.name)
    }
}
