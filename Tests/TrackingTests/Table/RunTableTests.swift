import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct RunTableTests {
    private func search(
        filter: String? = nil,
        orderBy: [String] = [],
        limit: Int = 10,
        after token: String? = nil
    ) -> RunSearch {
        RunSearch(
            experimentIDs: [0],
            filter: filter,
            orderBy: orderBy,
            viewType: .activeOnly,
            limit: limit,
            pageToken: token
        )
    }

    /// Nine runs, the newest first: `r9` to `r1`; the param `lr` is 0.1 or 0.2, and `r1` has none.
    private func fill(_ tracking: Tracking) async throws {
        let runs = tracking.runs(for: ann)
        for number in 1...9 {
            let id = try await tracking.newRun(named: "r\(number)", startTime: Int64(number))
            let params = number == 1 ? [] : [Param(key: "lr", value: number % 2 == 0 ? "0.1" : "0.2")]
            try await runs.log(
                Batch(
                    metrics: [
                        Metric(key: "acc", value: number == 5 ? .nan : Double(number), timestamp: 1, step: 1)
                    ],
                    params: params,
                    tags: [Tag(key: "team", value: "red")]
                ),
                to: id
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a row has the values of the columns in their order`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            try await fill(tracking)
            let columns = RunColumns(metrics: ["never", "acc"], params: ["lr"], tags: ["team", "none"])

            let page = try await tracking.runs(for: ann).table(
                search(
                    filter:
                        "attributes.run_name = 'r1' OR attributes.run_name = 'r2' OR attributes.run_name = 'r5'",
                    limit: 10
                ),
                columns: columns
            )

            #expect(page.rows.map(\.info.name) == ["r5", "r2", "r1"])
            #expect(page.rows.map(\.params) == [["0.2"], ["0.1"], [nil]])
            #expect(page.rows.map(\.tags) == Array(repeating: ["red", nil], count: 3))
            #expect(page.rows[1].metrics == [nil, 2])
            #expect(page.rows[0].metrics[1]?.isNaN == true)
            #expect(page.next == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a page begins behind a token, and may pass runs over`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            try await fill(tracking)
            let runs = tracking.runs(for: ann)
            let columns = RunColumns(metrics: [], params: [], tags: [])

            let first = try await runs.table(search(limit: 2), columns: columns)
            let jumped = try await runs.table(
                search(limit: 2, after: first.next),
                columns: columns,
                passing: 4
            )
            let beyond = try await runs.table(search(limit: 2), columns: columns, passing: 9)

            #expect(first.rows.map(\.info.name) == ["r9", "r8"])
            #expect(jumped.rows.map(\.info.name) == ["r3", "r2"])
            #expect(beyond.rows.isEmpty)
            #expect(beyond.next == nil)
            await expectFailure(.invalidParameter, containing: "skip") {
                _ = try await runs.table(search(), columns: columns, passing: -1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `runs and values are counted within a filter`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            try await fill(tracking)
            let runs = tracking.runs(for: ann)
            let all = RunSelection(experiment: 0, filter: nil, viewType: .activeOnly)
            let good = RunSelection(experiment: 0, filter: "metrics.acc > 6", viewType: .activeOnly)

            #expect(try await runs.count(all) == 9)
            #expect(try await runs.count(good) == 3)
            #expect(try await runs.count(RunSelection(experiment: 7, filter: nil, viewType: .all)) == 0)
            let rates = try await runs.values(of: "params.lr", all, limit: 10)
            #expect(rates.map(\.value) == ["0.1", "0.2", nil])
            #expect(rates.map(\.runCount) == [4, 4, 1])
            #expect(try await runs.values(of: "params.lr", good, limit: 1).map(\.runCount) == [2])
            #expect(try await runs.values(of: "attributes.status", all, limit: 9).map(\.value) == ["RUNNING"])
            await expectFailure(.invalidParameter, containing: "Values are counted") {
                _ = try await runs.values(of: "metrics.acc", all, limit: 1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a table is ordered by duration from page to page`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            for (name, start, end) in [
                ("a", 100, 150), ("b", 200, 210), ("c", 300, nil), ("d", 50, 300), ("ever", .min, .max),
                ("never", .max, .min),
            ] as [(String, Int64, Int64?)] {
                let id = try await tracking.newRun(named: name, startTime: start)
                if let end { _ = try await runs.update(id, status: .finished, endTime: end, name: nil) }
            }
            func names(_ order: String) async throws -> [String] {
                var (found, token): ([String], String?) = ([], nil)
                repeat {
                    let search = RunSearch(
                        experimentIDs: [0],
                        filter: nil,
                        orderBy: [order],
                        viewType: .activeOnly,
                        limit: 1,
                        pageToken: token,
                        isOfTable: true
                    )
                    let page = try await runs.table(
                        search,
                        columns: RunColumns(metrics: [], params: [], tags: [])
                    )
                    found += page.rows.map(\.info.name)
                    token = page.next
                } while token != nil
                return found
            }

            #expect(try await names("attributes.duration") == ["never", "b", "a", "d", "ever", "c"])
            #expect(try await names("duration DESC") == ["ever", "d", "a", "b", "never", "c"])
            await expectFailure(.invalidParameter, containing: "Invalid attribute key 'duration'") {
                _ = try await runs.search(search(orderBy: ["attributes.duration"]))
            }
            await expectFailure(.invalidParameter, containing: "Invalid attribute key 'duration'") {
                _ = try await runs.count(
                    RunSelection(experiment: 0, filter: "attributes.duration > 1", viewType: .all)
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `metrics are summed up by a value`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            try await fill(tracking)
            let runs = tracking.runs(for: ann)
            let endless = try await tracking.newRun(named: "endless", startTime: 10)
            try await runs.log(
                Batch(
                    metrics: [Metric(key: "acc", value: .infinity, timestamp: 1, step: 1)],
                    params: [Param(key: "lr", value: "9")],
                    tags: []
                ),
                to: endless
            )
            func summaries(
                by field: String,
                filter: String? = nil,
                limit: Int = 10
            ) async throws -> [String: [Double]] {
                let found = try await runs.summaries(
                    by: field,
                    RunSelection(experiment: 0, filter: filter, viewType: .activeOnly),
                    of: ["acc", "never"],
                    limit: limit
                )
                #expect(found.allSatisfy { $0.metric == "acc" })
                return Dictionary(
                    uniqueKeysWithValues: found.map {
                        ($0.value ?? "none", [Double($0.runCount), $0.mean, $0.least, $0.greatest])
                    }
                )
            }

            // Of `r5`, which has the rate 0.2, it is NaN.
            let greatest = Double.greatestFiniteMagnitude
            #expect(
                try await summaries(by: "params.lr") == [
                    "0.1": [4, 5, 2, 8], "0.2": [3, 19.0 / 3, 3, 9], "none": [1, 1, 1, 1],
                    "9": [1, .infinity, greatest, greatest],
                ]
            )
            #expect(try await summaries(by: "params.lr", limit: 1) == ["0.1": [4, 5, 2, 8]])
            #expect(
                try await summaries(by: "tags.team", filter: "metrics.acc < 5") == ["red": [4, 2.5, 1, 4]]
            )
            await expectFailure(.invalidParameter, containing: "Values are counted") {
                _ = try await summaries(by: "attributes.start_time")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `names are told with whether they differ`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            try await fill(tracking)

            let (names, sampled) = try await tracking.runs(for: ann).knownNames(in: 0, viewType: .activeOnly)

            #expect(sampled == 9)
            #expect(names.map(\.name) == ["acc", "lr", "mlflow.runName", "team"])
            #expect(names.map(\.runCount) == [9, 8, 9, 9])
            #expect(names.map(\.differs) == [true, true, true, false])
        }
    }

    @Test(arguments: Backend.available)
    func `experiments are listed with their runs`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            try await fill(tracking)
            let store = tracking.experiments(for: ann)
            let empty = try await store.create(
                NewExperiment(checkedName: "100%_Iris", artifactLocation: nil, tags: [])
            )
            func names(
                _ text: String,
                _ order: ExperimentListing.Order,
                isDescending: Bool = true
            ) async throws -> [String] {
                try await store.list(
                    ExperimentListing(
                        text: text,
                        stage: .active,
                        order: order,
                        isDescending: isDescending,
                        page: PageRequest(number: 1, limit: 10)
                    )
                ).elements.map(\.experiment.name)
            }

            #expect(try await names("", .runs) == ["Default", "100%_Iris"])
            #expect(try await names("", .activity) == ["100%_Iris", "Default"])
            #expect(try await names("", .name, isDescending: false) == ["100%_Iris", "Default"])
            #expect(try await names("%_i", .name) == ["100%_Iris"])
            #expect(try await names("0_", .name).isEmpty)
            #expect(try await store.counted(0).runCount == 9)
            #expect(try await store.counted(0).runningCount == 9)
            #expect(try await store.counted(empty).lastActivity == 1_000)
        }
    }
}
