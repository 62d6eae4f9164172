import Database
import Events
import TestSupport
import Testing
import Tracking

@Suite struct CurvesTests {
    private func log(
        _ points: [(step: Int64, time: Int64, value: Double)],
        in tracking: Tracking
    ) async throws -> String {
        let id = try await tracking.newRun()
        for start in stride(from: 0, to: points.count, by: 1_000) {
            let metrics = points[start..<min(start + 1_000, points.count)].map {
                Metric(key: "m", value: $0.value, timestamp: $0.time, step: $0.step)
            }
            try await tracking.runs(for: ann).log(Batch(metrics: metrics, params: [], tags: []), to: id)
        }
        return id
    }

    private func curve(
        of id: String,
        in tracking: Tracking,
        steps: ClosedRange<Int64>? = nil,
        limit: Int,
        hasRanges: Bool = false
    ) async throws -> Curve {
        try await tracking.runs(for: ann)
            .curves(of: ["m"], in: [id], steps: steps, limit: limit, hasRanges: hasRanges)[0]
    }

    @Test(arguments: Backend.available)
    func `what fits is returned whole`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let regular = try await log((0..<50).map { (Int64($0) * 3, Int64($0), Double($0)) }, in: tracking)
            let irregular = try await log(
                (0..<50).map { (Int64($0 * $0), Int64($0), Double($0)) },
                in: tracking
            )

