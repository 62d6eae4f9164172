import Core
import Outbound
import TestSupport
import Testing

@testable import Repositories

@Suite struct MirrorTests {
    private static let minuteMs: Int64 = 60_000
    private static let hourMs = 60 * minuteMs

    /// `inside.example` has one foot in a private network.
    private static let names = Resolver { host in
        switch host {
        case "inside.example":
            [NetworkAddress(bytes: [8, 8, 8, 8]), NetworkAddress(bytes: [127, 0, 0, 1])]
        case "nowhere.example": throw OutboundError.unresolved(host, "it is not there")
        default: [NetworkAddress(bytes: [8, 8, 8, 8])]
        }
    }

    private static let means = MirrorMeans(
        client: OutboundClient(policy: .mirrors(allowsPrivateAddresses: false), resolver: names),
        secrets: MirrorMeans.Secrets { secret, owner in
            Array("\(owner): \(secret)".utf8)
        } open: { sealed, owner in
            String(String(decoding: sealed, as: UTF8.self).dropFirst(owner.count + 2))
        }
    )

    @Test(arguments: Backend.available)
    func `a mirror is set, asked and removed`(on backend: Backend) async throws {
        try await withMirrors(on: backend) { place, store, _ in
            let mirror = try await store.set(try new(.push, userName: "ann", password: "secret"))

            #expect(mirror.address == "https://git.example/ann/iris.git")
            #expect(mirror.userName == "ann" && mirror.hasPassword)
            #expect(mirror.intervalSeconds == 3_600 && mirror.createdBy == "ann" && mirror.lastMs == nil)
            #expect(try await store.list() == [mirror])
            try await store.sync()
            try await store.delete(mirror.id)
            #expect(try await store.list().isEmpty)
            await expectFailure(.missing, "The repository has no mirror \(mirror.id).") {
                try await store.delete(mirror.id)
            }
            await expectFailure(.missing, "The repository has no mirror.") { try await store.sync() }
            let details = #"{"direction":"push","address":"https://git.example/ann/iris.git"}"#
            #expect(
                try await place.events() == [
                    "ann mirror.set mirror/\(mirror.id) \(details)",
                    "ann mirror.removed mirror/\(mirror.id) \(details)",
                ]
            )
        }
    }

    @Test func `a mirror is none of another repository`() async throws {
        try await withMirrors { place, store, _ in
            let mirror = try await store.set(try new(.push))
            let other = place.repositories.mirrors(for: Caller(name: "eve", workspace: WorkspaceID(key: 8)))

            #expect(try await other.list().isEmpty)
            await expectFailure(.missing, containing: "no mirror") { try await other.delete(mirror.id) }
            await expectFailure(.missing, containing: "no mirror") { try await other.sync() }
            #expect(try await store.list() == [mirror])
        }
    }

    @Test(arguments: [
        "file:///etc", "ssh://git@git.example/x", "git://git.example/x", "ext::sh -c id", "/srv/git/x.git",
        "",
        "git.example:x.git", "--upload-pack=id", "https://ann:secret@git.example/x",
        "https://git.example/x?a=b",
        "https://git.example/x#y", "https://git.example./x", "https://git.example:22/x", "http://127.0.0.1/x",
        "http://localhost:1/x", "http://[::1]/x", "http://[::ffff:10.0.0.1]/x",
        "http://169.254.169.254/latest",
        "http://2130706433/x", "http://0x7f.1/x", "https://inside.example/x", "https://nowhere.example/x",
        "https://git.example/x\n", "https://git.example\\@127.0.0.1/x",
    ])
    func `an address that may not be asked is refused`(address: String) async throws {
        try await withMirrors { place, store, _ in
            for direction in Mirror.Direction.allCases {
                await expectFailure(.invalidParameter, containing: "") {
                    _ = try await store.set(
                        NewMirror(direction, try RemoteSource(address: address), intervalSeconds: 0)
                    )
                }
            }
            await expectFailure(.invalidParameter, containing: "") {
                try await place.repositories.importAll(from: try RemoteSource(address: address), for: ann)
            }
            await expectFailure(.invalidParameter, containing: "") {
                try await place.repositories.probe(try RemoteSource(address: address), for: nil)
            }
            let mirrors = try await store.list()
            #expect(mirrors.isEmpty)
        }
    }

    /// It may be elsewhere by then.
    @Test func `where a host is, is asked again before each run`() async throws {
        try await withMirrors { place, store, _ in
            _ = try await store.set(try new(.push))
            let moved = Repositories(
                database: place.database,
                folder: place.repositories.folder,
                mirrors: MirrorMeans(
                    client: OutboundClient(
                        policy: .mirrors(allowsPrivateAddresses: false),
                        resolver: Resolver { _ in [NetworkAddress(bytes: [127, 0, 0, 1])] }
                    )
                )
            )

            #expect(try await MirrorWorker(moved) { Issue.record($0) }.runNext())

            #expect(
                try await store.list().map(\.lastError) == [
                    "'git.example' is at 127.0.0.1, which is not a public address."
                ]
            )
        }
    }

    @Test(arguments: ["a\nX-Evil: 1", "a\u{7F}"])
    func `a password with a line end is refused`(password: String) async throws {
        await expectFailure(.invalidParameter, containing: "no control characters") {
            _ = try RemoteSource(address: "https://git.example/x", userName: "ann", password: password)
        }
        await expectFailure(.invalidParameter, containing: "no control characters") {
            _ = try RemoteSource(address: "https://git.example/x", userName: password)
        }
        await expectFailure(.invalidParameter, containing: "no colon") {
            _ = try RemoteSource(address: "https://git.example/x", userName: "a:b")
        }
    }

    @Test(arguments: [1, 59, 2_592_001, -1, Int64.max, Int64.min])
    func `an interval has bounds`(seconds: Int64) async throws {
        await expectFailure(.invalidParameter, containing: "The interval must be 0") {
            _ = try NewMirror(
                .pull,
                try RemoteSource(address: "https://git.example/x"),
                intervalSeconds: seconds
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a repository follows one other, and only from its beginning`(on backend: Backend) async throws {
        try await withMirrors(on: backend) { place, store, _ in
            _ = try await store.set(try new(.pull))
            let second = try await store.set(try new(.pull, "https://other.example/iris.git"))
            #expect(try await store.list() == [second])
            try await store.delete(second.id)
            try await change(place, "one")

            await expectFailure(.invalidState, "Only an empty repository can be made to follow another.") {
                _ = try await store.set(try new(.pull))
            }
            #expect(try await store.list().isEmpty)
        }
    }

    @Test func `there are so many mirrors and no more`() async throws {
        try await withMirrors { _, store, _ in
            for number in 0..<MirrorStore.countLimit {
                _ = try await store.set(try new(.push, "https://git.example/\(number)"))
            }
            await expectFailure(.tooLarge, "A repository may have 10 mirrors.") {
                _ = try await store.set(try new(.push, "https://git.example/one-more"))
            }
            // In place of another.
            _ = try await store.set(try new(.push, "https://git.example/0"))
            #expect(try await store.list().count == MirrorStore.countLimit)
        }
    }

    @Test func `what follows another server takes no pushes`() async throws {
        try await withMirrors { place, store, _ in
            let rules = place.repositories.refRules(for: ann)
            let pusher = Pusher(ann, isAdmin: true)
            #expect(try await rules.pushRules(for: pusher).refusal(of: .push, to: "refs/heads/a/b") == nil)

            let mirror = try await store.set(try new(.pull))

            for ref in ["refs/heads/a/b", "refs/tags/v1"] {
                for deed in RefRule.Deed.allCases {
                    #expect(try await rules.pushRules(for: pusher).refusal(of: deed, to: ref) != nil)
                }
            }
            #expect(try await rules.list().isEmpty)
            for (pusher, other) in [
                (pusher, mirror.address), (Pusher(bob, isAdmin: false), "another repository"),
            ] {
                let said = try await rules.pushRules(for: pusher)
                let reason = try await said.refusal(of: "refs/heads/a", from: nil, to: "1") { _, _ in true }
                #expect(reason?.hasPrefix("This repository follows \(other) and takes no pushes") == true)
                #expect(try PushRules(text: said.text) == said)
            }
            try await store.delete(mirror.id)
            #expect(try await rules.pushRules(for: pusher).refusal(of: .push, to: "refs/heads/a/b") == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `one runs at a time in a repository, and comes back when its server is gone`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        try await withMirrors(on: backend, clock: clock) { place, store, queue in
            _ = try await store.set(try new(.push, "https://a.example/iris.git"))
            _ = try await store.set(try new(.push, "https://b.example/iris.git"))

            let first = try #require(try await queue.take())
            #expect(first.address == "https://a.example/iris.git" && first.caller.workspace == iris)
            #expect(try await queue.take() == nil)
            #expect(try await store.list().map(\.isRunning) == [true, false])
            clock.advance(byMs: MirrorQueue.leaseMs - 1)
            #expect(try await queue.renew(first))
            clock.advance(byMs: MirrorQueue.leaseMs - 1)
            #expect(try await queue.take() == nil)
            clock.advance(byMs: 2)

            let second = try #require(try await queue.take())
            #expect(second.key == first.key && second.number == first.number + 1)
            #expect(try await !queue.renew(first))
            try await queue.finish(first, .failed("from the grave"))
            #expect(try await store.list()[0].failures == 0)
            try await queue.finish(second, .synced(changes: 3))
            let other = try #require(try await queue.take())
            #expect(other.address == "https://b.example/iris.git")
            #expect(try await place.events().last?.contains(#""changes":3"#) == true)
        }
    }

    @Test(arguments: Backend.available)
    func `after failures it waits, longer each time, whatever changes`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withMirrors(on: backend, clock: clock) { place, store, queue in
            _ = try await store.set(try new(.push))
            for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360].map({ $0 * Self.minuteMs }) {
                let attempt = try #require(try await queue.take())
                try await queue.finish(attempt, .failed("no"))
                try await change(place, "after \(wait)")
                clock.advance(byMs: wait - 1)
                #expect(try await queue.take() == nil, "\(wait)")
                clock.advance(byMs: 1)
            }
            #expect(try await store.list().map(\.lastError) == ["no"])
            let last = try #require(try await queue.take())
            try await queue.finish(last, .synced(changes: 0))
            let mirror = try await store.list()[0]
            #expect(mirror.failures == 0 && mirror.lastError == nil && mirror.lastSuccessMs == mirror.lastMs)
        }
    }

    @Test(arguments: Backend.available)
    func `it runs by its interval, after changes, and when it is asked`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withMirrors(on: backend, clock: clock) { place, store, queue in
            _ = try await store.set(try new(.push))
            func run() async throws -> Bool {
                guard let attempt = try await queue.take() else { return false }
                try await queue.finish(attempt, .synced(changes: 0))
                return true
            }
            #expect(try await run())
            clock.advance(byMs: Self.hourMs - 1)
            #expect(try await !run())
            clock.advance(byMs: 1)
            #expect(try await run())

            try await change(place, "one")
            #expect(try await run())
            #expect(try await !run())
            try await store.sync()
            #expect(try await run())
            #expect(try await !run())

            // What comes while it runs is brought by the next run.
            try await store.sync()
            let attempt = try #require(try await queue.take())
            try await change(place, "two")
            try await queue.finish(attempt, .synced(changes: 0))
            #expect(try await run())
            #expect(try await !run())
        }
    }

    @Test(arguments: Backend.available)
    func `without an interval it runs only when there is reason to`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withMirrors(on: backend, clock: clock) { _, store, queue in
            let source = try RemoteSource(address: "https://git.example/x")
            _ = try await store.set(try NewMirror(.pull, source, intervalSeconds: 0))
            let first = try #require(try await queue.take())
            try await queue.finish(first, .cutOff)
            let second = try #require(try await queue.take())
            try await queue.finish(second, .synced(changes: 0))

            clock.advance(byMs: 1_000 * Self.hourMs)

            #expect(try await queue.take() == nil)
            #expect(try await store.list().map(\.dueMs) == [nil])
        }
    }

    @Test(arguments: Backend.available)
    func `what lacks large files has succeeded, says so and is tried again soon`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        try await withMirrors(on: backend, clock: clock) { place, store, queue in
            let source = try RemoteSource(address: "https://git.example/x")
            _ = try await store.set(try NewMirror(.pull, source, intervalSeconds: 8 * 3_600))
            let first = try #require(try await queue.take())
            #expect(first.largeFilesVersion == -1)
            try await queue.finish(first, .synced(changes: 1, lacking: "One is missing."))

            let mirror = try #require(try await store.list().first)
            #expect(mirror.lastError == "One is missing." && mirror.failures == 0)
            #expect(mirror.lastSuccessMs == mirror.lastMs)
            #expect(try await place.events().last?.contains(#""lacking":"One is missing.""#) == true)
            clock.advance(byMs: Self.hourMs - 1)
            #expect(try await queue.take() == nil)
            clock.advance(byMs: 1)
            let second = try #require(try await queue.take())
            #expect(second.largeFilesVersion == -1)
            try await queue.finish(second, .synced(changes: 0, largeFilesVersion: 4))
            #expect(try await store.list().map(\.lastError) == [nil])
            clock.advance(byMs: 8 * Self.hourMs - 1)
            #expect(try await queue.take() == nil)
            clock.advance(byMs: 1)
            let third = try #require(try await queue.take())
            #expect(third.largeFilesVersion == 4)
            try await queue.finish(third, .synced(changes: 0))
            try await store.sync()
            #expect(try await queue.take()?.largeFilesVersion == 4)
        }
    }

    @Test(arguments: Backend.available)
    func `an archived repository follows nobody until it is one like others again`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        try await withMirrors(on: backend, clock: clock) { place, store, queue in
            _ = try await store.set(try new(.pull))
            let archived = Repositories(
                database: place.database,
                folder: place.repositories.folder,
                mirrors: Self.means,
                isResting: { $0 == iris && $1 == .pull }
            )

            #expect(try await MirrorWorker(archived) { Issue.record($0) }.runNext())

            let mirror = try #require(try await store.list().first)
            #expect(mirror.lastError == "The repository is archived: it is only read.")
            #expect(mirror.failures == 0)
            #expect(mirror.lastMs == nil)
            #expect(try await queue.take() == nil)
            #expect(try await place.events().count == 1)
            clock.advance(byMs: Self.hourMs)
            #expect(try await queue.take() != nil)
        }
    }

    @Test func `what is gone for everybody is not sent either`() async throws {
        try await withMirrors { place, store, _ in
            _ = try await store.set(try new(.push))
            let deleted = Repositories(
                database: place.database,
                folder: place.repositories.folder,
                mirrors: Self.means,
                isResting: { $0 == iris && $1 == .push }
            )

            #expect(try await MirrorWorker(deleted) { Issue.record($0) }.runNext())

            let mirror = try #require(try await store.list().first)
            #expect(mirror.failures == 0)
            #expect(mirror.lastMs == nil)
        }
    }

    @Test func `a repository that is removed has no mirrors any more`() async throws {
        try await withMirrors { place, store, queue in
            _ = try await store.set(try new(.push))
            try await place.repositories.storage.remove(iris)
            #expect(try await queue.take() == nil)
        }
    }

    private func new(
        _ direction: Mirror.Direction,
        _ address: String = "https://git.example/ann/iris.git",
        userName: String = "",
        password: String? = nil
    ) throws -> NewMirror {
        let source = try RemoteSource(address: address, userName: userName, password: password)
        return try NewMirror(direction, source, intervalSeconds: 3_600)
    }

    private func change(_ place: Place, _ message: String) async throws {
        let commit = try await place.commit(message)
        try await place.repositories.refLog.recording([], by: ann) {
            _ = try await place.git("update-ref", "refs/heads/main", commit, in: place.path)
        }
    }

    private func withMirrors(
        on backend: Backend = .sqlite,
        clock: TestClock = TestClock(),
        _ body: (Place, MirrorStore, MirrorQueue) async throws -> Void
    ) async throws {
        try await withRepositories(on: backend, clock: clock, mirrors: Self.means) { place in
            try await body(
                place,
                place.repositories.mirrors(for: ann),
                MirrorQueue(database: place.database)
            )
        }
    }
}
