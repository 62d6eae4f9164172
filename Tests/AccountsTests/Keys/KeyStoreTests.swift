import Accounts
import Core
import Events
import TestSupport
import Testing

@Suite struct KeyStoreTests {
    @Test(arguments: Backend.available)
    func `a key is taken once, for one account or one repository`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            let keys = cast.accounts.keys(for: ann)
            let key = try SSHPublicKey("\(ed25519) ann@laptop")

            let stored = try await keys.add(key, title: "")
            #expect(stored.title == "ann@laptop")
            #expect(stored.text == ed25519)
            await #expect(throws: Failure.self) { try await keys.add(key, title: "again") }
            await #expect(throws: Failure.self) {
                try await cast.accounts.keys(for: eve).add(key, title: "stolen")
            }
            await #expect(throws: Failure.self) {
                try await keys.add(key, title: "deploy", isReadOnly: true, to: place.workspace)
            }
            #expect(try await keys.list(of: ann.id, PageRequest()).elements == [stored])
            try await keys.delete(stored.id)
            let deploy = try await keys.add(key, title: "deploy", isReadOnly: true, to: place.workspace)
            #expect(deploy.isReadOnly)
            let told = try #require(try await cast.accounts.audit(EventSearch(.all), limit: 1).first)
            #expect(told.event.kind == .keyAdded && told.repository == "ann/iris")
            #expect(told.event.details.hasSuffix(#""title":"deploy","read_only":true}"#))
            #expect(try await keys.list(of: place.workspace, PageRequest()).elements == [deploy])
            #expect(try await keys.list(of: ann.id, PageRequest()).elements.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `the number of another's key finds none`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            let evil = try await cast.repository("evil", by: eve)
            let keys = cast.accounts.keys(for: ann)
            let foreign = cast.accounts.keys(for: eve)
            let own = try await keys.add(SSHPublicKey(ed25519), title: "own")
            let deploy = try await keys.add(
                SSHPublicKey(rsa),
                title: "deploy",
                isReadOnly: false,
                to: place.workspace
            )

            await #expect(throws: Failure.self) { try await foreign.get(own.id) }
            await #expect(throws: Failure.self) { try await foreign.delete(own.id) }
            await #expect(throws: Failure.self) { try await foreign.get(deploy.id, of: evil.workspace) }
            await #expect(throws: Failure.self) { try await foreign.delete(deploy.id, of: evil.workspace) }
            await #expect(throws: Refusal.self) { try await foreign.delete(deploy.id, of: place.workspace) }
            await #expect(throws: Failure.self) { try await keys.get(deploy.id) }
            #expect(try await keys.get(own.id) == own)
            #expect(try await keys.get(deploy.id, of: place.workspace) == deploy)
        }
    }

    @Test(arguments: Backend.available)
    func `a token makes no key that would do more than it`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("iris", by: ann)
            let key = try SSHPublicKey(ed25519)

            for identity in [ann.withToken(.admin), ann.withToken(.write, for: place.workspace), .anonymous] {
                await #expect(throws: Failure.self) {
                    try await cast.accounts.keys(for: identity).add(key, title: "")
                }
            }
            await #expect(throws: Refusal.self) {
                try await cast.accounts.keys(for: ann.withToken(.write, for: place.workspace)).add(
                    key,
                    title: "",
                    isReadOnly: false,
                    to: place.workspace
                )
            }
            for title in ["a\nb", String(repeating: "a", count: 101)] {
                await #expect(throws: Failure.self) {
                    try await cast.accounts.keys(for: ann).add(key, title: title)
                }
            }
        }
    }
}
