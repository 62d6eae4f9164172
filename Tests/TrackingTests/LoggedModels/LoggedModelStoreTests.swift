import Core
import Database
import Events
import TestSupport
import Testing
import struct Core.Tag

@testable import Tracking

@Suite struct LoggedModelStoreTests {
    /// "é" is one character or two, which Swift takes for the same and databases do not.
    @Test(arguments: Backend.available)
    func `keys that only look alike are two`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let (one, two) = ("caf\u{E9}", "cafe\u{301}")
            let params = [Param(key: one, value: one), Param(key: two, value: two)]
            let tags = [Tag(key: one, value: "1"), Tag(key: two, value: "2")]
            let run = NewRun(experimentID: 0, userID: "ann", name: "first", startTime: 5, tags: tags)

            let model = try await tracking.newModel().id
            try await tracking.loggedModels(for: ann).log(params, to: model)
            try await tracking.loggedModels(for: ann).set(tags, of: model)
            let stored = try await tracking.loggedModels(for: ann).get(model)

            #expect(stored.params.count == 2)
            #expect(stored.tags.count == 2)
            await expectFailure(.invalidParameter, containing: "Changing param values") {
                try await tracking.loggedModels(for: ann).log([Param(key: one, value: two)], to: model)
            }
            #expect(try await tracking.runs(for: ann).create(run).tags.count == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `a new model is pending and has a place for artifacts`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let models = tracking.loggedModels(for: ann)
            let new = try NewLoggedModel(
                experimentID: 0,
                name: "petal",
                type: "tree",
                sourceRunID: "r",
                params: [Param(key: "depth", value: "3"), Param(key: "", value: "")],
                tags: [Tag(key: "team", value: "blue")]
            )

            let made = try await models.create(new)

