import Core
import HTTP
import Testing

@testable import Web

@Suite struct DayTests {
    @Test(arguments: [
        "1970-01-01", "1999-12-31", "2000-02-29", "2000-03-01", "2026-11-26", "9999-12-31",
    ])
    func `a day begins where the clock says its date first`(text: String) throws {
        let day = try Day(text)

        #expect(UTCTime(epochMs: day.beginMs).precise == "\(text)T00:00:00.000Z")
        #expect(UTCTime(epochMs: day.endMs).precise == "\(text)T23:59:59.999Z")
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-01-32", "26-1-1", "2026-01-01-01", "x-y-z", "2026--1-01",
    ])
    func `what is no day is refused`(text: String) {
        #expect(throws: Failure.self) { try Day(text) }
    }

    @Test func `a filter keeps what it is made of in its address`() throws {
        let filter = try AuditFilter(Query("actor=ann+b&kind=token.created&since=2026-01-01&until="))

        #expect(filter.address(Address("/x")).text == "/x?actor=ann%20b&kind=token.created&since=2026-01-01")
        #expect(throws: Failure.self) { try AuditFilter(Query("kind=made.up")) }
        #expect(throws: Failure.self) { try AuditFilter(Query("kind=run.created")) }
        #expect(throws: Failure.self) { try AuditFilter(Query("until=soon")) }
    }
}
