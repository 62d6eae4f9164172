import Accounts
import Core
import TestSupport
import Testing

@Suite struct LinkStoreTests {
    @Test(arguments: Backend.available)
    func `a server is set up once, by the newest link`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.accounts.localPerson()
            let links = door.signIn.links(for: door.server)
            let old = try #require(try await links.createSetUp()?.text)
            let link = try #require(try await links.createSetUp()?.text)
            let ann = try NewPerson(login: AccountName("ann"))
            let password = try NewPassword("a grey heron stands", for: "ann")

            #expect(try await links.find(old) == nil)
            #expect(try await links.find(link)?.purpose == .setUp)
            await #expect(throws: Failure.self) { try await links.setUp(old, ann, password) }
            await #expect(throws: Failure.self) { try await links.reset(link, password) }
            let id = try await links.setUp(link, ann, password)
            #expect(try await door.people.get(id).isServerAdmin)
            await #expect(throws: Failure.self) {
                try await links.setUp(link, NewPerson(login: AccountName("eve")), password)
            }
            #expect(try await links.createSetUp() == nil)
            #expect(!(await door.refuses(door.password("ann", "a grey heron stands"))))
        }
    }

    @Test(arguments: Backend.available)
    func `a refused login leaves the link as it was`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.person("bob")
            let links = door.signIn.links(for: door.server)
            let link = try #require(try await links.createSetUp()?.text)
            let password = try NewPassword("a grey heron stands", for: "ann")

            await #expect(throws: Failure.self) {
                try await links.setUp(link, NewPerson(login: AccountName("bob")), password)
            }
            _ = try await links.setUp(link, NewPerson(login: AccountName("ann")), password)
        }
    }

    @Test(arguments: Backend.available)
    func `a link sets a lost password once and for a day`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann", password: "a grey heron stands")
            let links = door.signIn.links(for: door.server)
            let session = try await door.session("ann", "a grey heron stands")
            let old = try await links.createReset(of: ann.id).text
            let link = try await links.createReset(of: ann.id).text
            let password = try NewPassword("two grey herons fly", for: "ann")

            #expect(try await links.find(link)?.login == "ann")
            await #expect(throws: Failure.self) { try await links.reset(old, password) }
            #expect(try await links.reset(link, password) == ann.id)
            await #expect(throws: Failure.self) { try await links.reset(link, password) }
            #expect(await door.refuses(.session(session)))
            let late = try await links.createReset(of: ann.id).text
            door.clock.advance(byMs: LinkStore.lifetimeMs)
            await #expect(throws: Failure.self) { try await links.reset(late, password) }
        }
    }
}
