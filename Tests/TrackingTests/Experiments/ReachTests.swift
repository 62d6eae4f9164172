import Core
import Database
import Events
import TestSupport
import Testing
import Tracking
import struct Core.Tag

/// What somebody finds who has permissions for single experiments: eve reads the experiment `open`, and `closed` is beside it.
@Suite struct ReachTests {
    @Test(arguments: Backend.available)
    func `what is not reached is not there`(on backend: Backend) async throws {
        try await withScene(on: backend) { scene in
            let (tracking, eve) = (scene.tracking, scene.eve)
            let experiment = try await tracking.experiments(for: eve).get(scene.open.experiment)
            #expect(experiment.name == "open")
            let other = try await tracking.experiments(for: eve).find(named: "closed")
            #expect(other == nil)
            _ = try await tracking.runs(for: eve).get(scene.open.run)
            _ = try await tracking.loggedModels(for: eve).get(scene.open.model)

            await expectFailure(.missing, "No Experiment with id=\(scene.closed.experiment) exists") {
                _ = try await tracking.experiments(for: eve).get(scene.closed.experiment)
            }
            await expectFailure(.missing, "Run with id=\(scene.closed.run) not found") {
                _ = try await tracking.runs(for: eve).get(scene.closed.run)
            }
            await expectFailure(.missing, "Logged model with ID '\(scene.closed.model)' not found.") {
                _ = try await tracking.loggedModels(for: eve).get(scene.closed.model)
            }
            await expectFailure(.missing, containing: "No Experiment") {
                _ = try await tracking.runs(for: eve).create(
                    NewRun(
                        experimentID: scene.closed.experiment,
                        userID: "",
                        name: "",
                        startTime: 1,
                        tags: []
                    )
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `searches find what is reached, page by page`(on backend: Backend) async throws {
        try await withScene(on: backend) { scene in
            let both = [scene.open.experiment, scene.closed.experiment]
            for (caller, count) in [(scene.eve, 1), (scene.nobody, 0), (ann, 2)] {
                let tracking = scene.tracking
                let search = ExperimentSearch(
                    filter: "name LIKE '%o%'",
                    orderBy: ["name"],
                    viewType: .all,
                    limit: 1,
                    pageToken: nil
                )
                let page = try await tracking.experiments(for: caller).search(search)
                #expect(page.experiments.count == min(count, 1))
                #expect((page.next == nil) == (count < 2))
                let runs = try await tracking.runs(for: caller).search(
                    RunSearch(
                        experimentIDs: both,
                        filter: nil,
                        orderBy: [],
                        viewType: .all,
                        limit: 9,
                        pageToken: nil
                    )
                )
                #expect(runs.runs.count == count)
                let models = try await tracking.loggedModels(for: caller).search(
                    LoggedModelSearch(
                        experimentIDs: both,
                        filter: nil,
                        datasets: [],
                        orderBy: [],
                        limit: 9,
                        pageToken: nil
                    )
                )
                #expect(models.models.count == count)
                #expect(try await tracking.datasets(for: caller).summaries(of: both).count == count)
                let ids = [scene.open.run, scene.closed.run]
                #expect(
                    try await tracking.runs(for: caller).histories(of: "m", in: ids, limit: 9).count == count
                )
                let sampled = try await tracking.runs(for: caller)
                    .sampledHistories(of: "m", in: ids, steps: nil, limit: 9)
                #expect(sampled.count { !$0.points.isEmpty } == count)
                #expect(try await tracking.runs(for: caller).names(of: ids).count == count)
                #expect(try await tracking.runs(for: caller).find(ids).count == count)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `each action needs its permission`(on backend: Backend) async throws {
        try await withScene(on: backend) { scene in
            for (permission, allowed) in [
                (ObjectPermission.read, [ObjectAction.read]), (.use, [.read]), (.edit, [.read, .update]),
                (.manage, ObjectAction.allCases),
            ] {
                let eve = scene.eve(permission)
                for action in ObjectAction.allCases {
                    let checks: [() async throws -> Void] = [
                        {
                            try await scene.tracking.experiments(for: eve).require(
                                action,
                                on: scene.open.experiment
                            )
                        },
                        { try await scene.tracking.runs(for: eve).require(action, on: scene.open.run) },
                        {
                            try await scene.tracking.loggedModels(for: eve).require(
                                action,
                                on: scene.open.model
                            )
                        },
                    ]
                    for check in checks {
                        if allowed.contains(action) {
                            try await check()
                        } else {
                            await expectFailure(.permissionDenied, "Permission denied") { try await check() }
                        }
                    }
                }
                for action in ObjectAction.allCases {
                    await expectFailure(.missing, containing: "Run with id") {
                        try await scene.tracking.runs(for: eve).require(action, on: scene.closed.run)
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `what other rooms keep of an experiment ends when it is purged`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: EventMigrations.all + TrackingMigrations.all) {
            database in
            let tracking = Tracking(database: database, artifactRoot: "mlflow-artifacts:/") {
                id,
                caller,
                connection in
                try connection.execute(
                    "UPDATE workspaces SET name = \("forgot \(id) of \(caller.workspace.key)")"
                )
            }
            try await tracking.prepare(for: ann)
            let experiments = tracking.experiments(for: ann)
            let id = try await experiments.create(
                NewExperiment(checkedName: "gone", artifactLocation: nil, tags: [])
            )
            try await experiments.delete(id)
            try await tracking.purges(for: ann).purgeExperiment(id, deletedBeforeMs: .max) { _, _ in }
            let name = try await database.read { connection in
                try connection.first("SELECT name FROM workspaces") { $0.text(0) }
            }
            #expect(name == "forgot \(id) of 1")
        }
    }

    private struct Things {
        let experiment: Int64
        let run: String
        let model: String
    }

    private struct Scene {
        let tracking: Tracking
        let open: Things
        let closed: Things

        var eve: Caller { eve(.read) }
        var nobody: Caller { caller([:]) }

        func eve(_ permission: ObjectPermission) -> Caller { caller([open.experiment: permission]) }

        private func caller(_ experiments: [Int64: ObjectPermission]) -> Caller {
            Caller(
                name: "eve",
                workspace: .standard,
                reach: Reach(base: .none, experiments: experiments, models: [:])
            )
        }
    }

    private func withScene(on backend: Backend, _ body: (Scene) async throws -> Void) async throws {
        try await withTracking(on: backend) { tracking in
            let scene = Scene(
                tracking: tracking,
                open: try await make("open", in: tracking),
                closed: try await make("closed", in: tracking)
            )
            try await body(scene)
        }
    }

    private func make(_ name: String, in tracking: Tracking) async throws -> Things {
        let id = try await tracking.experiments(for: ann).create(
            NewExperiment(checkedName: name, artifactLocation: nil, tags: [])
        )
        let runs = tracking.runs(for: ann)
        let run = try await runs.create(
            NewRun(experimentID: id, userID: "", name: name, startTime: 1, tags: [])
        ).info.id
        try await runs.log(Batch(metric: Metric(key: "m", value: 1, timestamp: 1, step: 1)), to: run)
        let dataset = Dataset(
            name: name,
            digest: "d",
            sourceType: "s",
            source: "s",
            schema: nil,
            profile: nil
        )
        try await runs.log(
            RunInputs(datasets: [DatasetInput(dataset: dataset, tags: [])], models: []),
            to: run
        )
        let model = try await tracking.loggedModels(for: ann).create(
            NewLoggedModel(experimentID: id, name: name, type: "", sourceRunID: run, params: [], tags: [])
        )
        return Things(experiment: id, run: run, model: model.id)
    }
}
