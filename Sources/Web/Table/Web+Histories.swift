import Core
import HTTP
import HTTPTypes
import Tracking

extension Web {
    private static let mostRuns = 30
    private static let mostMetrics = 12
    /// Histories of no more points are told exactly, longer ones by as many points of them.
    private static let mostPoints = 1_000

    var historyEndpoints: [Endpoint] {
        [
            Endpoint(.get, "experiments/:id/histories.json", in: .workspacePages, needs: .read) { call in
                let (ids, keys) = (call.query.all("run"), call.query.all("metric"))
                guard ids.count <= Self.mostRuns, keys.count <= Self.mostMetrics else {
                    throw Failure.invalid(
                        "Ask for at most \(Self.mostRuns) runs and \(Self.mostMetrics) metrics at once."
                    )
                }
                var courses: [MetricCourse] = []
                for key in keys {
                    let histories = try await tracking.runs(for: call.caller).sampledHistories(
                        of: key,
                        in: ids,
                        steps: nil,
                        limit: Self.mostPoints
                    )
                    courses += histories.compactMap { run, points in
                        MetricCourse(
                            run: run,
                            key: key,
                            points: points,
                            isExact: points.count < Self.mostPoints
                        )
                    }
                }
                return .json(capacityBytes: 64 + courses.count * 600) { [courses] json in
                    json.array("histories") { json in
                        for course in courses { json.array { course.write(to: &$0) } }
                    }
                }
            }
        ]
    }
}

/// What a cell tells of the history of a metric: its least and greatest value, and its course in a few points.
struct MetricCourse: Sendable, Equatable {
    /// As many points as a small drawing shows.
    static let drawnPoints = 40

    let run: String
    let key: String
    let least: Double
    let greatest: Double
    let drawn: [Double]
    let isExact: Bool

    /// Nil where there is no number among the points.
    init?(run: String, key: String, points: [Metric], isExact: Bool) {
        let numbers = points.map(\.value).filter { !$0.isNaN }
        guard let least = numbers.min(), let greatest = numbers.max() else { return nil }
        self.run = run
        self.key = key
        self.least = least
        self.greatest = greatest
        self.isExact = isExact
        let step = Double(max(points.count - 1, 1)) / Double(Self.drawnPoints - 1)
        drawn =
            points.count <= Self.drawnPoints
            ? points.map(\.value)
            : (0..<Self.drawnPoints).map { points[Int((Double($0) * step).rounded())].value }
    }

    func write(to json: inout JSONWriter) {
        json.value(run)
        json.value(key)
        json.value(least)
        json.value(greatest)
        json.array { json in for value in drawn { json.value(value) } }
        json.value(isExact)
    }
}
