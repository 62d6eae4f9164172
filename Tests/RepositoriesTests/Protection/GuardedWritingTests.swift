import Core
import Database
import Repositories
import TestSupport
import Testing

/// Rules hold for what is written by the API as for what is pushed.
@Suite struct GuardedWritingTests {
    @Test(arguments: Backend.available)
    func `a protected branch is not written around`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let repositories = place.repositories
            let writer = repositories.git(for: Pusher(bob, isAdmin: false))
            try await write("a", to: "main", with: writer)
            try await repositories.refRules(for: ann).set(
                RefRule(.branch, try RefPattern("main"), allowed: [.push: RefRule.Permission(.admins)])
            )

            let failure = await #expect(throws: Failure.self) {
                try await write("b", to: "main", with: writer)
            }
            #expect(failure?.code == .permissionDenied)
            #expect(failure?.message.contains("protected by the branch rule 'main'") == true)
            try await write("c", to: "main", with: repositories.git(for: Pusher(ann, isAdmin: true)))
            await #expect(throws: Failure.self) {
                try await writer.deleteBranch(BranchName("main"))
            }

            let commits = try await repositories.reading(for: bob).log(Revision("main"), LogQuery(limit: 10))
                .commits
            #expect(commits.count == 2)
            let known = try await repositories.refLog.known(iris).refs
            #expect(known == ["refs/heads/main": commits.first?.id.description])
        }
    }

    @Test(arguments: Backend.available)
    func `a branch that is renamed takes its rule along, and stays the first`(
        on backend: Backend
    ) async throws {
        try await withRepositories(on: backend) { place in
            let repositories = place.repositories
            let (admin, bobs) = (Pusher(ann, isAdmin: true), Pusher(bob, isAdmin: false))
            let (main, trunk) = (try BranchName("main"), try BranchName("trunk"))
            try await write("a", to: "main", with: repositories.git(for: bobs))
            let rules = repositories.refRules(for: ann)
            let allowed: [RefRule.Deed: RefRule.Permission] = [
                .push: RefRule.Permission(.writers), .removal: RefRule.Permission(.admins),
                .merge: .nobody, .force: .nobody,
            ]
            try await rules.set(RefRule(.branch, try RefPattern("main"), allowed: allowed))

            await expectFailure(.permissionDenied, containing: "default branch 'main'") {
                _ = try await repositories.renameBranch(main, to: trunk, for: bobs)
            }
            #expect(try await repositories.reading(for: bob).branches(limit: 9).map(\.name) == [main])
            let branch = try await repositories.renameBranch(main, to: trunk, for: admin)

            #expect(branch.name == trunk && branch.isDefault)
            #expect(try await rules.list() == [RefRule(.branch, try RefPattern("trunk"), allowed: allowed)])
            #expect(try await Array(repositories.refLog.known(iris).refs.keys) == ["refs/heads/trunk"])
            #expect(try await repositories.glances(at: [iris])[iris]?.defaultBranch == "trunk")
            _ = try await repositories.git(for: admin).createBranch(main, at: Revision("trunk"))
            await expectFailure(.alreadyExists, containing: "'main' exists already") {
                _ = try await repositories.renameBranch(trunk, to: main, for: admin)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `who writes renames branches, but none by or to a name that has a rule`(
        on backend: Backend
    ) async throws {
        try await withRepositories(on: backend) { place in
            let repositories = place.repositories
            let bobs = Pusher(bob, isAdmin: false)
            try await write("a", to: "main", with: repositories.git(for: bobs))
            for name in ["dev", "ruled"] {
                _ = try await repositories.git(for: bobs).createBranch(BranchName(name), at: Revision("main"))
            }
            let rules = repositories.refRules(for: ann)
            let all = RefRule.Permission(.writers)
            let open: [RefRule.Deed: RefRule.Permission] = [
                .push: all, .merge: all, .force: all, .removal: all,
            ]
            let shut: [RefRule.Deed: RefRule.Permission] = [
                .push: .nobody, .merge: .nobody, .force: .nobody, .removal: .nobody,
            ]
            try await rules.set(RefRule(.branch, try RefPattern("ruled"), allowed: open))
            try await rules.set(RefRule(.branch, try RefPattern("release"), allowed: shut))
            let before = try await rules.list()

            for (old, new) in [("ruled", "free"), ("dev", "release")] {
                await expectFailure(.permissionDenied, containing: "that has a rule") {
                    _ = try await repositories.renameBranch(BranchName(old), to: BranchName(new), for: bobs)
                }
            }
            _ = try await repositories.renameBranch(BranchName("dev"), to: BranchName("next"), for: bobs)

            #expect(try await rules.list() == before)
            let names = try await repositories.reading(for: bob).branches(limit: 9).map(\.name.text).sorted()
            #expect(names == ["main", "next", "ruled"])
        }
    }

    @Test(arguments: Backend.available)
    func `a merge is judged and recorded as a push is`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let repositories = place.repositories
            let (writer, admin) = (
                repositories.git(for: Pusher(bob, isAdmin: false)),
                repositories.git(for: Pusher(ann, isAdmin: true))
            )
            try await write("a", to: "main", with: writer)
            _ = try await writer.createBranch(BranchName("side"), at: Revision("main"))
            try await write("b", to: "side", with: writer)
            let before = try await writer.branch(BranchName("main")).commit
            try await repositories.refRules(for: ann).set(
                RefRule(.branch, try RefPattern("main"), allowed: [.push: RefRule.Permission(.admins)])
            )
            let person = Signature(name: "ann", email: "ann@example.com", seconds: 1_000)
            let request = MergeRequest(
                try Revision("side"),
                into: try BranchName("main"),
                by: .merge,
                message: "Merge",
                author: person
            )

            let failure = await #expect(throws: Failure.self) { try await writer.merge(request) }
            #expect(failure?.code == .permissionDenied)
            #expect(try await writer.branch(BranchName("main")).commit == before)

            guard case .merged(let change) = try await admin.merge(request) else {
                Issue.record("it did not merge")
                return
            }
            let known = try await repositories.refLog.known(iris).refs
            #expect(known["refs/heads/main"] == "\(change.commit)")
            let last = try await place.events().last
            #expect(last?.hasPrefix("ann git.pushed branch/main") == true, "\(last ?? "")")
        }
    }

    @Test func `merges of many at a time all arrive`() async throws {
        try await withRepositories { place in
            let writer = place.repositories.git(for: Pusher(bob, isAdmin: false))
            try await write("a", to: "main", with: writer)
            let names = (0..<6).map { "side\($0)" }
            for name in names {
                _ = try await writer.createBranch(BranchName(name), at: Revision("main"))
                try await write(name, to: name, with: writer)
            }
            let person = Signature(name: "bob", email: "bob@example.com", seconds: 1_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names {
                    group.addTask {
                        let request = MergeRequest(
                            try Revision(name),
                            into: try BranchName("main"),
                            by: .merge,
                            message: "Merge \(name)",
                            author: person
                        )
                        _ = try await writer.merge(request)
                    }
                }
                try await group.waitForAll()
            }

            let log = try await writer.log(Revision("main"), LogQuery(limit: 100)).commits
            #expect(log.count == 1 + 2 * names.count)
            #expect(try await place.git("fsck", "--strict", "--no-dangling", in: place.path) == "")
        }
    }

    @Test func `what is opened to be read is not written`() async throws {
        try await withRepositories { place in
            await #expect(throws: Failure.self) {
                try await write("a", to: "main", with: place.repositories.reading(for: bob))
            }
            let refs = try await place.repositories.refLog.refs(of: iris)
            #expect(refs.isEmpty)
        }
    }

    private func write(_ name: String, to branch: String, with git: Git) async throws {
        let person = Signature(name: "bob", email: "bob@example.com", seconds: 1_000, offsetMinutes: 0)
        _ = try await git.commit(
            CommitRequest(
                on: try BranchName(branch),
                [.create(try WritablePath(name), .bytes(Array("hello\n".utf8)))],
                message: "Add \(name)",
                by: person
            )
        )
    }
}
