import Core
import HTTP
import Testing

@testable import Web

@Suite struct RunComparisonTests {
    private func column(
        _ id: String,
        params: [String: String] = [:],
        metrics: [String: Double] = [:],
        tags: [String: String] = [:]
    ) -> RunComparison.Column {
        RunComparison.Column(
            id: id,
            name: "name of \(id)",
            experiment: 1,
            status: "FINISHED",
            startMs: 0,
            endMs: nil,
            params: params.mapValues(ComparedText.init),
            metrics: metrics,
            tags: tags.mapValues(ComparedText.init)
        )
    }

    @Test func `what differs is told apart from what all have alike`() {
        let comparison = RunComparison(
            [
                column("a", params: ["lr": "1", "depth": "3"], tags: ["team": "red", "mlflow.user": "ann"]),
                column("b", params: ["lr": "2", "depth": "3"], tags: ["team": "red"]),
                column("c", params: ["depth": "3", "extra": "x"], tags: ["team": "red"]),
            ],
            baseline: "b"
        )

        #expect(comparison.baseline == 1)
        #expect(comparison.params.filter(\.isVaried).map(\.name) == ["extra", "lr"])
        #expect(comparison.params.first { $0.name == "lr" }?.values.map { $0?.text } == ["1", "2", nil])
        #expect(comparison.tags.map(\.name) == ["team"])
        #expect(comparison.tags.allSatisfy { !$0.isVaried })
    }

    @Test func `a long value is cut and still told from another`() {
        let long = String(repeating: "ä", count: 5_000)

        let (one, same, other) = (ComparedText(long), ComparedText(long), ComparedText(long + "."))

        #expect(one == same && one != other)
        #expect(one.text == other.text && one.text.count == 301 && one.text.hasSuffix("…"))
        #expect(one.isCut && one.sizeBytes == 10_000)
        let short = ComparedText(String(long.prefix(300)))
        #expect(!short.isCut && short.text == String(long.prefix(300)))
    }

    @Test func `a metric that is NaN everywhere does not differ`() {
        let comparison = RunComparison(
            [column("a", metrics: ["m": .nan]), column("b", metrics: ["m": .nan])],
            baseline: "gone"
        )

        #expect(comparison.baseline == 0)
        #expect(comparison.metrics.allSatisfy { !$0.isVaried })
    }

    @Test(arguments: [
        (0.1234567, "0.12346"), (1234567.0, "1234567"), (0.00001234567, "1.235e-5"), (-2.5, "-2.5"),
        (0.0, "0"),
        (99999.96, "100000"), (Double.nan, "NaN"), (Double.greatestFiniteMagnitude, "∞"),
        (1e-300, "1.000e-300"),
    ])
    func `a number is shown with the digits that count`(number: Double, text: String) {
        #expect(ComparedMetric(number).text == text)
    }

    @Test(arguments: [
        (0.95, 0.9, "▲ +0.05 (+5.56 %)"), (0.9, 0.95, "▼ −0.05 (−5.26 %)"), (1.0, -2.0, "▲ +3 (+150 %)"),
        (3.0, 0.0, "▲ +3"),
    ])
    func `a difference has a direction, a size and a share`(value: Double, base: Double, text: String) {
        #expect(ComparedMetric(value).difference(from: ComparedMetric(base))?.text == text)
    }

    @Test(arguments: [(1.0, 1.0), (.nan, 1), (1, .nan), (.greatestFiniteMagnitude, 1)] as [(Double, Double)])
    func `there is no difference where there is no number`(value: Double, base: Double) {
        #expect(ComparedMetric(value).difference(from: ComparedMetric(base)) == nil)
    }

    @Test(arguments: [
        ("run=a&run=b&baseline=b&panel=x", true, "run=a&run=b&baseline=b&panel=x"),
        ("run=a&run=b,c&run=a&run=&baseline=b", false, "run=a&run=b&run=c&baseline=b"),
        ("run=a&run=b&baseline=b&without=b&axis=time", false, "run=a&axis=time"),
        ("run=a&run=b&run=c&baseline=b&as=c", false, "run=a&run=b&run=c&baseline=c"),
        ("baseline=gone", true, ""), ("run=a&rows=3&axis=time", true, "run=a&rows=3&axis=time"),
        ("run=a&rows=-3", true, "run=a"), ("run=a&rows=x", true, "run=a"),
    ])
    func `runs are named once, with what buttons ask for`(text: String, isTidy: Bool, words: String) throws {
        let query = try RunComparisonQuery(Query(text))

        #expect(query.isTidy == isTidy)
        #expect(query.allWords(at: Address("/c")).text == "/c" + (words.isEmpty ? "" : "?" + words))
    }

    @Test func `more runs than can be compared are refused`() {
        #expect(throws: Failure.self) {
            try RunComparisonQuery(Query((0...500).map { "run=r\($0)" }.joined(separator: "&")))
        }
    }
}
