import Core
import Database
import TestSupport
import Testing

@testable import Tracking

@Suite
struct PurgeStoreTests {
    @Test(arguments: Backend.available)
    func `a run that was deleted long enough ago goes with everything`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withTracking(on: backend, clock: clock) { tracking in
            let runs = tracking.runs(for: ann)
            let old = try await tracking.newRun(named: "old")
            try await runs.log(try Batch(metric: Metric(key: "m", value: 1, timestamp: 1, step: 0)), to: old)
            try await runs.delete(old)
            clock.advance(byMs: 100)
            let young = try await tracking.newRun(named: "young")
            try await runs.delete(young)
            let active = try await tracking.newRun(named: "active")
            let purges = tracking.purges(for: ann)

            let found = try await purges.runs(deletedBeforeMs: 1_050, after: "", limit: 10)
            try await purges.purgeRun(old, deletedBeforeMs: 1_050)

            #expect(found == [old])
            await expectFailure(.missing, containing: "not found") { _ = try await runs.get(old) }
            await expectFailure(.invalidParameter, containing: "not deleted long enough ago") {
                try await purges.purgeRun(young, deletedBeforeMs: 1_050)
            }
            await expectFailure(.invalidParameter, containing: "is not in the `deleted` lifecycle stage") {
                try await purges.purgeRun(active, deletedBeforeMs: .max)
            }
            await expectFailure(.missing, containing: "not found") {
                try await purges.purgeRun(old, deletedBeforeMs: .max)
            }
            let points = try await tracking.count("metrics")
            #expect(points == 0)
            let artifacts = try await purges.purgedArtifacts(after: 0, limit: 10)
            #expect(artifacts.map(\.location) == ["mlflow-artifacts:/0/\(old)/artifacts"])
            try await purges.finish(try #require(artifacts.first))
            let rest = try await purges.purgedArtifacts(after: 0, limit: 10)
            #expect(rest.isEmpty)
        }
    }

    /// Its profile may be sixteen megabytes.
    @Test(arguments: Backend.available)
    func `a dataset goes with the last run that used it`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let (first, last) = (try await tracking.newRun(), try await tracking.newRun(named: "last"))
            try await runs.log(try inputs("shared", "own"), to: first)
            try await runs.log(try inputs("shared"), to: last)
            try await runs.delete(first)
            try await runs.delete(last)
            let purges = tracking.purges(for: ann)

            try await purges.purgeRun(first, deletedBeforeMs: .max)
            let shared = try await tracking.count("datasets")
            try await purges.purgeRun(last, deletedBeforeMs: .max)
            let none = try await tracking.count("datasets")

