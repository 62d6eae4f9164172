import Accounts
import Core
import Database
import Events
import Synchronization
import TestSupport
import Testing

@Suite struct RepositoryStoreTests {
    @Test(arguments: Backend.available)
    func `a list holds what somebody may read and nothing else`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let zoe = try await cast.person("zoe", isServerAdmin: true)
            let lab = try await cast.organization("lab", [bob.id: .member, ann.id: .admin])
            let secret = try await cast.repository("secret", by: ann)
            _ = try await cast.repository("open", by: ann, .public)
            let given = try await cast.repository("given", by: ann)
            try await cast.give(.write, to: bob.id, in: given)
            let shared = try await cast.repository("shared", of: "lab", by: ann)
            try await cast.team(of: lab, .write, member: bob.id, in: shared)

            #expect(try await cast.names(.anonymous) == ["open read"])
            #expect(try await cast.names(bob) == ["given write", "open read", "shared write"])
            #expect(try await cast.names(bob, .reachedBy(bob.id)) == ["given write", "shared write"])
            #expect(try await cast.names(bob, .ownedBy(ann.id)) == ["given write", "open read"])
            #expect(try await cast.names(ann).count == 4)
            #expect(
                try await cast.names(zoe) == ["given admin", "open admin", "secret admin", "shared admin"]
            )
            #expect(try await cast.names(ann.withToken(.read, for: secret.workspace)) == ["secret read"])
        }
    }

    @Test(arguments: Backend.available)
    func `a search takes its text as it is written, and pages do not overlap`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            for name in ["a_b", "axb", "iris", "wine"] { _ = try await cast.repository(name, by: ann) }
            let store = cast.accounts.repositories(for: ann)

            #expect(try await cast.names(ann, text: "A_B") == ["a_b admin"])
            #expect(try await cast.names(ann, text: "%").isEmpty)
            let first = try await store.list(RepositorySearch(), PageRequest(number: 1, limit: 3))
            let second = try await store.list(RepositorySearch(), PageRequest(number: 2, limit: 3))
            #expect(first.elements.map(\.place.name) == ["a_b", "axb", "iris"])
            #expect(second.elements.map(\.place.name) == ["wine"])
            #expect(first.total == 4)
            let newest = try await store.list(
                RepositorySearch(order: .id, isDescending: true),
                PageRequest()
            )
            #expect(newest.elements.first?.place.name == "wine")
        }
    }

    @Test(arguments: Backend.available)
    func `a new name leaves the old address to lead to it until it is taken`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)

            try await store.edit(place.workspace, RepositoryChange(name: "rose"))
            await #expect(throws: Moved.self) { try await cast.answer(ann, place) }
            #expect(try await cast.answer(eve, place) == "404")
            #expect(try await store.get(place.workspace).place.fullName == "ann/rose")

            try await store.edit(place.workspace, RepositoryChange(name: "Rose"))
            try await store.edit(place.workspace, RepositoryChange(name: "iris"))
            #expect(try await cast.answer(ann, place) == "admin")
            try await store.edit(place.workspace, RepositoryChange(name: "lily"))
            let other = try await cast.repository("iris", by: ann)
            #expect(try await cast.answer(ann, other) == "admin")
            #expect(other.workspace != place.workspace)
            await #expect(throws: Failure.self) {
                try await store.edit(place.workspace, RepositoryChange(name: "IRIS"))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `only admins change a repository`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            try await cast.give(.write, to: bob.id, in: place)
            let change = try RepositoryChange(description: "x", visibility: .public)

            for identity in [bob, eve, .anonymous, ann.withToken(.write)] {
                let store = cast.accounts.repositories(for: identity)
                await #expect(throws: Refusal.self) { try await store.edit(place.workspace, change) }
                await #expect(throws: Refusal.self) { try await store.delete(place.workspace) }
                await #expect(throws: (any Error).self) {
                    try await store.transfer(place.workspace, to: AccountName("bob"))
                }
                await #expect(throws: Refusal.self) {
                    try await store.add(Topic("flowers"), to: place.workspace)
                }
            }
            let repository = try await cast.accounts.repositories(for: ann).get(place.workspace)
            #expect(repository.description == "")
            #expect(!repository.place.isPublic)
        }
    }

    @Test(arguments: Backend.available)
    func `who administers a repository of another can neither take it nor delete it`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let place = try await cast.repository("iris", by: ann)
            try await cast.give(.admin, to: bob.id, in: place)
            let store = cast.accounts.repositories(for: bob)

            await #expect(throws: Refusal.self) {
                try await store.transfer(place.workspace, to: AccountName("bob"))
            }
            await #expect(throws: Refusal.self) { try await store.delete(place.workspace) }
            #expect(try await cast.answer(ann, place, .admin) == "admin")
        }
    }

    @Test(arguments: Backend.available)
    func `a fork of what is private is published by who administers the original alone`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let place = try await cast.repository("iris", by: ann)
            try await cast.give(.read, to: bob.id, in: place)
            let store = cast.accounts.repositories(for: bob)
            let fork = try await store.fork(place.workspace)
            let publish = try RepositoryChange(visibility: .public)

            await #expect(throws: Refusal.self) { try await store.edit(fork.workspace, publish) }
            #expect(try await cast.answer(.anonymous, fork) == "401")
            try await cast.accounts.repositories(for: ann).edit(place.workspace, publish)
            try await store.edit(fork.workspace, publish)
            #expect(try await cast.answer(.anonymous, fork) == "read")
        }
    }

    /// A copy of the copy, and the end of the copy, were ways around the original.
    @Test(arguments: Backend.available)
    func `what comes from something private is as private as that, whatever lies between`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let place = try await cast.repository("iris", by: ann)
            try await cast.give(.read, to: bob.id, in: place)
            let store = cast.accounts.repositories(for: bob)
            let first = try await store.fork(place.workspace)
            let second = try await store.fork(first.workspace, as: "again")
            let publish = try RepositoryChange(visibility: .public)

            await #expect(throws: Refusal.self) { try await store.edit(second.workspace, publish) }
            try await store.delete(first.workspace)
            await #expect(throws: Refusal.self) { try await store.edit(second.workspace, publish) }
            #expect(try await cast.accounts.purge.run(deletedBefore: 1_001) { _ in } == 1)
            await #expect(throws: Refusal.self) { try await store.edit(second.workspace, publish) }
            try await cast.accounts.repositories(for: ann).delete(place.workspace)
            await #expect(throws: Refusal.self) { try await store.edit(second.workspace, publish) }
            #expect(try await cast.answer(.anonymous, second) == "401")
        }
    }

    @Test(arguments: Backend.available)
    func `who deleted the private original may still publish a copy of theirs`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)
            let copy = try await store.fork(place.workspace, as: "petal")
            try await store.delete(place.workspace)

            try await store.edit(copy.workspace, RepositoryChange(visibility: .public))
            #expect(try await cast.answer(.anonymous, copy) == "read")
        }
    }

    @Test(arguments: Backend.available)
    func `a repository goes to an organization and back, without the rights of its teams`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let lab = try await cast.organization("lab", [ann.id: .admin, bob.id: .member])
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)

            await #expect(throws: Failure.self) {
                try await store.transfer(place.workspace, to: AccountName("bob"))
            }
            try await store.transfer(place.workspace, to: AccountName("lab"))
            let moved = try await store.get(place.workspace).place
            #expect(moved.fullName == "lab/iris")
            #expect(try await cast.answer(bob, moved) == "read")
            await #expect(throws: Moved.self) { try await cast.answer(ann, place) }
            try await cast.team(of: lab, .write, member: bob.id, in: moved)
            try await store.transfer(place.workspace, to: AccountName("ann"))
            #expect(try await cast.answer(bob, place) == "404")
            #expect(try await cast.answer(ann, place, .admin) == "admin")
        }
    }

    @Test(arguments: Backend.available)
    func `an archived repository is only read, and taken out by its admins`(on backend: Backend) async throws
    {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)

            try await store.edit(place.workspace, RepositoryChange(isArchived: true))
            #expect(try await cast.answer(ann, place, .write) == "403")
            #expect(try await cast.answer(ann, place, .read) == "admin")
            try await store.edit(place.workspace, RepositoryChange(isArchived: false))
            #expect(try await cast.answer(ann, place, .write) == "admin")
        }
    }

    @Test(arguments: Backend.available)
    func `what was deleted is gone for all, comes back, and is purged once`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let place = try await cast.repository("iris", by: ann, .public)
            let store = cast.accounts.repositories(for: ann)
            try await cast.give(.admin, to: bob.id, in: place)

            try await store.delete(place.workspace)
            #expect(try await cast.answer(ann, place) == "404")
            #expect(try await cast.names(ann).isEmpty)
            #expect(try await store.deleted(PageRequest()).elements.map(\.place) == [place])
            await #expect(throws: Failure.self) { try await cast.repository("iris", by: ann) }
            await #expect(throws: Refusal.self) {
                try await cast.accounts.repositories(for: bob).restore(place.workspace)
            }
            try await store.restore(place.workspace)
            #expect(try await cast.answer(bob, place, .admin) == "admin")

            try await store.delete(place.workspace)
            let cleared = Cleared()
            let early = try await cast.accounts.purge.run(deletedBefore: 1_000) { await cleared.add($0) }
            #expect(early == 0)
            await #expect(throws: Interruption.self) {
                try await cast.accounts.purge.run(deletedBefore: 1_001) { _ in throw Interruption() }
            }
            await #expect(throws: Refusal.self) { try await store.restore(place.workspace) }
            let late = try await cast.accounts.purge.run(deletedBefore: 1_001) { await cleared.add($0) }
            #expect(late == 1)
            #expect(await cleared.workspaces == [place.workspace])
            #expect(try await cast.accounts.purge.run(deletedBefore: 1_001) { await cleared.add($0) } == 0)
            let next = try await cast.repository("iris", by: ann)
            #expect(next.workspace != place.workspace)
            #expect(try await cast.answer(bob, next) == "404")
        }
    }

    @Test(arguments: Backend.available)
    func `a name that a deleted repository keeps is refused with what can be done`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let lab = try await cast.organization("lab", [ann.id: .admin])
            let store = cast.accounts.repositories(for: ann)
            let gone = try await cast.repository("Iris", by: ann)
            let kept = try await cast.repository("rose", by: ann)
            let foreign = try await cast.repository("iris", of: "lab", by: ann)
            try await store.delete(gone.workspace)
            let words =
                "'ann/Iris' was deleted and keeps its name: it can be restored until 1970-01-31 00:00 UTC"

            await expectFailure(.alreadyExists, containing: words) {
                _ = try await cast.repository("iris", by: ann)
            }
            await expectFailure(.alreadyExists, containing: words) {
                try await store.edit(kept.workspace, RepositoryChange(name: "iris"))
            }
            await expectFailure(.alreadyExists, containing: words) {
                try await store.transfer(foreign.workspace, to: AccountName("ann"))
            }
            await expectFailure(.alreadyExists, "'ann' has a repository 'rose' already.") {
                _ = try await cast.repository("rose", by: ann)
            }

            let organizations = cast.accounts.organizations(for: ann)
            await expectFailure(.invalidState, containing: "'lab' still has repositories, such as 'iris'") {
                try await organizations.delete(lab)
            }
            try await store.delete(foreign.workspace)
            await expectFailure(.invalidState, containing: "deleted repositories, such as 'iris': it can be")
            {
                try await organizations.delete(lab)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a deleted repository is ended at once by who could restore it`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)
            try await cast.give(.admin, to: bob.id, in: place)

            // What people see is deleted first.
            await #expect(throws: Refusal.self) { try await store.end(place.workspace) }
            try await store.delete(place.workspace)
            await #expect(throws: Refusal.self) {
                try await cast.accounts.repositories(for: bob).end(place.workspace)
            }
            try await store.end(place.workspace)

            #expect(try await store.deleted(PageRequest()).total == 0)
            await #expect(throws: Refusal.self) { try await store.restore(place.workspace) }
            await #expect(throws: Refusal.self) { try await store.end(place.workspace) }
            await expectFailure(.alreadyExists, containing: "it is gone for good within minutes") {
                _ = try await cast.repository("iris", by: ann)
            }
            // Whatever the time of grace is.
            #expect(try await cast.accounts.purge.run(deletedBefore: 0) { _ in } == 1)
            _ = try await cast.repository("iris", by: ann)
            let events = try await cast.database.read { connection in
                try EventLog.read(
                    for: Caller(name: "roost", workspace: .server),
                    after: 0,
                    limit: 100,
                    in: connection
                )
            }
            let ending = events.first { $0.kind == .repositoryDeleted }
            #expect(ending?.actor == "ann")
            #expect(ending?.details == #"{"name":"ann/iris","for_good":true}"#)
        }
    }

    @Test(arguments: Backend.available)
    func `one that cannot be purged holds up no other`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withAccounts(on: backend, clock: clock) { cast in
            let ann = try await cast.person("ann")
            let store = cast.accounts.repositories(for: ann)
            let broken = try await cast.repository("broken", by: ann)
            let sound = try await cast.repository("sound", by: ann)
            for place in [broken, sound] { try await store.delete(place.workspace) }
            clock.advance(byMs: 1)

            await #expect(throws: Interruption.self) {
                try await cast.accounts.purge.run(deletedBefore: 1_001) { workspace in
                    if workspace == broken.workspace { throw Interruption() }
                }
            }

            #expect(try await cast.accounts.purge.count(deletedBefore: 1_001) == 1)
            _ = try await cast.repository("sound", by: ann)
        }
    }

    @Test(arguments: Backend.available)
    func `several who purge at once do it once`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withAccounts(on: backend, clock: clock) { cast in
            let ann = try await cast.person("ann")
            for number in 0..<5 {
                let place = try await cast.repository("iris\(number)", by: ann)
                try await cast.accounts.repositories(for: ann).delete(place.workspace)
            }
            clock.advance(byMs: 1)

            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 {
                    group.addTask { try await cast.accounts.purge.run(deletedBefore: 1_001) { _ in } }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            let events = try await cast.database.read { connection in
                try EventLog.read(
                    for: Caller(name: "roost", workspace: .server),
                    after: 0,
                    limit: 100,
                    in: connection
                )
            }
            #expect(counts.reduce(0, +) == 5)
            #expect(events.count { $0.kind == .repositoryPurged } == 5)
        }
    }

    /// The one waits for the row of the other on PostgreSQL, and looks at it again when it gets it.
    @Test(arguments: Backend.available)
    func `what is being purged does not come back`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let store = cast.accounts.repositories(for: ann)
            let iris = try await cast.repository("iris", by: ann).workspace
            try await store.delete(iris)
            let restoring = Mutex<Task<Void, any Error>?>(nil)

            try await cast.database.write { connection in
                try connection.execute(
                    "UPDATE repositories SET purged_ms = 1 WHERE workspace_id = \(iris.key)"
                )
                restoring.withLock { $0 = Task { try await store.restore(iris) } }
                try connection.waitUntilAwaited()
            }

            let task = try #require(restoring.withLock { $0 })
            await #expect(throws: Refusal.self) { try await task.value }
        }
    }

    @Test(arguments: Backend.available)
    func `a fork of what is private is private, and is counted for who sees it`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            try await cast.give(.read, to: bob.id, in: place)

            let fork = try await cast.accounts.repositories(for: bob).fork(place.workspace)
            #expect(fork.fullName == "bob/iris")
            #expect(!fork.isPublic)
            let ofAnn = cast.accounts.repositories(for: ann)
            #expect(try await ofAnn.get(place.workspace).forkCount == 0)
            #expect(
                try await cast.accounts.repositories(for: bob).get(place.workspace).forkCount == 1
            )
            await #expect(throws: Refusal.self) {
                try await cast.accounts.repositories(for: eve).fork(place.workspace)
            }
            await #expect(throws: Failure.self) {
                try await cast.accounts.repositories(for: .anonymous).fork(place.workspace)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `stars and watches are counted once and only by who may read`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)

            for attention in Attention.allCases {
                #expect(try await !store.gives(attention, to: place.workspace))
                try await store.give(attention, to: place.workspace)
                try await store.give(attention, to: place.workspace)
                #expect(try await store.gives(attention, to: place.workspace))
                let givers = try await store.givers(of: attention, to: place.workspace, PageRequest())
                #expect(givers.elements.map(\.login) == ["ann"])
                await #expect(throws: Refusal.self) {
                    try await cast.accounts.repositories(for: eve).give(attention, to: place.workspace)
                }
            }
            #expect(try await store.get(place.workspace).starCount == 1)
            #expect(try await cast.names(ann, .starredBy(ann.id)) == ["iris admin"])
            try await store.withdraw(.star, from: place.workspace)
            #expect(try await store.get(place.workspace).starCount == 0)
            #expect(try await store.get(place.workspace).watcherCount == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `topics are words in small letters, found by who may read`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)

            try await store.set([Topic("Vision"), Topic("flowers"), Topic("vision")], of: place.workspace)
            try await store.add(Topic("nlp"), to: place.workspace)
            try await store.remove(Topic("flowers"), from: place.workspace)
            #expect(try await store.get(place.workspace).topics == ["nlp", "vision"])
            await #expect(throws: Failure.self) {
                try await store.remove(Topic("flowers"), from: place.workspace)
            }
            #expect(try await cast.names(ann, topic: "nlp") == ["iris admin"])
            let found = try await store.topics(containing: "VIS", PageRequest()).elements
            #expect(found.map(\.topic) == ["vision"])
            let foreign = cast.accounts.repositories(for: eve)
            #expect(try await foreign.topics(containing: "", PageRequest()).elements.isEmpty)
            let many = try (0...Topic.mostOfRepository).map { try Topic("t\($0)") }
            await #expect(throws: Failure.self) { try await store.set(many, of: place.workspace) }
            for word in ["", "-a", "a b", "ä", "a/b", String(repeating: "a", count: 51)] {
                #expect(throws: Failure.self) { try Topic(word) }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `whatever changes rights is an event of the repository`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            _ = try await cast.person("bob")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)
            let collaborators = cast.accounts.collaborators(for: ann)

            try await store.edit(place.workspace, RepositoryChange(name: "rose", visibility: .public))
            try await store.edit(
                place.workspace,
                RepositoryChange(description: "", visibility: .public, isArchived: false)
            )
            try await collaborators.set("bob", to: .write, in: place.workspace)
            try await collaborators.remove("bob", from: place.workspace)
            try await store.delete(place.workspace)

            let events = try await cast.database.read { connection in
                try EventLog.read(for: ann.caller(in: place.workspace), after: 0, limit: 10, in: connection)
            }
            #expect(
                events.map(\.kind) == [
                    .repositoryCreated, .repositoryRenamed, .repositoryEdited, .collaboratorSet,
                    .collaboratorRemoved, .repositoryDeleted,
                ]
            )
            // What was said but is so already is no change.
            #expect(events[2].details == #"{"name":"rose","visibility":"public"}"#)
        }
    }

    @Test(arguments: ["javascript:alert(1)", "ftp://x", "http://a b", "http://a\nb", "x"])
    func `a website is an address of the web`(text: String) {
        #expect(throws: Failure.self) { try Website(text) }
    }
}

private struct Interruption: Error {}

private actor Cleared {
    var workspaces: [WorkspaceID] = []

    func add(_ workspace: WorkspaceID) { workspaces.append(workspace) }
}

extension Cast {
    /// What somebody finds, with what they may do there.
    fileprivate func names(
        _ identity: Identity,
        _ scope: RepositorySearch.Scope = .everywhere,
        text: String = "",
        topic: String? = nil
    ) async throws -> [String] {
        let search = RepositorySearch(scope, text: text, topic: topic)
        let page = try await accounts.repositories(for: identity).list(search, PageRequest())
        #expect(page.total == page.elements.count)
        return page.elements.map { "\($0.place.name) \($0.role.rawValue)" }
    }
}
