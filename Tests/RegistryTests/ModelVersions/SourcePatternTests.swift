import Core
import Registry
import TestSupport
import Testing

@Suite struct SourcePatternTests {
    @Test(arguments: [
        (#"^s3://(?P<bucket>[a-z]+)/\d+$"#, "s3://iris/12", "s3://iris/12/x"),
        (#"\.pkl\Z"#, "s3://iris/model.pkl", "s3://iris/model.pkl2"),
        ("models|runs", "runs:/1/model", "s3://iris/model"),
        ("^(?!s3://secret)", "s3://iris", "s3://secret/iris"),
        ("(?i)^S3:", "s3://iris", "gs://iris"),
        // By code points, as Python: a letter with an accent of its own has no other letter in it.
        ("^s3://e\u{301}$", "s3://e\u{301}", "s3://\u{E9}"),
    ])
    func `a source is taken where the expression matches somewhere in it`(
        expression: String,
        good: String,
        bad: String
    ) async throws {
        let pattern = try SourcePattern(expression)

        #expect(try ModelSource(good, matching: pattern).text == good)
        await expectFailure(.invalidParameter, "Invalid model version source: '\(bad)'.") {
            _ = try ModelSource(bad, matching: pattern)
        }
    }

    @Test func `what is said of a source that is too long is that it is`() async throws {
        let pattern = try SourcePattern("^s3:")

        await expectFailure(.invalidParameter, "'source' exceeds the maximum length of 2048 characters") {
            _ = try ModelSource(String(repeating: "x", count: 2_049), matching: pattern)
        }
    }

    @Test func `an expression that is none is refused`() {
        #expect(throws: (any Error).self) { try SourcePattern("(") }
        #expect(throws: (any Error).self) { try SourcePattern("(?<=s3)x") }
    }
}
