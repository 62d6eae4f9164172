import Core
import Database
import TestSupport
import Testing

@testable import Accounts

@Suite struct OutsideAccountsTests {
    private let settings = OpenIDSettings(
        issuer: "https://id.example",
        clientID: "roost",
        clientSecret: nil,
        scopes: "openid",
        groupsClaim: "groups",
        adminGroup: nil,
        rules: [
            .init(group: "staff", organization: "lab", team: nil),
            .init(group: "seers", organization: "Lab", team: "Vision"),
            .init(group: "staff", organization: "not-here", team: nil),
        ]
    )

    @Test(arguments: Backend.available)
    func `groups give memberships in what is here, and take them`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let lab = try await cast.organization("lab", [ann.id: .admin])
            let place = try await cast.repository("iris", of: "lab", by: ann)
            try await cast.team(of: lab, .write, member: ann.id, in: place)

            let bob = try await arrive("bob", groups: ["staff"], cast)
            #expect(try await cast.answer(bob, place) == "read")
            _ = try await arrive("bob", groups: ["staff", "seers"], cast)
            #expect(try await cast.answer(bob, place, .write) == "write")
            _ = try await arrive("bob", groups: ["seers"], cast)
            #expect(try await cast.answer(bob, place, .write) == "write")
            _ = try await arrive("bob", groups: ["staff"], cast)
            #expect(try await cast.answer(bob, place, .write) == "403")
            _ = try await arrive("bob", groups: [], cast)
            #expect(try await cast.answer(bob, place) == "404")
        }
    }

    @Test(arguments: Backend.available)
    func `an admin of an organization stays one whatever their groups`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let bob = try await arrive("bob", groups: [], cast)
            let ann = try await cast.person("ann")
            _ = try await cast.organization("lab", [bob.id: .admin, ann.id: .member])
            let place = try await cast.repository("iris", of: "lab", by: bob)

            _ = try await arrive("bob", groups: ["elsewhere"], cast)
            #expect(try await cast.answer(bob, place, .admin) == "admin")
        }
    }

    @Test(arguments: Backend.available)
    func `nobody from elsewhere becomes the person at the machine`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let visitor = try await arrive("Local", groups: [], cast)

            let login = try await cast.database.read { connection in
                try connection.first("SELECT login FROM accounts WHERE account_id = \(visitor.id.key)") {
                    $0.text(0)
                }
            }
            #expect(login == "Local-2")
        }
    }

    /// Signs somebody in whom the other server says to be in groups.
    private func arrive(_ name: String, groups: [String], _ cast: Cast) async throws -> Identity {
        let claims = JSON.object([
            JSON.Member(key: "sub", value: .string("subject of \(name)")),
            JSON.Member(key: "preferred_username", value: .string(name)),
            JSON.Member(key: "groups", value: .array(groups.map(JSON.string))),
        ])
        let visitor = try OutsideVisitor(claims, settings)
        let account = try await cast.database.write { connection in
            try OutsideAccounts(database: cast.database, connection: connection, settings: settings)
                .account(of: visitor)
        }
        return Identity(account: account, login: name, means: .session)
    }
}
