import Core
import TestSupport
import Testing
import Tracking

@Suite struct RunChangesTests {
    @Test(arguments: Backend.available)
    func `what happens to a run is told once, to who watches its experiment`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let one = try await tracking.newRun(named: "one")
            let other = try await tracking.newRun(named: "other")
            try await runs.delete(other)
            var (changes, cursor) = try await runs.changes(in: 0, since: nil)
            #expect(changes.isEmpty)

            try await runs.restore(other)
            try await runs.delete(one)
            _ = try await runs.update(other, status: .finished, endTime: 9, name: nil)
            (changes, cursor) = try await runs.changes(in: 0, since: cursor)
            #expect(changes.updated == [other])
            #expect(changes.moved == [one, other])
            let (elsewhere, _) = try await runs.changes(in: 7, since: cursor)
            #expect(elsewhere.isEmpty)

            (changes, cursor) = try await runs.changes(in: 0, since: cursor)
            #expect(changes.isEmpty)
            try await runs.restore(one)
            (changes, cursor) = try await runs.changes(in: 0, since: cursor)
            #expect(changes.moved == [one])
        }
    }

    @Test(arguments: Backend.available)
    func `much that happened at once is told in parts`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            var (changes, cursor) = try await runs.changes(in: 0, since: nil)
            for number in 1...40 {
                if number % 2 == 1 { try await runs.delete(id) } else { try await runs.restore(id) }
            }
            for _ in 1...40 { _ = try await runs.update(id, status: .finished, endTime: 9, name: nil) }

            (changes, cursor) = try await runs.changes(in: 0, since: cursor, limit: 4)
            #expect(changes.moved == [id])
            var parts = 0
            while parts < 100 {
                (changes, cursor) = try await runs.changes(in: 0, since: cursor, limit: 4)
                if changes.isEmpty { break }
                #expect(changes.moved.isEmpty && changes.updated == [id])
                parts += 1
            }
            #expect((2..<20).contains(parts))
        }
    }
}
