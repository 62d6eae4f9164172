import Testing

@testable import Web

@Suite struct SpanTests {
    @Test(
        arguments: [
            (0, 1_500, "1.5 s"), (5, 1, "0 ms"), (.min, .max, "106751991167 d 7 h"), (.max, .min, "0 ms"),
            (-1, .max, "106751991167 d 7 h"),
        ] as [(Int64, Int64, String)]
    )
    func `a span lies between any two moments`(start: Int64, end: Int64, text: String) {
        #expect(Span(from: start, to: end).text == text)
    }
}
