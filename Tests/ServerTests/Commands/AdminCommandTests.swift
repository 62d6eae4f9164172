import ArgumentParser
import Testing

@testable import Server

@Suite struct AdminCommandTests {
    @Test(arguments: [
        ["admin", "users", "list", "--containing", "an", "--after", "ann", "--limit", "5", "--json"],
        [
            "admin", "users", "create", "ann", "--name", "Ann Lee", "--email", "ann@example.org",
            "--server-admin",
        ],
        ["admin", "users", "reset-password", "ann", "--address", "https://roost.example.com"],
        ["admin", "users", "suspend", "ann"], ["admin", "users", "resume", "ann", "--data", "/srv/roost"],
        ["admin", "users", "server-admin", "ann", "--remove"], ["admin", "users", "delete", "ann"],
        ["admin", "tokens", "list", "ann"],
        [
            "admin", "tokens", "create", "ann", "ci", "--role", "read", "--days", "90", "--repository",
            "ann/iris",
        ],
        ["admin", "tokens", "create", "ann", "ci", "--reaches-account"],
        ["admin", "tokens", "revoke", "ann", "17"], ["admin", "sessions"],
        ["admin", "sessions", "list", "--of", "ann"], ["admin", "sessions", "end", "ann"],
        ["admin", "audit", "--actor", "ann", "--kind", "token.created", "--kind", "token.revoked"],
        [
            "admin", "audit", "--kind", "collaborator.set", "--kind", "repository.deleted", "--kind",
            "webhook.created",
        ],
        ["admin", "audit", "--since", "2026-03-01T12:00:00Z", "--until", "1772366400000", "--limit", "5"],
    ])
    func `the commands are read`(words: [String]) throws {
        _ = try Roost.parseAsRoot(words)
    }

    @Test func `a link begins with the address that was given, or with that of the settings`() throws {
        func link(_ words: [String], _ flags: [SettingValues.Flag]) throws -> (link: String, note: String?) {
            let place = try AddressOption.parse(words)
            let settings = try Settings(SettingValues(flags: flags, environment: [:]))
            return (place.link("link_1", settings), place.note(settings))
        }
        let ours: [SettingValues.Flag] = [
            (.host, "127.0.0.1"), (.publicAddress, "https://roost.example.com/x"),
        ]

        let given = try link(["--address", "https://other.example.com/"], ours)
        #expect(given.link == "https://other.example.com/set-up/link_1" && given.note == nil)
        let settled = try link([], ours)
        #expect(settled.link == "https://roost.example.com/x/set-up/link_1" && settled.note == nil)
        let guessed = try link([], [(.host, "127.0.0.1"), (.port, "5001")])
        #expect(guessed.link == "http://127.0.0.1:5001/set-up/link_1")
        #expect(guessed.note?.contains("--address") == true)
    }

    @Test(arguments: [
        ["admin", "users", "create"], ["admin", "tokens", "create", "ann"],
        ["admin", "tokens", "create", "ann", "ci", "--role", "owner"],
        ["admin", "tokens", "create", "ann", "ci", "--days", "0"],
        ["admin", "tokens", "create", "ann", "ci", "--repository", "iris"],
        ["admin", "tokens", "create", "ann", "ci", "--repository", "ann//iris"],
        ["admin", "tokens", "revoke", "ann", "seventeen"], ["admin", "audit", "--kind", "nothing"],
        ["admin", "audit", "--kind", "run.created"],
    ])
    func `what makes no sense is refused`(words: [String]) {
        #expect(throws: (any Error).self) { try Roost.parseAsRoot(words) }
    }
}