            #expect((shared, none) == (1, 0))
            let again = try await tracking.newRun(named: "again")
            try await runs.log(try inputs("shared"), to: again)
            #expect(try await tracking.count("run_datasets") == 1)
        }
    }

    private func inputs(_ names: String...) throws -> RunInputs {
        let datasets = names.map { name in
            DatasetInput(
                dataset: Dataset(
                    name: name,
                    digest: "1",
                    sourceType: "local",
                    source: "{}",
                    schema: nil,
                    profile: nil
                ),
                tags: []
            )
        }
        return try RunInputs(datasets: datasets, models: [])
    }

    @Test(arguments: Backend.available)
    func `an experiment goes with its runs and models, in steps`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await tracking.experiment(named: "iris", at: nil)
            for index in 0..<25 { try await tracking.run(in: id, named: "r\(index)") }
            try await tracking.loggedModel("m-1", in: id)
            try await tracking.experiments(for: ann).delete(id)
            let purges = tracking.purges(for: ann)

            let found = try await purges.experiments(deletedBeforeMs: .max)
            var steps: [Int] = []
            try await purges.purgeExperiment(id, deletedBeforeMs: .max) { runs, models in
                steps.append(runs + models)
            }

            #expect(found == [id])
            #expect(steps == [10, 10, 5, 1, 0])
            await expectFailure(.missing, containing: "No Experiment") {
                _ = try await tracking.experiments(for: ann).get(id)
            }
            let locations = try await purges.purgedArtifacts(after: 0, limit: 100).map(\.location)
            #expect(locations.count == 27)
            #expect(locations.last == "mlflow-artifacts:/\(id)")
        }
    }

    @Test(arguments: Backend.available)
    func `a forecast counts what a purge takes and leaves it`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withTracking(on: backend, clock: clock) { tracking in
            let runs = tracking.runs(for: ann)
            let iris = try await tracking.experiment(named: "iris", at: nil)
            for name in ["a", "b"] { try await tracking.run(in: iris, named: name) }
            try await tracking.loggedModel("m-1", in: iris)
            let run = try await tracking.newRun()
            try await runs.delete(run)
            try await tracking.experiments(for: ann).delete(iris)
            try await tracking.loggedModel("m-2", in: 0, stage: .deleted)
            clock.advance(byMs: 100)
            let young = try await tracking.newRun(named: "young")
            try await runs.delete(young)
            let purges = tracking.purges(for: ann)

            let all = try await purges.forecast(PurgeSelection(), deletedBeforeMs: 1_050)
            let some = try await purges.forecast(
                PurgeSelection(runs: [run, run], experiments: [iris]),
                deletedBeforeMs: 1_050
            )

            #expect((all.experiments, all.runs, all.loggedModels) == (1, 3, 2))
            #expect(all.artifacts.count == 6)
            #expect(all.artifacts.last?.location == "mlflow-artifacts:/\(iris)")
            #expect((some.experiments, some.runs, some.loggedModels) == (1, 3, 1))
            let left = try await tracking.count("runs")
            #expect(left == 4)
        }
    }

    @Test(arguments: Backend.available)
    func `all that is selected is looked at`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withTracking(on: backend, clock: clock) { tracking in
            let deleted = try await tracking.newRun()
            try await tracking.runs(for: ann).delete(deleted)
            try await tracking.loggedModel("m-1", in: 0)
            let iris = try await tracking.experiment(named: "iris", at: nil)
            clock.advance(byMs: 100)
            try await tracking.experiments(for: ann).delete(iris)
            let purges = tracking.purges(for: ann)

            try await purges.check(PurgeSelection(runs: [deleted]), deletedBeforeMs: 1_050)

            let refused: [(PurgeSelection, Failure.Code, String)] = [
                (PurgeSelection(runs: [deleted, "nope"]), .missing, "Run with id=nope not found"),
                (PurgeSelection(experiments: [99]), .missing, "No Experiment with id=99 exists"),
                (
                    PurgeSelection(experiments: [0]), .invalidParameter,
                    "The experiment 0 is not in the `deleted` lifecycle stage."
                ),
                (
                    PurgeSelection(experiments: [iris]), .invalidParameter,
                    "The experiment \(iris) was not deleted long enough ago."
                ),
                (
                    PurgeSelection(runs: [deleted], loggedModels: ["m-1"]), .invalidParameter,
                    "The logged model m-1 is not in the `deleted` lifecycle stage."
                ),
            ]
            for (selection, code, words) in refused {
                await expectFailure(code, containing: words) {
                    try await purges.check(selection, deletedBeforeMs: 1_050)
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the folder of another experiment is nobody's to delete`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let victim = try await tracking.experiment(named: "victim", at: nil)
            let thief = try await tracking.experiment(named: "thief", at: "mlflow-artifacts:/\(victim)")
            let shared = try await tracking.experiment(named: "shared", at: nil)
            _ = try await tracking.experiment(named: "guest", at: "mlflow-artifacts:/\(shared)/corner")
            let other = try await tracking.experiment(named: "other", at: nil)
            _ = try await tracking.experiment(named: "lodger", at: "mlflow-artifacts:///\(other)//corner")
            let purges = tracking.purges(for: ann)

            for id in [thief, shared, other] {
                try await tracking.experiments(for: ann).delete(id)
                try await purges.purgeExperiment(id, deletedBeforeMs: .max) { _, _ in }
            }

            let artifacts = try await purges.purgedArtifacts(after: 0, limit: 10)
            #expect(artifacts.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `what came again since it was deleted keeps its artifacts`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let run = try await tracking.newRun()
            try await tracking.runs(for: ann).delete(run)
            let purges = tracking.purges(for: ann)
            try await purges.purgeRun(run, deletedBeforeMs: .max)
            try await tracking.database.write { connection in
                _ = try connection.execute(
                    """
                    INSERT INTO runs (workspace_id, run_uuid, experiment_key, name, user_id, status, start_time,
                        lifecycle_stage, artifact_uri)
                    SELECT 1, \(run), experiment_key, 'back', 'ann', 1, 0, 'active', 'mlflow-artifacts:/0/x'
                    FROM experiments WHERE experiment_id = 0
                    """
                )
            }

            let artifacts = try await purges.purgedArtifacts(after: 0, limit: 10)

            #expect(artifacts.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `a logged model goes from the runs that made it`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            try await tracking.loggedModel("m-1", in: 0, stage: .deleted)
            try await tracking.loggedModel("m-2", in: 0, stage: .active)
            let purges = tracking.purges(for: ann)

            let found = try await purges.loggedModels(deletedBeforeMs: .max, after: "", limit: 10)
            try await purges.purgeLoggedModel("m-1", deletedBeforeMs: .max)

            #expect(found == ["m-1"])
            let models = try await tracking.count("logged_models")
            #expect(models == 1)
            let artifacts = try await purges.purgedArtifacts(after: 0, limit: 10)
            #expect(artifacts.map(\.location) == ["mlflow-artifacts:/0/models/m-1/artifacts"])
            await expectFailure(.invalidParameter, containing: "is not in the `deleted` lifecycle stage") {
                try await purges.purgeLoggedModel("m-2", deletedBeforeMs: .max)
            }
        }
    }
}

extension Tracking {
    fileprivate func experiment(named name: String, at location: String?) async throws -> Int64 {
        try await experiments(for: ann).create(
            NewExperiment(checkedName: name, artifactLocation: location, tags: [])
        )
    }

    fileprivate func run(in experiment: Int64, named name: String) async throws {
        _ = try await runs(for: ann).create(
            NewRun(experimentID: experiment, userID: "ann", name: name, startTime: 1, tags: [])
        )
    }

    fileprivate func loggedModel(
        _ id: String,
        in experiment: Int64,
        stage: LifecycleStage = .active
    ) async throws {
        let store = imports(for: ann)
        var chunk = ImportChunk()
        chunk.append(
            ImportedLoggedModel(
                id: id,
                experimentID: experiment,
                name: "forest",
                artifactLocation: store.artifactLocation(ofModel: id, in: experiment),
                creationTime: 1,
                lastUpdateTime: 2,
                status: .ready,
                statusMessage: nil,
                stage: stage,
                modelType: nil,
                sourceRunID: nil,
                params: [Param(key: "depth", value: "3")],
                tags: [],
                metrics: []
            )
        )
        _ = try await store.write(chunk)
    }

    fileprivate func count(_ table: String) async throws -> Int64? {
        try await database.read { connection in
            try connection.first("SELECT count(*) FROM \(SQL(trusted: table))") { $0.int(0) }
        }
    }
}
