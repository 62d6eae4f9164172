import Core
import Events
import TestSupport
import Testing
import Tracking

@Suite struct OverviewStoreTests {
    /// `eve` works in another workspace.
    private static let eve = Caller(name: "eve", workspace: WorkspaceID(key: 2))

    @Test(arguments: Backend.available)
    func `what runs is told of the workspaces that somebody may read`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let first = try await tracking.newRun(named: "first", startTime: 5)
            let second = try await tracking.newRun(named: "second", startTime: 9)
            let ended = try await tracking.newRun(named: "ended", startTime: 7)
            _ = try await tracking.runs(for: ann).update(ended, status: .finished, endTime: 8, name: nil)
            let deleted = try await tracking.newRun(named: "deleted", startTime: 8)
            try await tracking.runs(for: ann).delete(deleted)

            let running = try await tracking.overview(for: [ann]).runningRuns(limit: 10)

            #expect(running.map(\.id) == [second, first])
            #expect(running.map(\.experimentName) == ["Default", "Default"])
            #expect(try await tracking.overview(for: [ann]).runningRuns(limit: 1).map(\.id) == [second])
            #expect(try await tracking.overview(for: [Self.eve]).runningRuns(limit: 10).isEmpty)
            #expect(try await tracking.overview(for: []).runningRuns(limit: 10).isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `an experiment is as recent as its last run`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.experiments(for: ann)
            let iris = try await store.create(
                NewExperiment(checkedName: "iris", artifactLocation: nil, tags: [])
            )
            _ = try await store.create(NewExperiment(checkedName: "gone", artifactLocation: nil, tags: []))
            try await store.delete(2)
            let overview = tracking.overview(for: [ann])
            #expect(try await overview.recentExperiments(limit: 10).map(\.name) == ["iris"])
            // Nobody said when it began, which is kept as 0.
            _ = try await tracking.newRun(startTime: 0)
            let early = try await overview.recentExperiments(limit: 10)
            #expect(Set(early.map(\.name)) == ["Default", "iris"])
            #expect(early.allSatisfy { $0.activeMs == 1_000 })
            _ = try await tracking.newRun(startTime: 5_000)

            let recent = try await overview.recentExperiments(limit: 10)

            #expect(recent.map(\.name) == ["Default", "iris"])
            #expect(recent.map(\.activeMs) == [5_000, 1_000])
            #expect(recent.map(\.id) == [0, iris])
        }
    }

    @Test(arguments: Backend.available)
    func `what happened comes with the names of runs and experiments`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let run = try await tracking.newRun(named: "first")
            _ = try await tracking.runs(for: ann).update(run, status: .failed, endTime: 8, name: nil)

            let overview = tracking.overview(for: [ann])
            let found = try await overview.events([.runUpdated, .experimentCreated], limit: 10)

            #expect(found.map(\.event.kind) == [.runUpdated, .experimentCreated])
            #expect(found.map(\.name) == ["first", "Default"])
            #expect(found.map(\.workspace) == [.standard, .standard])
            #expect(try await overview.events([.runDeleted], limit: 10).isEmpty)
            #expect(try await tracking.overview(for: [Self.eve]).events([.runUpdated], limit: 10).isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `what happens is felt where somebody may look, and where they did it`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let eve = tracking.overview(for: [Self.eve])
            let none = tracking.overview(for: [])
            let before = try await (eve.pulse(orBy: "eve"), eve.pulse(orBy: "ann"), none.pulse(orBy: "bob"))

            _ = try await tracking.newRun(named: "of ann")

            #expect(try await eve.pulse(orBy: "eve") == before.0)
            #expect(try await eve.pulse(orBy: "ann").last > before.1.last)
            #expect(try await none.pulse(orBy: "bob") == before.2)
            let own = try await tracking.overview(for: [ann]).pulse(orBy: "ann")
            #expect(own.count > 0 && own.last > 0)
        }
    }
}
