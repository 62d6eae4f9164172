import Accounts
import Core
import Database
import Events
import TestSupport
import Testing

@Suite struct AuthenticationTests {
    @Test(arguments: Backend.available)
    func `a token shows its owner until it is revoked, ends or they are suspended`(
        on backend: Backend
    ) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann")
            let tokens = door.accounts.tokens(of: ann.id, for: door.server)
            let made = try await tokens.create(NewToken(name: "laptop", role: .read, end: .at(ms: 50_000)))
            let other = try await tokens.create(NewToken(name: "other", reachesAccount: true))

            let identity = try await door.identify(.token(made.secret.text))
            #expect(identity.account == ann.id && identity.means == .token)
            #expect(identity.ceiling == .read && !identity.reachesAccount)
            #expect(try await door.identify(.token(other.secret.text)).reachesAccount)
            door.clock.advance(byMs: 49_000)
            #expect(await door.refuses(.token(made.secret.text)))
            try await door.people.suspend(ann.id)
            #expect(await door.refuses(.token(other.secret.text)))
            try await door.people.resume(ann.id)
            #expect(!(await door.refuses(.token(other.secret.text))))
            try await tokens.revoke(other.token.id)
            #expect(await door.refuses(.token(other.secret.text)))
            for text in [
                "", "roost_", "roost_" + String(repeating: "0", count: 64), other.secret.text.uppercased(),
            ] {
                #expect(await door.refuses(.token(text)))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the last use of a token is written later and to the minute`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann")
            let tokens = door.accounts.tokens(of: ann.id, for: door.server)
            let made = try await tokens.create(NewToken(name: "laptop"))
            door.clock.advance(byMs: 100_000)

            _ = try await door.identify(.token(made.secret.text))
            #expect(try await tokens.list()[0].lastUsedMs == nil)
            try await door.authentication.writeUses()
            #expect(try await tokens.list()[0].lastUsedMs == 101_000)
            door.clock.advance(byMs: 30_000)
            _ = try await door.identify(.token(made.secret.text))
            try await door.authentication.writeUses()
            #expect(try await tokens.list()[0].lastUsedMs == 101_000)
            #expect(try await door.people.get(ann.id).lastSeenMs == 101_000)
        }
    }

    @Test(arguments: Backend.available)
    func `a password shows its owner, and an old one nobody`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann", password: "a grey heron stands")

            // The second time it is known from the first.
            for _ in 0..<2 {
                let identity = try await door.identify(door.password("Ann", "a grey heron stands"))
                #expect(identity.account == ann.id && identity.login == "ann" && identity.means == .password)
            }
            #expect(await door.refuses(door.password("ann", "a grey heron stood")))
            #expect(await door.refuses(door.password("bob", "a grey heron stands")))
            #expect(await door.refuses(door.password("ann", "")))
            try await door.signIn.passwords(for: door.server).set(
                NewPassword("two grey herons fly", for: "ann"),
                of: ann.id
            )
            #expect(await door.refuses(door.password("ann", "a grey heron stands")))
            #expect(!(await door.refuses(door.password("ann", "two grey herons fly"))))
            try await door.people.suspend(ann.id)
            #expect(await door.refuses(door.password("ann", "two grey herons fly")))
        }
    }

    @Test(arguments: Backend.available)
    func `an account without a password is entered by none`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.person("ann")

            for text in ["", " ", "password", "null"] {
                #expect(await door.refuses(door.password("ann", text)))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a login is locked for an address that guesses, and opens again`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.person("ann", password: "a grey heron stands")
            for index in 0..<10 {
                #expect(await door.refuses(door.password("ann", "wrong guess \(index)", from: "192.0.2.1")))
            }

            #expect(await door.refuses(door.password("ann", "a grey heron stands", from: "192.0.2.1")))
            #expect(!(await door.refuses(door.password("ann", "a grey heron stands", from: "192.0.2.2"))))
            door.clock.advance(byMs: 15 * 60_000)
            #expect(!(await door.refuses(door.password("ann", "a grey heron stands", from: "192.0.2.1"))))
        }
    }

    @Test(arguments: Backend.available)
    func `guesses at the same time are counted one by one`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.person("ann", password: "a grey heron stands")

            await withTaskGroup(of: Void.self) { group in
                for index in 0..<30 {
                    group.addTask { _ = await door.refuses(door.password("ann", "wrong guess \(index)")) }
                }
            }
            let failures = try await door.events().count { $0.kind == .signInFailed }
            #expect(failures == 10)
        }
    }

    @Test(arguments: Backend.available)
    func `a right password that comes many times at once is right each time`(
        on backend: Backend
    ) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.person("ann", password: "a grey heron stands")
            for index in 0..<9 { _ = await door.refuses(door.password("ann", "wrong guess \(index)")) }

            // Each server begins with nothing that it remembers.
            for _ in 0..<2 {
                let server = Authentication(door.accounts, cost: .small)
                let shown = await refused(60) { _ in
                    _ = try await server.identify(door.password("ann", "a grey heron stands"))
                }
                #expect(shown == 0)
            }
            let counts = try await door.database.read { connection in
                try connection.rows("SELECT failures FROM sign_in_attempts ORDER BY failures") { $0.int(0) }
            }
            #expect(counts == [9, 9])
        }
    }

    @Test(arguments: Backend.available)
    func `as many people as an address has attempts come in at once`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            for index in 0..<60 {
                _ = try await door.person("person\(index)", password: "a grey heron stands")
            }

            let shown = await refused(60) { index in
                _ = try await door.identify(door.password("person\(index)", "a grey heron stands"))
            }
            #expect(shown == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `an address that tries many logins is told to wait`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.person("ann", password: "a grey heron stands")
            for index in 0..<50 { _ = await door.refuses(door.password("login\(index)", "a guess at it")) }

            await #expect(throws: TooManyAttempts(retryAfterSeconds: 900)) {
                try await door.identify(door.password("ann", "a grey heron stands"))
            }
            #expect(!(await door.refuses(door.password("ann", "a grey heron stands", from: "192.0.2.2"))))
        }
    }

    @Test(arguments: Backend.available)
    func `who goes on at a locked login is told to wait as well`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            _ = try await door.person("ann", password: "a grey heron stands")
            for _ in 0..<50 { _ = await door.refuses(door.password("ann", "a guess at it")) }

            await #expect(throws: TooManyAttempts(retryAfterSeconds: 900)) {
                try await door.identify(door.password("ann", "a guess at it"))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a session ends by its time, by sign-out, by a new password and by suspension`(
        on backend: Backend
    ) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann", password: "a grey heron stands")
            let first = try await door.session("ann", "a grey heron stands")
            let second = try await door.session("ann", "a grey heron stands")

            #expect(first != second)
            #expect(try await door.identify(.session(first)).account == ann.id)
            try await door.signIn.sessions.end(first)
            #expect(await door.refuses(.session(first)))
            #expect(try await door.identify(.session(second)).means == .session)
            try await door.signIn.passwords(for: door.server).set(
                NewPassword("two grey herons fly", for: "ann"),
                of: ann.id
            )
            #expect(await door.refuses(.session(second)))
            let third = try await door.session("ann", "two grey herons fly")
            try await door.people.suspend(ann.id)
            try await door.people.resume(ann.id)
            #expect(await door.refuses(.session(third)))
            let fourth = try await door.session("ann", "two grey herons fly")
            door.clock.advance(byMs: SessionStore.idleLimitMs)
            #expect(await door.refuses(.session(fourth)))
            try await door.authentication.removeOld()
            #expect(try await door.signIn.sessions.list(limit: 9).isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `what is stored of credentials does not open anything`(on backend: Backend) async throws {
        try await withDoor(on: backend) { door in
            let ann = try await door.person("ann", password: "a grey heron stands")
            let session = try await door.session("ann", "a grey heron stands")
            let token = try await door.accounts.tokens(of: ann.id, for: door.server).create(
                NewToken(name: "t")
            )

            let stored = try await door.database.read { connection in
                try connection.rows("SELECT password_hash FROM accounts") { $0.text(0) }
                    + connection.rows("SELECT hash FROM sessions") { "\($0.blob(0))" }
                    + connection.rows("SELECT hash FROM tokens") { "\($0.blob(0))" }
                    + connection.rows("SELECT details FROM events") { $0.text(0) }
            }.joined()
            #expect(stored.contains("$scrypt$ln=4,r=8,p=1$"))
            for secret in ["a grey heron stands", session, token.secret.text] {
                #expect(!stored.contains(secret))
                #expect(!stored.contains("\(Array(secret.utf8))"))
            }
        }
    }

    /// How many of so many attempts at the same time are refused.
    private func refused(
        _ count: Int,
        _ attempt: @escaping @Sendable (Int) async throws -> Void
    ) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<count {
                group.addTask {
                    do {
                        try await attempt(index)
                        return false
                    } catch {
                        return true
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }
}
