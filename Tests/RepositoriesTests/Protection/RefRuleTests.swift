import Core
import Repositories
import TestSupport
import Testing

@Suite struct RefRuleTests {
    @Test(arguments: [
        ("main", "main", true), ("main", "mainly", false), ("release/*", "release/1", true),
        ("release/*", "release/1/x", false), ("release/**", "release/1/x", true), ("**", "a/b", true),
        ("*", "a/b", false), ("*-stable", "2-stable", true), ("v*.*", "v1.2", true), ("v*.*", "v12", false),
        ("a**b", "a/x/b", true), ("*", "", true), ("a*", "a", true),
    ])
    func `a pattern fits names`(pattern: String, name: String, fits: Bool) throws {
        #expect(try RefPattern(pattern).fits(name) == fits)
    }

    @Test func `a pattern of many stars is judged at once`() throws {
        let pattern = try RefPattern(String(repeating: "a*", count: 100))
        let duration = ContinuousClock().measure {
            #expect(!pattern.fits(String(repeating: "a", count: 240) + "b/"))
        }
        #expect(duration < .milliseconds(500))
    }

    @Test func `a name is written in one way`() async throws {
        try await withRepositories { place in
            let git = place.repositories.git(for: Pusher(ann, isAdmin: true))
            let first = try await place.commit("one")
            try await place.repositories.refLog.recording([], by: ann) {
                _ = try await place.git("update-ref", "refs/heads/main", first, in: place.path)
            }

            _ = try await git.createBranch(BranchName("caf\u{E9}"), at: Revision("main"))
            let failure = await #expect(throws: Failure.self) {
                try await git.createBranch(BranchName("cafe\u{301}"), at: Revision("main"))
            }
            #expect(failure?.message.contains("Unicode NFC") == true)
            #expect(try await place.repositories.refLog.known(iris).refs.count == 2)
        }
    }

    @Test(arguments: ["", "/a", "a/", "a//b", "a b", "a~1", "a^", "a:b", "a?", "[a]", "a\\b", "a\u{7F}"])
    func `what can be no name is no pattern`(text: String) {
        #expect(throws: Failure.self) { try RefPattern(text) }
    }

    @Test(arguments: Backend.available)
    func `a rule that names people goes with their names`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let rules = place.repositories.refRules(for: ann)
            let pattern = try RefPattern("main")
            let people: Set<AccountID> = [AccountID(key: 1), AccountID(key: 2)]
            let permission = RefRule.Permission(.nobody, accounts: people)

            try await rules.set(RefRule(.branch, pattern, allowed: [.push: permission, .force: permission]))
            try await rules.delete(.branch, pattern)
            #expect(try await rules.list().isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `rules are kept, replaced and removed`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let rules = place.repositories.refRules(for: ann)
            let main = RefRule(
                .branch,
                try RefPattern("main"),
                allowed: [
                    .push: .init(.admins, accounts: [AccountID(key: 2), AccountID(key: 3)]),
                    .merge: .init(.writers), .force: .nobody, .removal: .nobody,
                ]
            )
            let tags = RefRule(
                .tag,
                try RefPattern("v*"),
                allowed: [.push: .init(.writers), .merge: .nobody, .force: .nobody, .removal: .init(.admins)]
            )
            try await rules.set(RefRule(.branch, try RefPattern("main"), allowed: [:]))
            try await rules.set(main)
            try await rules.set(tags)
            #expect(try await rules.list() == [main, tags])
            #expect(
                try await place.repositories.refRules(for: Caller(name: "eve", workspace: .standard)).list()
                    .isEmpty
            )

            try await rules.delete(.tag, try RefPattern("v*"))
            #expect(try await rules.list() == [main])
            await #expect(throws: Failure.self) { try await rules.delete(.tag, try RefPattern("v*")) }
        }
    }

    @Test func `somebody may do what every rule that fits allows`() throws {
        let rules = [
            RefRule(
                .branch,
                try RefPattern("**"),
                allowed: [.push: .init(.writers), .force: .init(.writers)]
            ),
            RefRule(
                .branch,
                try RefPattern("main"),
                allowed: [.push: .init(.admins, accounts: [AccountID(key: 2)])]
            ),
        ]
        let eve = Pusher(Caller(name: "eve", account: AccountID(key: 3), workspace: iris), isAdmin: false)
        let forAnn = PushRules(rules, for: Pusher(ann, isAdmin: true))
        let forBob = PushRules(rules, for: Pusher(bob, isAdmin: false))
        let forEve = PushRules(rules, for: eve)

        for allowed in [forAnn, forBob] { #expect(allowed.refusal(of: .push, to: "refs/heads/main") == nil) }
        #expect(forEve.refusal(of: .push, to: "refs/heads/main") == "branch rule 'main'")
        #expect(forEve.refusal(of: .push, to: "refs/heads/x") == nil)
        #expect(forEve.refusal(of: .force, to: "refs/heads/x") == nil)
        #expect(forAnn.refusal(of: .force, to: "refs/heads/main") == "branch rule 'main'")
        #expect(forAnn.refusal(of: .removal, to: "refs/heads/x") == "branch rule '**'")
        #expect(forEve.refusal(of: .removal, to: "refs/tags/x") == nil)
    }

    @Test func `there are not more rules than a push can carry`() async throws {
        try await withRepositories { place in
            let rules = place.repositories.refRules(for: ann)
            for number in 0..<RefRuleStore.countLimit {
                try await rules.set(RefRule(.branch, try RefPattern("b\(number)"), allowed: [:]))
            }
            await #expect(throws: Failure.self) {
                try await rules.set(RefRule(.branch, try RefPattern("one-more"), allowed: [:]))
            }
            try await rules.set(RefRule(.branch, try RefPattern("b0"), allowed: [.push: .init(.writers)]))
            #expect(try await rules.list().count == RefRuleStore.countLimit)
        }
    }
}
