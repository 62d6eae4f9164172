import Testing

@testable import Server

@Suite
struct AgeTests {
    @Test(arguments: [
        ("30d", 2_592_000_000), ("1d2h3m4s", 93_784_000), ("0.5h", 1_800_000), ("90s", 90_000),
        ("2d5m", 173_100_000),
    ])
    func `an age is days, hours, minutes and seconds`(text: String, ms: Int64) throws {
        #expect(try Age(text).ms == ms)
    }

    @Test(arguments: ["", "30", "d", "4s3m", "1w", "1d ", "-1d", "1.2.3h", "1e3s"])
    func `anything else is refused`(text: String) {
        #expect(throws: SettingError.self) { try Age(text) }
    }
}
