import Core
import HTTP
import Testing

@testable import Web

@Suite struct CurvesQueryTests {
    @Test func `what is named twice is read once, and many curves get fewer points`() throws {
        let runs = (0..<500).map { "run=\($0)" }.joined(separator: "&")
        let query = try CurvesQuery(Query("\(runs)&run=0&key=a&key=a&points=9999"))

        #expect(query.runs.count == 500)
        #expect(query.keys == ["a"])
        #expect(query.points == 2_000)
    }

    @Test func `a question is read with its bounds`() throws {
        let query = try CurvesQuery(Query("run=a&run=b&key=loss&key=x%2Fy&from=-3&points=99999&ranges=yes"))

        #expect(query.runs == ["a", "b"])
        #expect(query.keys == ["loss", "x/y"])
        #expect(query.steps == -3...Int64.max)
        #expect(query.points == 10_000)
        #expect(query.hasRanges)
        #expect(try CurvesQuery(Query("run=a&key=b")).steps == nil)
    }

    @Test(arguments: [
        ("run=a", "at least one of each"),
        ("key=loss", "at least one of each"),
        ("run=a&key=b&from=x", "from=x is no whole number"),
        ("run=a&key=b&from=9&to=3", "from=9 lies behind to=3"),
        ("run=a&key=b&points=1.5", "points=1.5 is no whole number"),
        ((0..<40).map { "run=a\($0)&key=b\($0)" }.joined(separator: "&"), "are more than 1000 curves"),
    ])
    func `a question that cannot be answered is told why`(text: String, words: String) {
        let failure = #expect(throws: Failure.self) { try CurvesQuery(Query(text)) }

        #expect(failure?.message.contains(words) == true)
    }

    @Test func `a selection of runs is the same words again`() throws {
        let selection = try ChartSelection(of: 7, Query("filter=metrics.a+%3E+1&order=&limit=900&run=x"))

        #expect(selection.limit == 500)
        #expect(selection.order == nil)
        #expect(selection.words(at: Address("/e")).text == "/e?filter=metrics.a%20%3E%201&limit=500&run=x")
        #expect(throws: Failure.self) { try ChartSelection(of: 7, Query("limit=0")) }
    }
}
