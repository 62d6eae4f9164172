import Core
import TestSupport
import Testing
import Tracking

/// Every point of a history, read page by page.
private func pages(_ runs: RunStore, _ key: String, _ id: String, limit: Int) async throws -> [Metric] {
    var points: [Metric] = []
    var after: HistoryPosition?
    repeat {
        let page = try await runs.history(of: key, in: id, after: after, limit: limit)
        points += page.points
        after = try page.next.map { try HistoryPosition(token: $0.token) }
    } while after != nil
    return points
}

/// What the original keeps of sorted rows: the first of each bucket of `NTILE`, and the last of all.
private func thinned(_ points: [Metric], limit: Int) -> [Metric] {
    guard points.count > limit else { return points }
    var buckets = [[Metric]](repeating: [], count: limit)
    let (size, larger) = points.count.quotientAndRemainder(dividingBy: limit)
    var start = 0
    for bucket in 0..<limit {
        let end = start + size + (bucket < larger ? 1 : 0)
        buckets[bucket] = Array(points[start..<end])
        start = end
    }
    return buckets.map { $0[0] }.dropLast() + [points[points.count - 1]]
}

@Suite struct MetricHistoryTests {
    /// Histories of several shapes: regular, with gaps, with repeated steps, and with a clock that went back.
    static let shapes: [String: [Metric]] = [
        "regular": (0..<300).map {
            Metric(key: "m", value: Double($0), timestamp: Int64($0), step: Int64($0) * 10)
        },
        "gaps": (0..<300).map { Metric(key: "m", value: 1, timestamp: Int64($0), step: Int64($0 * $0)) },
        "one step": (0..<300).map { Metric(key: "m", value: Double($0 % 7), timestamp: Int64($0), step: 0) },
        "clock went back": (0..<300).map {
            Metric(key: "m", value: 0.5, timestamp: Int64(1_000 - $0), step: Int64($0))
        },
        "single": [Metric(key: "m", value: .nan, timestamp: 1, step: -5)],
    ]

