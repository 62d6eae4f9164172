import Core
import Testing
import Tracking

@testable import Web

@Suite struct RunPieceTests {
    /// As `numberOf` of `core/format.js` writes them.
    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (0.93, "0.93"), (0.926_666_666, "0.92667"), (123_456.789, "123460"),
        (-2.5, "-2.5"),
        (1_500_000.5, "1.500e+6"), (-0.000_012_344, "-1.234e-5"), (999_999_999.0, "999999999"),
        (1e12, "1.000e+12"),
        (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "−∞"), (-.greatestFiniteMagnitude, "−∞"),
        (9.999_96e-5, "1.000e-4"), (.leastNonzeroMagnitude, "4.941e-324"),
        (-.leastNormalMagnitude, "-2.225e-308"),
        (1.7e308, "1.700e+308"),
    ])
    func `a metric is as long as tells it apart`(value: Double, text: String) {
        #expect(MetricNumber(value: value).text == text)
    }

    /// As `nameOf` of `core/format.js` says.
    @Test(arguments: [
        ("brave-newt", "brave-newt"), (" a ", " a "), ("", "5f2b8c0e"), (" \n\u{3000}", "5f2b8c0e"),
        ("\u{200B}\u{2060}", "5f2b8c0e"), ("\u{05D0}b", "\u{05D0}b"),
    ])
    func `a run whose name is not seen is called by its id`(name: String, shown: String) {
        let shownName = ShownName(name, id: "5f2b8c0e9d7a4c3b")

        #expect(shownName.text == shown)
        #expect(shownName.html.text == "<bdi>\(shown)</bdi>")
    }

    /// Made by `core/colours.js`.
    @Test(arguments: [("", 1), ("a", 0), ("5f2b8c0e9d7a4c3b8e1f0a9b8c7d6e5f", 9), ("ü", 7)])
    func `a run has the colour that the browser gives it`(id: String, colour: UInt32) {
        #expect(RunMark(id).colour == colour)
    }

    @Test func `a sketch draws the largest numbers`() {
        let points = [-Double.greatestFiniteMagnitude, .nan, Double.greatestFiniteMagnitude].enumerated().map
        {
            Metric(key: "m", value: $1, timestamp: 0, step: Int64($0))
        }

        let markup = MetricSketch(points: points, mark: RunMark("a")).html.text

        #expect(markup.contains("points=\"4.0,86.0 316.0,4.0\""))
    }

    @Test func `a time that nobody said is not shown`() {
        #expect(TimeLabel(0).html.isEmpty)
        #expect(TimeLabel(5_000).html.text.contains("data-ms=\"5000\""))
    }

    @Test func `a tag is text wherever it stands`() {
        let tag = Tag(key: "\"><script>alert(1)</script>", value: "<img src=x onerror=alert(1)>")

        let markup = TagTable(tags: [tag], reserved: [tag], address: Address("/t"), mayWrite: true).html.text

        #expect(!markup.contains("<script>"))
        #expect(!markup.contains("<img"))
    }

    @Test func `who may not write sees no forms`() {
        let tag = Tag(key: "team", value: "blue")

        let markup = TagTable(tags: [tag], reserved: [], address: Address("/t"), mayWrite: false).html.text

        #expect(markup.contains("team"))
        #expect(!markup.contains("<form"))
    }
}
