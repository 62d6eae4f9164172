import Core
import Testing

@testable import Server

@Suite struct LogLineTests {
    private let line = LogLine(
        nowMs: 1_795_457_765_007,
        level: "info",
        message: "request",
        fields: [
            ("path", .string("/a b\nc")), ("method", .string("GET")), ("status", .integer(200)),
            ("ms", .number(0.5)),
        ]
    )

    @Test func `a line for people is one line`() {
        #expect(
            String(decoding: line.bytes(.text), as: UTF8.self)
                == "2026-11-23T18:16:05.007Z info request path=\"/a b\\nc\" method=GET status=200 ms=0.5\n"
        )
    }

    @Test func `a line for programs is JSON`() {
        #expect(
            String(decoding: line.bytes(.json), as: UTF8.self)
                == #"{"time":"2026-11-23T18:16:05.007Z","level":"info","message":"request","path":"/a b\nc","#
                + #""method":"GET","status":200,"ms":0.5}"# + "\n"
        )
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
        (4_107_542_399_000, "2100-02-28T23:59:59.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func `a time is a date in UTC`(epochMs: Int64, text: String) {
        #expect(Timestamp.text(epochMs) == text)
    }
}
