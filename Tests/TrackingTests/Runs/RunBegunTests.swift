import Core
import TestSupport
import Testing
import Tracking

@Suite struct RunBegunTests {
    @Test(arguments: Backend.available)
    func `each run is told of once, and none that was there before`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            for number in 1...3 { _ = try await tracking.newRun(named: "old\(number)", startTime: 1) }
            var (ids, cursor) = try await runs.begun(in: 0, since: nil)
            #expect(ids.isEmpty)

            for _ in 1...70 {
                let new = [
                    try await tracking.newRun(named: "a", startTime: 2),
                    try await tracking.newRun(named: "b", startTime: 2),
                ]
                (ids, cursor) = try await runs.begun(in: 0, since: cursor)
                #expect(ids == new)
                (ids, cursor) = try await runs.begun(in: 0, since: cursor)
                #expect(ids.isEmpty)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `much that began at once is told in parts`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            var (_, cursor) = try await runs.begun(in: 0, since: nil)
            var new: [String] = []
            for _ in 1...10 { new.append(try await tracking.newRun(named: "a", startTime: 2)) }

            var told: [String] = []
            for part in [4, 4, 2, 0] {
                let ids: [String]
                (ids, cursor) = try await runs.begun(in: 0, since: cursor, limit: 4)
                #expect(ids.count == part)
                told += ids
            }
            #expect(told == new)
        }
    }
}
