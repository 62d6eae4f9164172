import Core
import Testing

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_795_456_667, "Mon, 23 Nov 2026 17:57:47 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
    ])
    func `a date is written and read`(seconds: Int64, text: String) {
        #expect(HTTPDate(epochSeconds: seconds).text == text)
        #expect(HTTPDate(text) == HTTPDate(epochSeconds: seconds))
    }

    @Test(arguments: [
        "", "now", "Mon, 23 Nov 2026 17:57:47", "Mon, 32 Nov 2026 17:57:47 GMT",
        "Mon, 23 Non 2026 17:57:47 GMT",
        "Mon, 23 Nov 2026 24:00:00 GMT", "Mon, 23 Nov 99999 00:00:00 GMT", "Mon, 23 Nov 2026 1757 GMT",
    ])
    func `nothing else is a date`(text: String) {
        #expect(HTTPDate(text) == nil)
    }
}