    @Test(arguments: Backend.available, shapes.keys.sorted())
    func `pages follow each other in the order of time, step and value`(
        on backend: Backend,
        shape: String
    ) async throws {
        let points = Self.shapes[shape] ?? []
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            for start in stride(from: 0, to: points.count, by: 64).shuffled() {
                let part = Array(points[start..<min(start + 64, points.count)])
                try await runs.log(Batch(metrics: part, params: [], tags: []), to: id)
                try await runs.log(Batch(metrics: part, params: [], tags: []), to: id)
            }

            let read = try await pages(runs, "m", id, limit: 37)

            let expected = points.sorted {
                ($0.timestamp, $0.step, $0.value) < ($1.timestamp, $1.step, $1.value)
            }
            #expect(read.map(\.timestamp) == expected.map(\.timestamp))
            #expect(read.map(\.step) == expected.map(\.step))
        }
    }

    @Test(arguments: Backend.available, shapes.keys.sorted())
    func `a chart gets the points that the original keeps`(on backend: Backend, shape: String) async throws {
        let points = (Self.shapes[shape] ?? []).sorted {
            ($0.step, $0.timestamp, $0.value) < ($1.step, $1.timestamp, $1.value)
        }
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            for start in stride(from: 0, to: points.count, by: 64) {
                let part = Array(points[start..<min(start + 64, points.count)])
                try await runs.log(Batch(metrics: part, params: [], tags: []), to: id)
            }

            for limit in [1, 2, 7, 299, 300, 2_500] {
                let found = try await runs.sampledHistories(of: "m", in: [id], steps: nil, limit: limit)
                let expected = thinned(points, limit: limit)
                #expect(found[0].points.map(\.step) == expected.map(\.step), "limit \(limit)")
                #expect(found[0].points.map(\.timestamp) == expected.map(\.timestamp), "limit \(limit)")
            }
            let window = try await runs.sampledHistories(of: "m", in: [id], steps: 5...1_234, limit: 11)
            let expected = thinned(points.filter { 5...1_234 ~= $0.step }, limit: 11)
            #expect(window[0].points.map(\.step) == expected.map(\.step))
            #expect(window[0].points.map(\.timestamp) == expected.map(\.timestamp))
        }
    }

    @Test(arguments: Backend.available)
    func `points logged one by one and sent again stay regular`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            for step in 0..<50 {
                let point = Metric(
                    key: "m",
                    value: 0.1 * Double(step),
                    timestamp: Int64(step),
                    step: Int64(step) * 2
                )
                try await runs.log(Batch(metric: point), to: id)
                try await runs.log(Batch(metric: point), to: id)
            }

            let found = try await runs.sampledHistories(of: "m", in: [id], steps: nil, limit: 5)
            let all = try await pages(runs, "m", id, limit: 1_000)

            #expect(found[0].points.map(\.step) == [0, 20, 40, 60, 98])
            #expect(all.count == 50)
        }
    }

    @Test(arguments: Backend.available)
    func `a metric among many is read page by page`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            for step in 0..<20 {
                let metrics = (0..<40).map {
                    Metric(key: "m\($0)", value: Double(step), timestamp: Int64(step), step: Int64(step * 3))
                }
                try await runs.log(Batch(metrics: metrics, params: [], tags: []), to: id)
            }

            let read = try await pages(runs, "m17", id, limit: 7)

            #expect(read.map(\.step) == (0..<20).map { Int64($0 * 3) })
            #expect(read.allSatisfy { $0.key == "m17" })
        }
    }

    @Test(arguments: Backend.available)
    func `steps at the ends of their range do not run over`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            for step in [Int64.min, 0, .max] {
                try await runs.log(
                    Batch(metric: Metric(key: "m", value: 1, timestamp: 1, step: step)),
                    to: id
                )
            }
            let both = [Int64.min, .max].map { Metric(key: "n", value: 1, timestamp: 1, step: $0) }
            try await runs.log(Batch(metrics: both, params: [], tags: []), to: id)

            for key in ["m", "n"] {
                let found = try await runs.sampledHistories(of: key, in: [id], steps: nil, limit: 10)
                #expect(found[0].points.first?.step == .min)
                #expect(found[0].points.last?.step == .max)
            }
            let window = try await runs.sampledHistories(
                of: "m",
                in: [id],
                steps: Int64.min...Int64.max,
                limit: 10
            )
            #expect(window[0].points.count == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `a token or a window far out does not run over`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let id = try await tracking.newRun()
            for step in [Int64(0), 5] {
                let metrics = (0..<40).map { Metric(key: "m\($0)", value: 1, timestamp: step, step: step) }
                try await runs.log(Batch(metrics: metrics, params: [], tags: []), to: id)
            }
            let far = [Int64(0), 9_000_000_000_000_000_000].map {
                Metric(key: "far", value: 1, timestamp: 1, step: $0)
            }
            try await runs.log(Batch(metrics: far, params: [], tags: []), to: id)

            let beyond = try HistoryPosition(token: Base64.encode(Array("0,\(Int64.max),0,0".utf8)))
            let page = try await runs.history(of: "m3", in: id, after: beyond, limit: 10)
            let window = try await runs.sampledHistories(
                of: "far",
                in: [id],
                steps: 5_000_000_000_000_000_000...9_000_000_000_000_000_000,
                limit: 10
            )

            #expect(page.points.isEmpty)
            #expect(window[0].points.map(\.step) == [9_000_000_000_000_000_000])
        }
    }

    @Test(arguments: [("!!", "could not base64-decode"), ("aGVsbG8=", "decoded value='hello'")])
    func `a token that was not made here is refused`(token: String, words: String) {
        let failure = #expect(throws: Failure.self) { try HistoryPosition(token: token) }
        #expect(failure?.message.contains("Invalid page token, \(words)") == true)
    }
}
