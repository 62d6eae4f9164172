import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct RunStoreTests {
    @Test(arguments: Backend.available)
    func `a new run has a name, its tag and a place for artifacts`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let new = NewRun(
                experimentID: 0,
                userID: "ann",
                name: "",
                startTime: 7,
                tags: [Tag(key: "mlflow.user", value: "ann")]
            )

            let made = try await runs.create(new)

            let stored = try await runs.get(made.info.id)
            #expect(stored.info == made.info)
            #expect(stored.info.id.count == 32)
            #expect(stored.info.name.split(separator: "-").count == 3)
            #expect(stored.info.status == .running)
            #expect(stored.info.artifactURI == "mlflow-artifacts:/0/\(made.info.id)/artifacts")
            #expect(Set(stored.tags) == Set(made.tags))
            #expect(stored.tags.contains(Tag(key: "mlflow.runName", value: stored.info.name)))
        }
    }

    @Test(arguments: Backend.available)
    func `name and name tag must agree`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            await expectFailure(.invalidParameter, containing: "(run_name='a', mlflow.runName='b')") {
                _ = try await tracking.runs(for: ann).create(
                    NewRun(
                        experimentID: 0,
                        userID: "",
                        name: "a",
                        startTime: 0,
                        tags: [Tag(key: "mlflow.runName", value: "b")]
                    )
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `renaming keeps run and tag in step, whichever is written`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()

            let info = try await runs.update(id, status: .finished, endTime: 99, name: "second")
            #expect(info.name == "second")
            #expect(info.status == .finished)
            #expect(info.endTime == 99)
            #expect(try await runs.get(id).tags == [Tag(key: "mlflow.runName", value: "second")])

            try await runs.log(Batch(tag: Tag(key: "mlflow.runName", value: "third")), to: id)
            let run = try await runs.get(id)
            #expect(run.info.name == "third")
            #expect(run.tags == [Tag(key: "mlflow.runName", value: "third")])
        }
    }

    @Test(arguments: Backend.available)
    func `the latest metric is the greatest by step, time and value`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            let points = [
                Metric(key: "loss", value: 0.5, timestamp: 10, step: 3),
                Metric(key: "loss", value: 0.9, timestamp: 99, step: -1),
                Metric(key: "loss", value: 0.4, timestamp: 10, step: 3),
                Metric(key: "nan", value: .nan, timestamp: 1, step: 0),
                Metric(key: "infinite", value: -.infinity, timestamp: 1, step: 0),
            ]

            for point in points { try await runs.log(Batch(metric: point), to: id) }
            try await runs.log(Batch(metrics: points + points, params: [], tags: []), to: id)

            let latest = try await runs.get(id).metrics
            #expect(latest.map(\.key) == ["loss", "nan", "infinite"])
            #expect(latest[0].value == 0.5)
            #expect(latest[0].step == 3)
            #expect(latest[1].value.isNaN)
            #expect(latest[2].value == -1.7976931348623157e308)
        }
    }

    @Test(arguments: Backend.available)
    func `a param keeps its first value and a refused batch leaves nothing`(on backend: Backend) async throws
    {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            let first = Param(key: "lr", value: "0.1")
            try await runs.logParam(Batch(param: first), to: id)
            try await runs.logParam(Batch(param: first), to: id)

            await expectFailure(
                .invalidParameter,
                containing:
                    "Param with key='lr' was already logged with value='0.1' for run ID='\(id)'. Attempted logging new value '0.2'."
            ) { try await runs.logParam(Batch(param: Param(key: "lr", value: "0.2")), to: id) }
            await expectFailure(
                .invalidParameter,
                containing:
                    "Params were already logged='[{'key': 'lr', 'old_value': '0.1', 'new_value': '0.2'}]'"
            ) {
                let batch = try Batch(
                    metrics: [Metric(key: "m", value: 1, timestamp: 1, step: 0)],
                    params: [Param(key: "new", value: "1"), Param(key: "lr", value: "0.2")],
                    tags: [Tag(key: "t", value: "1")]
                )
                try await runs.log(batch, to: id)
            }

            let run = try await runs.get(id)
            #expect(run.params == [first])
            #expect(run.metrics == [])
            #expect(run.tags.map(\.key) == ["mlflow.runName"])
        }
    }

    @Test(arguments: Backend.available)
    func `a deleted run is read but not written`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            try await runs.delete(id)
            try await runs.delete(id)

            let words = "The run \(id) must be in the 'active' state. Current state is deleted."
            await expectFailure(.invalidParameter, containing: words) {
                try await runs.log(Batch(tag: Tag(key: "a", value: "b")), to: id)
            }
            await expectFailure(.invalidParameter, containing: words) {
                _ = try await runs.update(id, status: .failed, endTime: nil, name: nil)
            }
            #expect(try await runs.get(id).info.stage == .deleted)
            try await runs.restore(id)
            #expect(try await runs.get(id).info.stage == .active)
            await expectFailure(.missing, containing: "Run with id=nope not found") {
                _ = try await runs.get("nope")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a workspace does not see the runs of another`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await tracking.newRun()
            let eve = Caller(name: "eve", workspace: WorkspaceID(key: 2))

            await expectFailure(.missing, containing: "not found") {
                _ = try await tracking.runs(for: eve).get(id)
            }
            await expectFailure(.missing, containing: "No Experiment") {
                _ = try await tracking.experiments(for: eve).get(0)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `crossing batches of many writers neither block nor lose`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            let keys = (0..<20).map { "metric-\($0)" }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<20 {
                    group.addTask {
                        let ordered = writer.isMultiple(of: 2) ? keys : keys.reversed()
                        let metrics = ordered.map {
                            Metric(key: $0, value: Double(writer), timestamp: 1, step: Int64(writer))
                        }
                        try await runs.log(
                            Batch(
                                metrics: metrics,
                                params: [],
                                tags: [Tag(key: "writer", value: "\(writer)")]
                            ),
                            to: id
                        )
                    }
                }
                try await group.waitForAll()
            }

            let run = try await runs.get(id)
            #expect(run.metrics.count == 20)
            #expect(run.metrics.allSatisfy { $0.step == 19 && $0.value == 19 })
        }
    }

    @Test(arguments: Backend.available)
    func `names that only look alike are two`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            let keys = ["K", "\u{212A}"]
            let metrics = keys.map { Metric(key: $0, value: 1, timestamp: 1, step: 0) }
            let params = keys.map { Param(key: $0, value: $0) }
            try await runs.log(
                Batch(metrics: metrics, params: params, tags: keys.map { Tag(key: $0, value: "") }),
                to: id
            )

            let run = try await runs.get(id)

            #expect(run.metrics.map { Array($0.key.unicodeScalars) } == keys.map { Array($0.unicodeScalars) })
            #expect(run.params.count == 2)
            #expect(run.tags.count == 3)
        }
    }

    @Test func `a batch names the place of what is wrong`() throws {
        let ok = Metric(key: "a", value: 1, timestamp: 1, step: 0)
        let cases: [(() throws -> Batch, String)] = [
            (
                {
                    try Batch(
                        metrics: [ok, Metric(key: "b!", value: 1, timestamp: 1, step: 0)],
                        params: [],
                        tags: []
                    )
                },
                "Invalid value \"b!\" for parameter 'metrics[1].name' supplied"
            ),
            (
                {
                    try Batch(
                        metrics: [Metric(key: "b", value: 1, timestamp: -1, step: 0)],
                        params: [],
                        tags: []
                    )
                },
                "Invalid value -1 for parameter 'metrics[0].timestamp' supplied: metric 'b' (value=1.0)."
            ),
            (
                { try Batch(metrics: [Metric](repeating: ok, count: 1_001), params: [], tags: []) },
                "at most 1000 metrics. Got 1001 metrics."
            ),
            (
                {
                    try Batch(
                        metrics: [Metric](repeating: ok, count: 1_000),
                        params: [Param(key: "p", value: "")],
                        tags: []
                    )
                }, "at most 1000 metrics, params, and tags. Got 1001"
            ),
            (
                {
                    try Batch(
                        metrics: [],
                        params: [Param(key: "p", value: "1"), Param(key: "p", value: "1")],
                        tags: []
                    )
                }, "Duplicate parameter keys have been submitted: ['p']."
            ),
            (
                { try Batch(param: Param(key: String(repeating: "k", count: 251), value: "")) },
                "'Param key' exceeds the maximum length of 250 characters"
            ),
        ]
        for (make, words) in cases {
            let failure = #expect(throws: Failure.self) { try make() }
            #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        }
    }
}
