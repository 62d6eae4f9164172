import Core
import Testing

@testable import Database

@Suite struct PageTokenTests {
    @Test(
        arguments: [
            ("%%%", "Invalid page token, could not base64-decode"),
            ("aGVsbG8=", "Invalid page token, decoded value=hello"),
            ("eyJvZmZzZXQiOjJ9", "Invalid page token, parsed value={\"offset\":2}"),
            ("W10=", "Invalid page token, parsed value=[]"),
        ]
    )
    func `a token that is none is refused in MLflow's words`(_ token: String, _ message: String) {
        #expect {
            _ = try PageToken(token, search: "x", kinds: [.integer])
        } throws: {
            ($0 as? Failure)?.message == message
        }
    }

    @Test func `a token keeps every value`() throws {
        let values: [Value] = [
            .integer(.min), .real(0.1), .real(-1.7976931348623157e308), .real(3), .text("é\"\n"), .null,
        ]

        let token = PageToken(values: values)
        let read = try PageToken(
            token.text(search: "x"),
            search: "x",
            kinds: [.integer, .real, .real, .real, .text, .real]
        )

        #expect(read == token)
    }
}
