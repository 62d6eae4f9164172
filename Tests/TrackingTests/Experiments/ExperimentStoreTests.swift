import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct ExperimentStoreTests {
    @Test(arguments: Backend.available)
    func `experiments are numbered from zero in each workspace`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let experiments = tracking.experiments(for: ann)

            let iris = try await experiments.create(
                NewExperiment(
                    checkedName: "iris",
                    artifactLocation: nil,
                    tags: [Tag(key: "team", value: "a")]
                )
            )

            let zero = try await experiments.get(0)
            #expect(zero.name == "Default")
            #expect(zero.artifactLocation == "mlflow-artifacts:/0")
            let stored = try await experiments.find(named: "iris")
            #expect(iris == 1)
            #expect(stored?.id == 1)
            #expect(stored?.artifactLocation == "mlflow-artifacts:/1")
            #expect(stored?.tags == [Tag(key: "team", value: "a")])
            #expect(stored?.creationTime == 1_000)
        }
    }

    @Test(arguments: Backend.available)
    func `a workspace that was purged meanwhile takes no experiment`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let eve = Caller(name: "eve", workspace: WorkspaceID(key: 77))

            await expectFailure(.missing, "The repository of the experiment was purged meanwhile.") {
                _ = try await tracking.experiments(for: eve).create(
                    NewExperiment(checkedName: "iris", artifactLocation: nil, tags: [])
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a name is taken even by a deleted experiment`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let experiments = tracking.experiments(for: ann)
            let iris = try NewExperiment(checkedName: "iris", artifactLocation: nil, tags: [])
            let id = try await experiments.create(iris)
            try await experiments.delete(id)

            await expectFailure(.alreadyExists, containing: "Experiment(name=iris) already exists.") {
                _ = try await experiments.create(iris)
            }
            let next = try await experiments.create(
                NewExperiment(checkedName: "other", artifactLocation: nil, tags: [])
            )
            #expect(next == 2, "the failed one used no number")
        }
    }

    @Test(arguments: Backend.available)
    func `a deleted experiment takes its runs along and brings them back`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withTracking(on: backend, clock: clock) { tracking in
            let experiments = tracking.experiments(for: ann)
            let run = try await tracking.newRun()
            clock.advance(byMs: 10)

            try await experiments.delete(0)

            #expect(try await experiments.get(0).stage == .deleted)
            #expect(try await experiments.get(0).lastUpdateTime == 1_010)
            #expect(try await tracking.runs(for: ann).get(run).info.stage == .deleted)
            await expectFailure(.missing, containing: "No Experiment with id=0 exists") {
                try await experiments.delete(0)
            }
            await expectFailure(.invalidState, containing: "Cannot rename a non-active experiment.") {
                try await experiments.rename(0, to: "new")
            }
            await expectFailure(
                .invalidParameter,
                containing: "must be in the 'active' state. Current state is deleted."
            ) {
                try await experiments.set(Tag(key: "a", value: "b"), of: 0)
            }
            try await experiments.restore(0)
            #expect(try await tracking.runs(for: ann).get(run).info.stage == .active)
        }
    }

    @Test(arguments: Backend.available)
    func `tags are set, replaced and deleted`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let experiments = tracking.experiments(for: ann)
            try await experiments.set(Tag(key: "note", value: "one"), of: 0)
            try await experiments.set(Tag(key: "note", value: "two"), of: 0)
            #expect(try await experiments.get(0).tags == [Tag(key: "note", value: "two")])

            try await experiments.deleteTag("note", of: 0)

            #expect(try await experiments.get(0).tags == [])
            await expectFailure(.missing, containing: "No tag with name: note in experiment with id 0") {
                try await experiments.deleteTag("note", of: 0)
            }
        }
    }

    @Test func `names and tags keep MLflow's limits`() throws {
        let long = String(repeating: "é", count: 501)
        let cases: [(String, [Tag], String)] = [
            ("", [], "Invalid experiment name: ''"),
            (long, [], "'name' exceeds the maximum length of 500 characters"),
            (
                "a", [Tag(key: "k!", value: "")],
                "Invalid value \"k!\" for parameter 'key' supplied: Names may only"
            ),
            ("a", [Tag(key: "../k", value: "")], "This name would resolve to '../k'"),
            (
                "a", [Tag(key: String(repeating: "k", count: 251), value: "")],
                "'key' exceeds the maximum length of 250 characters"
            ),
            (
                "a", [Tag(key: "k", value: String(repeating: "v", count: 20_001))],
                "'value' exceeds the maximum length of 20000 characters"
            ),
        ]
        for (name, tags, words) in cases {
            let failure = #expect(throws: Failure.self) {
                try NewExperiment(checkedName: name, artifactLocation: nil, tags: tags)
            }
            #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        }
        _ = try NewExperiment(
            checkedName: String(repeating: "é", count: 500),
            artifactLocation: nil,
            tags: []
        )
    }

    @Test(arguments: [
        ("abc", "Invalid experiment ID 'abc'. Experiment ID must be a valid integer."), ("", "''"),
    ])
    func `an id that is no number is refused`(text: String, words: String) {
        let failure = #expect(throws: Failure.self) { try ExperimentID.parse(text) }
        #expect(failure?.message.contains(words) == true)
    }
}
