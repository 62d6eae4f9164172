import Core
import Database
import Events
import TestSupport
import Testing
import Tracking

/// The cast: `ann` works in the default workspace.
let ann = Caller(name: "ann", workspace: .standard)

/// Runs a test on tracking of its own, with the experiment `0` in place and a clock that starts at 1 000.
func withTracking<T>(
    on backend: Backend,
    clock: TestClock = TestClock(),
    _ body: (Tracking) async throws -> T
) async throws -> T {
    try await withDatabase(
        on: backend,
        migrations: EventMigrations.all + TrackingMigrations.all,
        clock: clock.clock
    ) { database in
        let tracking = Tracking(database: database, artifactRoot: "mlflow-artifacts:/")
        try await tracking.prepare(for: ann)
        return try await body(tracking)
    }
}

extension Tracking {
    /// A run of ann's in the experiment `0`.
    func newRun(named name: String = "first", startTime: Int64 = 5) async throws -> String {
        try await runs(for: ann).create(
            NewRun(experimentID: 0, userID: "ann", name: name, startTime: startTime, tags: [])
        ).info.id
    }
}
