import Testing
import Tracking

@testable import Server

@Suite
struct MetricLineTests {
    @Test(arguments: [
        ("5 0.25 3", "0.25 5 3 - -"), ("5 0.25", "0.25 5 0 - -"), ("5 inf 1", "inf 5 1 - -"),
        ("5 -inf 1\r", "-inf 5 1 - -"), ("5 1e-3 -2 train abc", "0.001 5 -2 train abc"),
    ])
    func `a line of a run is time, value, step and dataset`(line: String, parts: String) throws {
        let metric = try #require(MetricLine(runLine: line[...], key: "m")).metric

        #expect(
            "\(metric.value) \(metric.timestamp) \(metric.step) \(metric.datasetName ?? "-") \(metric.datasetDigest ?? "-")"
                == parts
        )
    }

    @Test func `a NaN is a point`() throws {
        let line = try #require(MetricLine(runLine: "5 nan 0", key: "m"))
        #expect(line.metric.value.isNaN)
    }

    @Test func `a line of a model names its run`() throws {
        let line = try #require(MetricLine(modelLine: "5 0.5 2 run train abc", key: "m"))
        #expect((line.runID, line.metric.datasetName, line.metric.step) == ("run", "train", 2))
    }

    @Test(arguments: ["", "5", "5 0.25 3 4", "x 1 2", "5 one 2", "5 1 2.5", "5 1 2 3 4 5"])
    func `a line with other parts is no point`(line: String) {
        #expect(MetricLine(runLine: line[...], key: "m") == nil)
    }
}