            for id in [regular, irregular] {
                let found = try await curve(of: id, in: tracking, limit: 50, hasRanges: true)
                #expect(found.points.map(\.value) == (0..<50).map(Double.init))
                #expect(!found.isThinned)
                #expect(found.points.allSatisfy { $0.range == nil })
            }
        }
    }

    @Test(arguments: Backend.available)
    func `long histories are thinned, and keep their ends and their peaks`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let value = { (place: Int) -> Double in
                switch place {
                case 777: 1_000
                case 1_201: -50
                default: Double(place % 7)
                }
            }
            let regular = try await log(
                (0..<3_000).map { (Int64($0) * 2, Int64($0), value($0)) },
                in: tracking
            )
            let irregular = try await log(
                (0..<3_000).map { (Int64($0) * 2 + ($0 % 5 == 0 ? 1 : 0), Int64($0), value($0)) },
                in: tracking
            )

            for (id, first) in [(regular, Int64(0)), (irregular, 1)] {
                let found = try await curve(of: id, in: tracking, limit: 40, hasRanges: true)
                #expect(found.isThinned)
                #expect((30...41).contains(found.points.count))
                #expect(found.points.first?.step == first)
                #expect(found.points.last?.step == 5_998)
                #expect(found.points.map(\.step) == found.points.map(\.step).sorted())
                #expect(found.points.compactMap { $0.range?.upperBound }.max() == 1_000)
                #expect(found.points.compactMap { $0.range?.lowerBound }.min() == -50)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a part of the steps is finer`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await log((0..<2_000).map { (Int64($0), Int64($0), Double($0)) }, in: tracking)

            let part = try await curve(of: id, in: tracking, steps: 100...119, limit: 40)
            let beyond = try await curve(of: id, in: tracking, steps: 5_000...9_000, limit: 40)

            #expect(part.points.map(\.step) == Array(100...119))
            #expect(!part.isThinned)
            #expect(beyond.points.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `points that all have one step are thinned by their times`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await log((0..<2_000).map { (0, 50 + Int64($0) * 10, Double($0)) }, in: tracking)

            let found = try await curve(of: id, in: tracking, limit: 40)

            #expect((30...41).contains(found.points.count))
            #expect(found.points.first?.value == 0)
            #expect(found.points.last?.value == 1_999)
            #expect(found.points.map(\.timestamp) == found.points.map(\.timestamp).sorted())
        }
    }

    @Test(arguments: Backend.available)
    func `what is no number is passed on and has no range`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let values =
                Array(repeating: Double.nan, count: 500) + [.infinity] + Array(repeating: 1, count: 499)
            let id = try await log(
                values.enumerated().map { (Int64($0), Int64($0), $1) },
                in: tracking
            )

            let found = try await curve(of: id, in: tracking, limit: 10, hasRanges: true)

            #expect(found.points.first?.value.isNaN == true)
            #expect(found.points.first?.range == nil)
            #expect(found.points.compactMap { $0.range?.upperBound }.max() == .greatestFiniteMagnitude)
        }
    }

    @Test(arguments: Backend.available)
    func `steps at the ends of their range do not run over`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await log(
                [(.min, 1, 1), (-5, 1, 2), (0, 1, 3), (7, .max, 4), (.max, 1, 5)],
                in: tracking
            )

            let found = try await curve(of: id, in: tracking, limit: 2, hasRanges: true)

            #expect(found.points.last?.step == .max)
            #expect(found.isThinned)
        }
    }

    @Test(arguments: Backend.available, [1, 2, 9])
    func `points below the first write are shown`(on backend: Backend, atOnce: Int) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await tracking.newRun()
            try await logFalling(to: id, in: tracking, atOnce: atOnce)

            let whole = try await curve(of: id, in: tracking, limit: 100)
            let thinned = try await curve(of: id, in: tracking, limit: 3)
            let part = try await curve(of: id, in: tracking, steps: 0...5, limit: 100)
            let sampled = try await tracking.runs(for: ann)
                .sampledHistories(of: "m", in: [id], steps: nil, limit: 100)

            #expect(whole.points.map(\.step) == [0, 0, 2, 5, 9])
            #expect(whole.points.map(\.timestamp) == [3, 4, 2, 1, 3])
            #expect(thinned.points.first?.timestamp == 3)
            #expect(thinned.points.first?.step == 0)
            #expect(part.points.map(\.step) == [0, 0, 2, 5])
            #expect(sampled[0].points.map(\.step) == [0, 0, 2, 5, 9])
        }
    }

    @Test(arguments: Backend.available)
    func `histories whose first point was kept wrong are repaired`(on backend: Backend) async throws {
        let migrations = EventMigrations.all + TrackingMigrations.all
        try await withDatabase(on: backend, migrations: migrations) { database in
            let tracking = Tracking(database: database, artifactRoot: "mlflow-artifacts:/")
            try await tracking.prepare(for: ann)
            let falling = try await tracking.newRun()
            try await logFalling(to: falling, in: tracking, atOnce: 1)
            let rising = try await log([(1, 1, 1), (3, 2, 2)], in: tracking)
            let firsts = try await firstPoints(in: database)

            try await database.write { connection in
                try connection.execute(
                    "UPDATE latest_metrics SET first_step = 5, first_timestamp = 1 WHERE NOT is_ordered"
                )
                try connection.execute("DELETE FROM migrations WHERE name = 'tracking 0010 first points'")
            }
            let broken = try await curve(of: falling, in: tracking, limit: 100)
            try await database.migrate(migrations)
            let repaired = try await curve(of: falling, in: tracking, limit: 100)
            let untouched = try await curve(of: rising, in: tracking, limit: 100)

            #expect(broken.points.map(\.step) == [5, 9])
            #expect(repaired.points.map(\.step) == [0, 0, 2, 5, 9])
            #expect(untouched.points.map(\.step) == [1, 3])
            #expect(firsts == ["0 3", "1 1"])
            #expect(try await firstPoints(in: database) == firsts)
        }
    }

    /// Logs points whose steps fall, so many in a batch.
    private func logFalling(to id: String, in tracking: Tracking, atOnce: Int) async throws {
        let points: [(step: Int64, time: Int64)] = [(5, 1), (2, 2), (9, 3), (0, 4), (0, 3)]
        let metrics = points.map { Metric(key: "m", value: 1, timestamp: $0.time, step: $0.step) }
        for start in stride(from: 0, to: metrics.count, by: atOnce) {
            let part = Array(metrics[start..<min(start + atOnce, metrics.count)])
            try await tracking.runs(for: ann).log(Batch(metrics: part, params: [], tags: []), to: id)
        }
    }

    private func firstPoints(in database: any Database) async throws -> [String] {
        try await database.read { connection in
            try connection.rows(
                "SELECT first_step, first_timestamp FROM latest_metrics ORDER BY run_key, name_id"
            ) { "\($0.int(0)) \($0.int(1))" }
        }
    }

    @Test(arguments: Backend.available)
    func `runs come in their order, and those that are not there have no points`(
        on backend: Backend
    ) async throws {
        try await withTracking(on: backend) { tracking in
            var ids: [String] = []
            for value in 0..<7 { ids.append(try await log([(0, 0, Double(value))], in: tracking)) }
            let asked = [ids[6], "nobody"] + ids[0..<6]

            let found = try await tracking.runs(for: ann)
                .curves(of: ["m", "never"], in: asked, steps: nil, limit: 9, hasRanges: false)
            let firsts: [Double?] = found.filter { $0.key == "m" }.map { $0.points.first?.value }
            let several = try await tracking.runs(for: ann).find(asked + [ids[6]])

            #expect(found.map(\.run) == asked.flatMap { [$0, $0] })
            #expect(firsts == [6, nil, 0, 1, 2, 3, 4, 5])
            #expect(found.filter { $0.key == "never" }.allSatisfy { $0.points.isEmpty })
            #expect(several.map(\.info.id) == [ids[6]] + ids[0..<6])
        }
    }
}