            #expect(try await models.get(made.id) == made)
            #expect(made.id.wholeMatch(of: /m-[0-9a-f]{32}/) != nil)
            #expect(made.artifactLocation == "mlflow-artifacts:/0/models/\(made.id)/artifacts")
            #expect(made.name == "petal")
            #expect(made.type == "tree")
            #expect(made.sourceRunID == "r")
            #expect(made.status == .pending)
            #expect(made.creationTime == 1_000)
            #expect(made.lastUpdateTime == 1_000)
            #expect(Set(made.params) == Set(new.params))
            #expect(made.tags == new.tags)
        }
    }

    @Test(arguments: Backend.available)
    func `a model without a name gets one`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let made = try await tracking.newModel(named: "")

            #expect(made.name.split(separator: "-").count == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `a model is made only in an active experiment`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            await expectFailure(.missing, containing: "No Experiment with id=98765 exists") {
                _ = try await tracking.newModel(in: 98_765)
            }
            try await tracking.experiments(for: ann).delete(0)
            await expectFailure(
                .invalidParameter,
                containing: "The experiment 0 must be in the 'active' state."
            ) {
                _ = try await tracking.newModel()
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a model changes its state as often as it is finalized`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withTracking(on: backend, clock: clock) { tracking in
            let models = tracking.loggedModels(for: ann)
            let id = try await tracking.newModel().id

            for status in [LoggedModelStatus.ready, .uploadFailed, .pending, .unspecified] {
                clock.advance(byMs: 10)
                let model = try await models.finalize(id, as: status)
                #expect(model.status == status)
                #expect(try await models.get(id) == model)
            }
            #expect(try await models.get(id).lastUpdateTime == 1_040)
            #expect(try await models.get(id).creationTime == 1_000)
        }
    }

    @Test(arguments: Backend.available)
    func `a deleted model is found only where it is asked for, and may still be written`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let models = tracking.loggedModels(for: ann)
            let id = try await tracking.newModel().id
            try await models.delete(id)
            try await models.delete(id)

            await expectFailure(.missing, containing: "Logged model with ID '\(id)' not found.") {
                _ = try await models.get(id)
            }
            _ = try await models.finalize(id, as: .ready)
            try await models.set([Tag(key: "k", value: "v")], of: id)
            let model = try await models.get(id, isDeletedFound: true)
            #expect(model.stage == .deleted)
            #expect(model.status == .ready)
            #expect(model.tags == [Tag(key: "k", value: "v")])
        }
    }

    @Test(arguments: Backend.available)
    func `a tag is replaced and removed`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let models = tracking.loggedModels(for: ann)
            let id = try await tracking.newModel().id

            try await models.set([Tag(key: "a", value: "1")], of: id)
            try await models.set(
                [Tag(key: "b", value: "1"), Tag(key: "a", value: "2"), Tag(key: "b", value: "2")],
                of: id
            )
            #expect(
                Set(try await models.get(id).tags) == [Tag(key: "a", value: "2"), Tag(key: "b", value: "2")]
            )
            try await models.deleteTag("a", of: id)
            #expect(try await models.get(id).tags == [Tag(key: "b", value: "2")])
            for key in ["a", "never"] {
                await expectFailure(
                    .missing,
                    containing: "No tag with key '\(key)' found for model with ID '\(id)'."
                ) {
                    try await models.deleteTag(key, of: id)
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a param keeps its first value and may be sent again`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let models = tracking.loggedModels(for: ann)
            let id = try await tracking.newModel().id
            let first = [Param(key: "a", value: "1"), Param(key: "b", value: "1")]

            try await models.log(first, to: id)
            try await models.log(first, to: id)
            await expectFailure(
                .invalidParameter,
                containing:
                    "Param with key='b' was already logged with value='1' for model ID='\(id)'. Attempted logging new value '2'."
            ) {
                try await models.log([Param(key: "c", value: "1"), Param(key: "b", value: "2")], to: id)
            }
            await expectFailure(.invalidParameter, containing: "The param 'd' comes twice.") {
                try await models.log([Param(key: "d", value: "1"), Param(key: "d", value: "1")], to: id)
            }

            #expect(Set(try await models.get(id).params) == Set(first))
        }
    }

    @Test(arguments: Backend.available)
    func `a metric of a run is also one of the model that it names, with its dataset`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let (run, model) = (try await tracking.newRun(), try await tracking.newModel().id)
            let points = [
                Metric(
                    key: "acc",
                    value: 0.5,
                    timestamp: 5,
                    step: 0,
                    modelID: model,
                    datasetName: "iris",
                    datasetDigest: "1"
                ),
                Metric(key: "acc", value: .nan, timestamp: 5, step: 1, modelID: model),
                Metric(key: "loss", value: 1, timestamp: 5, step: 0),
            ]

            try await runs.log(Batch(metrics: points, params: [], tags: []), to: run)
            try await runs.log(Batch(metric: points[0]), to: run)

            let metrics = try await tracking.loggedModels(for: ann).get(model).metrics
            #expect(metrics.map(\.runID) == [run, run])
            #expect(metrics[0].metric == points[0])
            #expect(metrics[1].metric.value.isNaN)
            #expect(metrics[1].metric.datasetName == nil)
            #expect(Set(try await runs.get(run).metrics.map(\.key)) == ["acc", "loss"])
        }
    }

    @Test(arguments: [("iris", nil), (nil, "1")] as [(String?, String?)])
    func `a dataset of a metric has both name and digest`(name: String?, digest: String?) {
        let point = Metric(
            key: "acc",
            value: 1,
            timestamp: 5,
            step: 0,
            modelID: "m",
            datasetName: name,
            datasetDigest: digest
        )

        let failure = #expect(throws: Failure.self) { try Batch(metric: point) }
        #expect(
            failure?.message == "Both dataset_name and dataset_digest must be provided if one is provided"
        )
    }

    @Test(arguments: Backend.available)
    func `a workspace does not see the models of another`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await tracking.newModel().id
            let models = tracking.loggedModels(for: Caller(name: "eve", workspace: WorkspaceID(key: 2)))
            let words = "Logged model with ID '\(id)' not found."

            await expectFailure(.missing, containing: words) {
                _ = try await models.get(id, isDeletedFound: true)
            }
            await expectFailure(.missing, containing: words) { _ = try await models.finalize(id, as: .ready) }
            await expectFailure(.missing, containing: words) { try await models.delete(id) }
            await expectFailure(.missing, containing: words) { try await models.set([], of: id) }
            await expectFailure(.missing, containing: words) { try await models.deleteTag("k", of: id) }
            await expectFailure(.missing, containing: words) { try await models.log([Param](), to: id) }
        }
    }

    @Test func `what happens to a model is written into the log`() async throws {
        try await withTracking(on: .sqlite) { tracking in
            let models = tracking.loggedModels(for: ann)
            let id = try await tracking.newModel().id
            _ = try await models.finalize(id, as: .ready)
            try await models.delete(id)

            let events = try await tracking.database.read { connection in
                try EventLog.read(for: ann, after: 0, subject: "model/\(id)", limit: 10, in: connection)
            }
            #expect(events.map(\.kind) == [.loggedModelCreated, .loggedModelFinalized, .loggedModelDeleted])
            #expect(events[1].details == #"{"status":"LOGGED_MODEL_READY"}"#)
            #expect(events.allSatisfy { $0.actor == "ann" })
        }
    }

    @Test(arguments: [
        ("a/b", "'a/b'"), ("a:b", "'a:b'"), ("a.b", "'a.b'"), ("a%b", "'a%b'"), ("a'b", "\"a'b\""),
    ])
    func `a name that reads as a path is refused`(name: String, shown: String) {
        let failure = #expect(throws: Failure.self) {
            try NewLoggedModel(experimentID: 0, name: name, type: "", sourceRunID: "", params: [], tags: [])
        }
        #expect(
            failure?.message
                == "Invalid model name (\(shown)) provided. Model name must be a non-empty string "
                + #"and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")"#
        )
    }

    @Test func `a param or a tag that comes twice is refused`() {
        #expect(throws: Failure.self) {
            try NewLoggedModel(
                experimentID: 0,
                name: "petal",
                type: "",
                sourceRunID: "",
                params: [Param(key: "k", value: "1"), Param(key: "k", value: "2")],
                tags: []
            )
        }
        #expect(throws: Failure.self) {
            try NewLoggedModel(
                experimentID: 0,
                name: "petal",
                type: "",
                sourceRunID: "",
                params: [],
                tags: [Tag(key: "k", value: "1"), Tag(key: "k", value: "1")]
            )
        }
    }
}

extension Tracking {
    /// A model of ann's.
    func newModel(named name: String = "petal", in experiment: Int64 = 0) async throws -> LoggedModel {
        try await loggedModels(for: ann).create(
            NewLoggedModel(
                experimentID: experiment,
                name: name,
                type: "",
                sourceRunID: "",
                params: [],
                tags: []
            )
        )
    }
}
