import Accounts
import Core
import TestSupport
import Testing

@Suite struct OwnSessionsTests {
    @Test(arguments: Backend.available)
    func `somebody ends one of their sessions, or all but the one they are in`(
        on backend: Backend
    ) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann", password: "a grey heron stands")
            let bob = try await door.person("bob", password: "a white heron stands")
            let sessions = door.signIn.sessions
            let caller = Caller(name: "ann", account: ann.id, workspace: .server)
            let first = try await door.session("ann", "a grey heron stands")
            let second = try await door.session("ann", "a grey heron stands")
            let third = try await door.session("ann", "a grey heron stands")
            let other = try await door.session("bob", "a white heron stands")
            let name = try #require(SessionStore.name(of: first))

            #expect(try await sessions.list(of: ann.id, limit: 9).map(\.name).contains(name))
            await #expect(throws: Failure.self) { try await sessions.end(name, of: bob.id, by: caller) }
            #expect(!(await door.refuses(.session(first))))
            try await sessions.end(name, of: ann.id, by: caller)
            #expect(await door.refuses(.session(first)))
            await #expect(throws: Failure.self) { try await sessions.end(name, of: ann.id, by: caller) }

            try await sessions.endAll(of: ann.id, except: third, by: caller)
            #expect(await door.refuses(.session(second)))
            #expect(!(await door.refuses(.session(third))))
            try await sessions.endAll(of: ann.id, except: "made up", by: caller)
            #expect(await door.refuses(.session(third)))
            #expect(!(await door.refuses(.session(other))))
            #expect(SessionStore.name(of: "made up") == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a password is confirmed by its own person alone`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann", password: "a grey heron stands")
            _ = try await door.person("bob", password: "a white heron stands")
            let caller = Caller(name: "ann", account: ann.id, workspace: .server)
            let passwords = door.signIn.passwords(for: caller)
            func attempt(_ login: String, _ password: String) -> PasswordAttempt {
                PasswordAttempt(login: login, password: password, address: "192.0.2.9")
            }

            try await passwords.confirm(attempt("ann", "a grey heron stands"))
            for (login, password) in [("ann", "a guess at it"), ("ann", ""), ("bob", "a white heron stands")]
            {
                await #expect(throws: Failure.self) { try await passwords.confirm(attempt(login, password)) }
            }
        }
    }
}
