import HTTP
import Testing

@testable import Web
@testable import Webhooks

@Suite struct JobFilterTests {
    private static let jobs = [
        delivery("deploy", "push", isGivenUp: true, attempts: 12, atMs: 30),
        delivery("Chat", "release", isGivenUp: false, attempts: 1, atMs: 10),
        delivery("", "push", isGivenUp: false, attempts: 2, atMs: 20),
    ]

    private static func delivery(
        _ name: String,
        _ event: String,
        isGivenUp: Bool,
        attempts: Int64,
        atMs: Int64
    ) -> Job {
        Job(
            DeliveryBoard.Unfinished(
                webhook: name,
                event: event,
                isGivenUp: isGivenUp,
                attempts: attempts,
                queuedMs: atMs,
                finishedMs: nil,
                error: ""
            )
        )
    }

    @Test(arguments: [
        ("", ["deploy", "of a repository", "Chat"]), ("sort=time", ["Chat", "of a repository", "deploy"]),
        ("sort=name", ["Chat", "deploy", "of a repository"]),
        ("sort=name&order=desc", ["of a repository", "deploy", "Chat"]),
        ("sort=attempts&order=desc", ["deploy", "of a repository", "Chat"]),
        ("q=PUSH&sort=name", ["deploy", "of a repository"]),
        ("state=failed", ["deploy"]), ("state=waiting&q=chat", ["Chat"]), ("kind=mirror", []),
        ("state=odd&sort=odd", ["deploy", "of a repository", "Chat"]),
        ("sort=state&order=desc", ["Chat", "of a repository", "deploy"]),
    ])
    func `jobs are found and ordered as the address says`(query: String, names: [String]) {
        #expect(JobFilter(Query(query)).chosen(of: Self.jobs).map(\.name) == names)
    }

    @Test func `a click on a head sorts by it, and another turns the order`() {
        let place = Address("/admin/jobs")

        let first = JobFilter(Query("q=a")).address(place, sortedBy: .name)
        #expect(first.text == "/admin/jobs?q=a&sort=name")
        let second = JobFilter(Query("q=a&sort=name")).address(place, sortedBy: .name)
        #expect(second.text == "/admin/jobs?q=a&sort=name&order=desc")
    }
}
