import Accounts
import Core
import Database
import TestSupport
import Testing

@Suite struct LargeFilePassesTests {
    @Test(arguments: Backend.available)
    func `a pass is its key, for one repository, and ends soon`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withAccounts(on: backend, clock: clock) { cast in
            let ann = try await cast.person("ann")
            let iris = try await cast.repository("iris", by: ann)
            let key = try await cast.accounts.keys(for: ann).add(SSHPublicKey(ed25519), title: "laptop")
            let authentication = Authentication(cast.accounts)
            let pass = try await cast.accounts.largeFilePasses.create(for: key.id, in: iris.workspace, .write)

            let identity = try await authentication.identify(.largeFilePass(pass.text))
            #expect(identity.account == ann.account)
            #expect(identity.means == .largeFilePass)
            #expect(identity.workspace == iris.workspace)
            #expect(identity.ceiling == .write)
            #expect(!identity.reachesAccount)
            await #expect(throws: Refusal.self) { try await authentication.identify(.token(pass.text)) }

            clock.advance(byMs: LargeFilePasses.lifeSeconds * 1_000)
            await #expect(throws: Refusal.self) {
                try await authentication.identify(.largeFilePass(pass.text))
            }
            let next = try await cast.accounts.largeFilePasses.create(for: key.id, in: iris.workspace, .read)
            #expect(try await authentication.identify(.largeFilePass(next.text)).ceiling == .read)
            try await cast.accounts.keys(for: ann).delete(key.id)
            await #expect(throws: Refusal.self) {
                try await authentication.identify(.largeFilePass(next.text))
            }
        }
    }

    @Test(arguments: ["", "pass_", "pass_00", "roost_" + String(repeating: "0", count: 64)])
    func `what was never a pass is nobody's`(text: String) async throws {
        try await withAccounts(on: .sqlite) { cast in
            _ = await #expect(throws: Refusal.self) {
                try await Authentication(cast.accounts).identify(.largeFilePass(text))
            }
        }
    }
}
