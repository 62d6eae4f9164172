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
}
