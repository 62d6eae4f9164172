import Core
import Testing

@Suite struct UTCTimeTests {
    @Test(arguments: [
        (-1, "1969-12-31T23:59:59.999Z"), (0, "1970-01-01T00:00:00.000Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
        (4_107_542_399_000, "2100-02-28T23:59:59.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        // Clients may send any number.
        (.min, "-292275055-05-16T16:47:04.192Z"), (.max, "292278994-08-17T07:12:55.807Z"),
    ])
    func `a time is a date in UTC`(epochMs: Int64, text: String) {
        #expect(UTCTime(epochMs: epochMs).precise == text)
    }
}
