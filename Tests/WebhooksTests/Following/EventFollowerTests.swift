import Core
import Database
import Events
import Synchronization
import TestSupport
import Testing
import Webhooks

@Suite struct EventFollowerTests {
    @Test(arguments: Backend.available)
    func `each hook is told what it asks for, once, in order`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let pushes = try await webhooks.newHook(["push"])
            let refs = try await webhooks.newHook(["create", "delete"], at: "http://there")
            let other = try await webhooks.newHook(["push"], for: eve)
            let idle = try await webhooks.newHook(["push"])
            _ = try await webhooks.hooks(for: ann).edit(idle.id, HookChange(isActive: false), at: "")
            let follower = webhooks.follower()

            try await webhooks.happen(.gitBranchCreated, "branch/main")
            try await webhooks.happen(.gitPushed, "branch/main")
            try await webhooks.happen(.runCreated, "run/1")
            #expect(try await !follower.readOn())
            try await webhooks.happen(.gitBranchDeleted, "branch/main")
            _ = try await follower.readOn()
            _ = try await follower.readOn()

            #expect(
                try await webhooks.bodies(of: pushes) == [
                    "push git.branch_created branch/main http://here",
                    "push git.pushed branch/main http://here",
                ]
            )
            #expect(
                try await webhooks.bodies(of: refs) == [
                    "create git.branch_created branch/main http://there",
                    "delete git.branch_deleted branch/main http://there",
                ]
            )
            #expect(try await webhooks.bodies(of: other, for: eve).isEmpty)
            #expect(try await webhooks.bodies(of: idle).isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `a hook is told of its branches alone, and of all tags`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hook = try await webhooks.newHook(["push", "create", "delete", "release"])
            let store = webhooks.hooks(for: ann)
            let filter = try BranchFilter("{main,release/*}")
            #expect(try await store.edit(hook.id, HookChange(branches: filter), at: "").branches == filter)
            let kept = try await store.edit(hook.id, HookChange(isActive: true), at: "http://here")
            #expect(kept.branches == filter)
            let follower = webhooks.follower()

            for name in ["main", "topic", "release/1/a", "mainline"] {
                try await webhooks.happen(.gitPushed, "branch/\(name)")
            }
            try await webhooks.happen(.gitBranchCreated, "branch/topic")
            try await webhooks.happen(.gitBranchDeleted, "branch/release/1")
            try await webhooks.happen(.gitTagCreated, "tag/v1")
            try await webhooks.happen(.releasePublished, "release/1")
            _ = try await follower.readOn()

            #expect(
                try await webhooks.bodies(of: hook) == [
                    "push git.pushed branch/main http://here",
                    "push git.pushed branch/release/1/a http://here",
                    "delete git.branch_deleted branch/release/1 http://here",
                    "create git.tag_created tag/v1 http://here",
                    "push git.tag_created tag/v1 http://here",
                    "release release.published release/1 http://here",
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `what happened before there was a hook is not told`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withWebhooks(on: backend, clock: clock) { webhooks in
            try await webhooks.happen(.gitPushed, "branch/old")
            let first = try await webhooks.newHook(["push"], for: eve)
            // The follower has not come so far when the next hook is made.
            try await webhooks.happen(.gitPushed, "branch/between", for: eve)
            try await webhooks.happen(.gitPushed, "branch/between")
            let second = try await webhooks.newHook(["push"])
            // Another server's clock is behind.
            clock.advance(byMs: -1)
            try await webhooks.happen(.gitPushed, "branch/new")

            _ = try await webhooks.follower().readOn()

            #expect(
                try await webhooks.bodies(of: first, for: eve) == [
                    "push git.pushed branch/between http://here"
                ]
            )
            #expect(try await webhooks.bodies(of: second) == ["push git.pushed branch/new http://here"])
        }
    }

    @Test(arguments: Backend.available)
    func `many who follow at once tell each thing once`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hook = try await webhooks.newHook(["push"])
            for number in 0..<20 { try await webhooks.happen(.gitPushed, "branch/\(number)") }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { _ = try await webhooks.follower().readOn() }
                }
                try await group.waitForAll()
            }

            let bodies = try await webhooks.bodies(of: hook)
            #expect(bodies == (0..<20).map { "push git.pushed branch/\($0) http://here" })
        }
    }

    @Test(arguments: Backend.available)
    func `an event whose transaction ended late is told all the same`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hook = try await webhooks.newHook(["push"])
            let follower = webhooks.follower()
            try await webhooks.happen(.gitPushed, "branch/first")
            try await webhooks.insert("branch/second", as: 100)
            _ = try await follower.readOn()
            #expect(try await webhooks.bodies(of: hook).count == 2)

            try await webhooks.insert("branch/late", as: 99)
            _ = try await follower.readOn()
            _ = try await follower.readOn()

            #expect(
                try await webhooks.bodies(of: hook).suffix(1) == ["push git.pushed branch/late http://here"]
            )
            #expect(try await webhooks.bodies(of: hook).count == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `of a long transaction that ended late all is told`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hook = try await webhooks.newHook(["push"])
            let follower = webhooks.follower()
            try await webhooks.insert("branch/early", as: 6_000)
            _ = try await follower.readOn()
            let late: [Int64] = [900, 901, 3_000, 5_999]

            for id in late {
                try await webhooks.insert("branch/\(id)", as: id)
                _ = try await follower.readOn()
            }

            let subjects = ["early"] + late.map { "\($0)" }
            #expect(
                try await webhooks.bodies(of: hook)
                    == subjects.map { "push git.pushed branch/\($0) http://here" }
            )
        }
    }

    @Test(arguments: Backend.available)
    func `what is long is told in several steps`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hooks = [try await webhooks.newHook(["push"]), try await webhooks.newHook(["push"])]
            let follower = EventFollower(webhooks.database, webhooks.means) {
                Issue.record($0)
            } describe: { followed, _, _ in
                String(repeating: followed.event.subject.last.map(String.init) ?? "", count: 1 << 20)
            }
            for number in 0..<6 { try await webhooks.happen(.gitPushed, "branch/\(number)") }

            #expect(try await follower.readOn())
            #expect(try await webhooks.bodies(of: hooks[0]).compactMap(\.first) == ["0", "1", "2", "3"])
            _ = try await follower.readOn()

            for hook in hooks {
                #expect(try await webhooks.bodies(of: hook).compactMap(\.first) == Array("012345"))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `what cannot be described holds up nothing`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hook = try await webhooks.newHook(["push"])
            let notes = Mutex(0)
            let follower = EventFollower(webhooks.database, webhooks.means) { _ in
                notes.withLock { $0 += 1 }
            } describe: { followed, _, _ in
                guard followed.event.subject != "branch/broken" else { throw Failure.missing("It is gone.") }
                return followed.event.subject == "branch/quiet" ? nil : followed.event.subject
            }
            for name in ["broken", "quiet", "sound"] {
                try await webhooks.happen(.gitPushed, "branch/\(name)")
            }

            _ = try await follower.readOn()

            #expect(try await webhooks.bodies(of: hook) == ["branch/sound"])
            #expect(notes.withLock { $0 } == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `an outage is waited for, and a fault not for ever`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hook = try await webhooks.newHook(["push"])
            let isOut = Mutex(true)
            let follower = EventFollower(webhooks.database, webhooks.means) { _ in
            } describe: { followed, _, _ in
                if isOut.withLock({ $0 }) { throw Failure.unavailable("The database cannot be reached.") }
                guard followed.event.subject != "branch/broken" else { throw Fault() }
                return followed.event.subject
            }
            for name in ["broken", "sound"] { try await webhooks.happen(.gitPushed, "branch/\(name)") }

            for _ in 0..<9 {
                await #expect(throws: Failure.self) { try await follower.readOn() }
            }
            isOut.withLock { $0 = false }
            for _ in 0..<4 {
                await #expect(throws: Fault.self) { try await follower.readOn() }
            }
            #expect(try await webhooks.bodies(of: hook).isEmpty)
            _ = try await follower.readOn()

            #expect(try await webhooks.bodies(of: hook) == ["branch/sound"])
        }
    }

    private struct Fault: Error {}
}

extension Webhooks {
    /// A follower whose words name what it was given.
    fileprivate func follower() -> EventFollower {
        EventFollower(database, means) {
            Issue.record($0)
        } describe: { followed, event, server in
            "\(event.rawValue) \(followed.event.kind.rawValue) \(followed.event.subject) \(server)"
        }
    }

    /// Writes an event under an id, as a transaction that was given it earlier.
    fileprivate func insert(_ subject: String, as id: Int64) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                INSERT INTO events (event_id, workspace_id, at_ms, actor, kind, subject, details)
                VALUES (\(id), \(iris.key), \(connection.nowMs), 'ann', \(Event.Kind.gitPushed.rawValue), \(subject), '{}')
                """
            )
        }
    }
}
