import Core
import Database
import TestSupport
import Testing

import struct Core.Tag

@testable import Tracking

@Suite
struct ImportStoreTests {
    @Test(arguments: Backend.available)
    func `experiments keep their numbers where these are free, and names tell them apart`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let experiments = tracking.experiments(for: ann)
            let mine = try await experiments.create(named: "mine")
            let theirs = [
                imported(0, "Default"), imported(mine, "iris"), imported(2, "wine"), imported(7, "mine"),
                imported(908_750_995_652_834_306, "random"),
            ]

            let (places, counts) = try await tracking.imports(for: ann).place(theirs)
            let (again, none) = try await tracking.imports(for: ann).place(theirs)
            let next = try await experiments.create(named: "next")

            #expect(counts.experiments == 3)
            #expect(none.experiments == 0)
            #expect(places[0] == ImportedPlace(id: 0, kind: .adopted))
            #expect(places[mine] == ImportedPlace(id: 3, kind: .renumbered))
            #expect(places[2] == ImportedPlace(id: 2, kind: .kept))
            #expect(places[7] == ImportedPlace(id: mine, kind: .merged))
            #expect(places[908_750_995_652_834_306]?.kind == .kept)
            #expect(again.mapValues(\.id) == places.mapValues(\.id))
            #expect(next == 4)
            let iris = try await experiments.get(3)
            #expect(iris.name == "iris")
            #expect(iris.artifactLocation == "mlflow-artifacts:/3")
            #expect((iris.creationTime, iris.lastUpdateTime) == (10, 20))
            #expect(iris.tags == [Tag(key: "team", value: "iris")])
        }
    }

    @Test(arguments: Backend.available)
    func `the default experiment becomes what it was there, and another of its name is no part of it`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.imports(for: ann)
            let theirs = [imported(0, "theirs", stage: .deleted), imported(5, "Default")]

            let (places, counts) = try await store.place(theirs)
            let (again, none) = try await store.place(theirs)

            #expect(places[0] == ImportedPlace(id: 0, kind: .adopted))
            #expect(places[5] == ImportedPlace(id: 5, kind: .kept))
            #expect(again[0] == ImportedPlace(id: 0, kind: .merged))
            #expect(again[5] == ImportedPlace(id: 5, kind: .merged))
            #expect((counts.experiments, none.experiments) == (1, 0))
            let first = try await tracking.experiments(for: ann).get(0)
            #expect((first.name, first.stage) == ("theirs", .deleted))
            #expect((first.creationTime, first.lastUpdateTime) == (10, 20))
            #expect(first.tags == [Tag(key: "team", value: "theirs")])
            #expect(first.artifactLocation == "mlflow-artifacts:/0")
        }
    }

    @Test(arguments: Backend.available)
    func `a default experiment that was used here is joined by its name and not by its number`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            _ = try await tracking.newRun()
            let store = tracking.imports(for: ann)
            let theirs = [imported(0, "theirs"), imported(5, "Default")]

            let (places, counts) = try await store.place(theirs)
            let (again, none) = try await store.place(theirs)

            #expect(places[0] == ImportedPlace(id: 1, kind: .renumbered))
            #expect(places[5] == ImportedPlace(id: 0, kind: .merged))
            #expect(again.mapValues(\.id) == places.mapValues(\.id))
            #expect((counts.experiments, none.experiments) == (1, 0))
            let first = try await tracking.experiments(for: ann).get(0)
            #expect((first.name, first.creationTime) == ("Default", 1_000))
        }
    }

    @Test(arguments: Backend.available)
    func `a rehearsal changes nothing`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let (places, _) = try await tracking.imports(for: ann).place(
                [imported(0, "theirs"), imported(1, "iris")],
                keepingLocations: { _ in false },
                isRehearsal: true
            )

            #expect(places[1] == ImportedPlace(id: 1, kind: .kept))
            #expect(places[0] == ImportedPlace(id: 0, kind: .adopted))
            for name in ["iris", "theirs"] {
                let found = try await tracking.experiments(for: ann).find(named: name)
                #expect(found == nil)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a run arrives whole, and once however often it is sent`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.imports(for: ann)
            let chunk = chunk(of: run("a"), points)

            let first = try await store.write(chunk)
            let second = try await store.write(chunk)
            let other = try await store.write(self.chunk(of: run("b"), []))

            #expect(other.datasets == 1)
            #expect((first.runs, first.points, first.params, first.tags, first.datasets) == (1, 8, 1, 2, 1))
            #expect(second == ImportCounts())
            let stored = try await tracking.runs(for: ann).get("a")
            #expect(stored.info.name == "first")
            #expect(stored.info.userID == "bob")
            #expect(stored.info.status == .finished)
            #expect((stored.info.startTime, stored.info.endTime) == (5, 9))
            #expect(stored.params == [Param(key: "lr", value: "0.1")])
            #expect(stored.tags.map(\.key) == ["mlflow.runName", "note"])
            #expect(stored.datasets == run("a").datasets)
            #expect(stored.modelInputs == ["m-in"])
            #expect(stored.modelOutputs == [ModelOutput(modelID: "m-out", step: 3)])
            let latest = try #require(stored.metrics.first { $0.key == "loss" })
            #expect((latest.value, latest.step, latest.timestamp) == (0.25, 2, 1))
            let nan = try #require(stored.metrics.first { $0.key == "bad" })
            #expect(nan.value.isNaN)
            let shapes = try await tracking.shapes(of: "a")
            #expect(shapes == ["loss": "false -1", "bad": "true 0", "even": "true 5"])
        }
    }

    @Test(arguments: Backend.available)
    func `what was changed here stays, and a run that had not ended is brought up to date`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.imports(for: ann)
            _ = try await store.write(chunk(of: run("a", status: .running, endTime: nil), []))
            try await tracking.runs(for: ann).log(
                try Batch(tag: Tag(key: "note", value: "mine")),
                to: "a"
            )

            _ = try await store.write(chunk(of: run("a"), points))
            _ = try await store.write(chunk(of: run("a", status: .failed, endTime: 100), []))

            let stored = try await tracking.runs(for: ann).get("a")
            #expect(stored.tags.contains(Tag(key: "note", value: "mine")))
            #expect(stored.info.status == .finished)
            #expect(stored.info.endTime == 9)
        }
    }

    /// Its new values were written for an experiment in which it is not, and no search found them.
    @Test(arguments: Backend.available)
    func `a known run stays in its experiment when that has another name`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.imports(for: ann)
            let iris = try #require(try await store.place([imported(5, "iris")]).places[5]).id
            _ = try await store.write(chunk(of: run("a", in: iris), []))
            try await tracking.experiments(for: ann).rename(iris, to: "mine")
            let key = try await tracking.database.write { connection in
                let key = try store.experimentKey(of: iris, in: connection)
                let name = try tracking.names.intern(["q"], in: connection)[0]
                try connection.execute(
                    "INSERT INTO sorted_names (experiment_key, names) VALUES (\(key), \("t\(name)+"))"
                )
                return key
            }
            let new = try #require(try await store.place([imported(5, "iris")]).places[5]).id
            var again = run("a", in: new, tags: [Tag(key: "q", value: "fresh")])
            again.artifactURI = store.artifactURI(ofRun: "a", in: new)

            let counts = try await store.write(chunk(of: again, []))

            #expect(new != iris)
            #expect((counts.runs, counts.tags, counts.datasets) == (0, 1, 0))
            let sorted = try await tracking.database.read { connection in
                try connection.rows("SELECT sorted_in FROM tags WHERE value = 'fresh'") { $0.optionalInt(0) }
            }
            #expect(sorted == [key])
            let uri = "mlflow-artifacts:/\(iris)/a/artifacts"
            #expect(try await tracking.runs(for: ann).get("a").info.artifactURI == uri)
            #expect(try await store.artifactURIs(ofRuns: ["a", "b"]) == ["a": uri])
        }
    }

    @Test(arguments: Backend.available)
    func `artifacts that stayed elsewhere come with a later import`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.imports(for: ann)
            let (here, modelHere) = (run("a"), model)
            var (there, modelThere) = (here, modelHere)
            there.artifactURI = "/mlruns/0/a/artifacts"
            modelThere.artifactLocation = "/mlruns/0/models/m-out/artifacts"
            for (run, model) in [(there, modelThere), (here, modelHere), (there, modelThere)] {
                var chunk = self.chunk(of: run, [])
                chunk.append(model)
                _ = try await store.write(chunk)
            }

            let uris = try await store.artifactURIs(ofRuns: ["a"])
            let locations = try await store.artifactLocations(ofModels: ["m-out"])
            #expect(uris == ["a": "mlflow-artifacts:/0/a/artifacts"])
            #expect(locations == ["m-out": "mlflow-artifacts:/0/models/m-out/artifacts"])
        }
    }

    @Test func `a chunk falls apart into its runs and models`() {
        var whole = chunk(of: run("a"), points)
        whole.append(model)
        whole.append(run("b"))
        whole.append(points, to: "a")

        #expect(whole.parts.map(\.owner) == ["a", "m-out", "b"])
        #expect(whole.parts.map(\.chunk.counts.points) == [18, 0, 0])
        #expect(whole.without(["a"]).parts.map(\.owner) == ["m-out", "b"])
    }

    @Test(arguments: Backend.available)
    func `a deleted run stays deleted since when it was`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.imports(for: ann)
            _ = try await store.write(chunk(of: run("a", stage: .deleted, deletedTime: 77), []))
            _ = try await store.write(chunk(of: run("b", stage: .deleted, deletedTime: nil), []))

            let times = try await tracking.database.read { connection in
                try connection.rows("SELECT deleted_time FROM runs ORDER BY run_uuid") { $0.int(0) }
            }
            #expect(times == [77, 1_000])
        }
    }

    @Test(arguments: Backend.available)
    func `a logged model arrives once with all that is known of it`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.imports(for: ann)
            var chunk = ImportChunk()
            chunk.append(model)

            let first = try await store.write(chunk)
            let second = try await store.write(chunk)

            #expect(first.loggedModels == 1)
            #expect(second.loggedModels == 0)
            let rows = try await tracking.database.read { connection in
                try connection.rows(
                    """
                    SELECT m.name, m.status, p.value, t.value, x.value, x.run_id, x.dataset_name
                    FROM logged_models m JOIN logged_model_params p ON p.model_key = m.model_key
                    JOIN logged_model_tags t ON t.model_key = m.model_key
                    JOIN logged_model_metrics x ON x.model_key = m.model_key
                    """
                ) { row in
                    [
                        row.text(0), "\(row.int(1))", row.text(2), row.text(3), "\(row.double(4))",
                        row.text(5), row.text(6),
                    ]
                }
            }
            #expect(rows == [["forest", "2", "3", "u", "0.5", "a", "train"]])
        }
    }

    @Test(arguments: Backend.available)
    func `a chunk for an experiment that is not here is refused whole`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            var chunk = chunk(of: run("a"), [])
            var lost = run("b")
            lost.experimentID = 99
            chunk.append(lost)
            let refused = chunk

            await expectFailure(.missing, containing: "No Experiment with id=99") {
                _ = try await tracking.imports(for: ann).write(refused)
            }
            await expectFailure(.missing, containing: "Run with id=a not found") {
                _ = try await tracking.runs(for: ann).get("a")
            }
        }
    }

    /// Out of order in time, with a repetition and a NaN.
    private let points = [
        Metric(key: "loss", value: 1, timestamp: 1, step: 0),
        Metric(key: "loss", value: 0.5, timestamp: 3, step: 1),
        Metric(key: "loss", value: 0.25, timestamp: 1, step: 2),
        Metric(key: "loss", value: 0.25, timestamp: 1, step: 2),
        Metric(key: "loss", value: 0.125, timestamp: 0, step: 2),
        Metric(key: "bad", value: .nan, timestamp: 1, step: 0),
        Metric(key: "even", value: 1, timestamp: 1, step: -5),
        Metric(key: "even", value: 2, timestamp: 2, step: 0),
        Metric(key: "even", value: 3, timestamp: 2, step: 5),
    ]

    private let model = ImportedLoggedModel(
        id: "m-out",
        experimentID: 0,
        name: "forest",
        artifactLocation: "mlflow-artifacts:/0/models/m-out/artifacts",
        creationTime: 1,
        lastUpdateTime: 2,
        status: .ready,
        statusMessage: nil,
        stage: .active,
        modelType: nil,
        sourceRunID: "a",
        params: [Param(key: "depth", value: "3")],
        tags: [Tag(key: "t", value: "u")],
        metrics: [
            .init(
                metric: Metric(
                    key: "acc",
                    value: 0.5,
                    timestamp: 1,
                    step: 0,
                    datasetName: "train",
                    datasetDigest: "d"
                ),
                runID: "a"
            )
        ]
    )

    private func imported(
        _ id: Int64,
        _ name: String,
        stage: LifecycleStage = .active
    ) -> ImportedExperiment {
        ImportedExperiment(
            id: id,
            name: name,
            artifactLocation: "/elsewhere/\(id)",
            stage: stage,
            creationTime: 10,
            lastUpdateTime: 20,
            tags: [Tag(key: "team", value: name)]
        )
    }

    /// What an index of PostgreSQL has no place for is the name of a run, which may be long, or an id, which is told.
    @Test(arguments: Backend.available)
    func `a long name comes, and an id that is too long is refused before it is written`(
        on backend: Backend
    ) async throws {
        let long = String(
            (0..<6_000).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "a" }
        )
        try await withTracking(on: backend) { tracking in
            var chunk = ImportChunk()
            chunk.append(run("r1", name: long))

            #expect(try await tracking.imports(for: ann).write(chunk).runs == 1)

            #expect(try await tracking.runs(for: ann).get("r1").info.name == long)
            try run("r1").check()
            await expectFailure(.invalidParameter, "'run_id' exceeds the maximum length of 256 characters") {
                try run(long).check()
            }
        }
    }

    private func run(
        _ id: String,
        in experiment: Int64 = 0,
        name: String = "first",
        tags: [Tag] = [],
        status: RunStatus = .finished,
        endTime: Int64? = 9,
        stage: LifecycleStage = .active,
        deletedTime: Int64? = nil
    ) -> ImportedRun {
        ImportedRun(
            id: id,
            experimentID: experiment,
            name: name,
            userID: "bob",
            status: status,
            startTime: 5,
            endTime: endTime,
            stage: stage,
            deletedTime: deletedTime,
            artifactURI: "mlflow-artifacts:/\(experiment)/\(id)/artifacts",
            params: [Param(key: "lr", value: "0.1")],
            tags: [Tag(key: "mlflow.runName", value: "first"), Tag(key: "note", value: "theirs")] + tags,
            datasets: [
                DatasetInput(
                    dataset: Dataset(
                        name: "train",
                        digest: "d",
                        sourceType: "local",
                        source: "{}",
                        schema: nil,
                        profile: "{}"
                    ),
                    tags: [Tag(key: "mlflow.data.context", value: "training")]
                )
            ],
            modelInputs: ["m-in"],
            modelOutputs: [ModelOutput(modelID: "m-out", step: 3)]
        )
    }

    private func chunk(of run: ImportedRun, _ points: [Metric]) -> ImportChunk {
        var chunk = ImportChunk()
        chunk.append(run)
        chunk.append(points, to: run.id)
        chunk.finish(run: run.id)
        return chunk
    }
}

extension ImportStore {
    fileprivate func place(
        _ experiments: [ImportedExperiment]
    ) async throws -> (places: [Int64: ImportedPlace], counts: ImportCounts) {
        try await place(experiments, keepingLocations: { _ in false }, isRehearsal: false)
    }
}

extension ExperimentStore {
    fileprivate func create(named name: String) async throws -> Int64 {
        try await create(NewExperiment(checkedName: name, artifactLocation: nil, tags: []))
    }
}

extension Tracking {
    /// What is kept of the shape of each metric's history: whether it is sorted by time, and its stride.
    fileprivate func shapes(of run: String) async throws -> [String: String] {
        try await database.read { connection in
            Dictionary(
                uniqueKeysWithValues: try connection.rows(
                    """
                    SELECT n.name, l.is_ordered, l.stride FROM latest_metrics l
                    JOIN names n ON n.name_id = l.name_id
                    JOIN runs r ON r.run_key = l.run_key WHERE r.run_uuid = \(run)
                    """
                ) { ($0.text(0), "\($0.bool(1)) \($0.int(2))") }
            )
        }
    }
}
