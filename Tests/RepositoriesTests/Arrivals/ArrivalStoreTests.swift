import Core
import Database
import Foundation
import Outbound
import TestSupport
import Testing

@testable import Repositories

/// `iris` is to be filled from `garden`, or from an address that nobody may ask.
@Suite struct ArrivalStoreTests {
    @Test(arguments: Backend.available)
    func `a fork that has come lacks nothing`(on backend: Backend) async throws {
        try await withGarden(on: backend) { place, commit in
            let arrivals = place.repositories.arrivals(for: ann)
            try await announce(.fork(of: garden), in: place)
            #expect(try await arrivals.find()?.state == .underWay)
            await expectFailure(.invalidState, containing: "on its way") { try await arrivals.forget() }

            try await arrivals.bring()

            #expect(try await arrivals.find() == nil)
            #expect(try await place.repositories.refLog.known(iris).refs == ["refs/heads/main": commit])
            await expectFailure(.missing, containing: "Nothing is lacking") { try await arrivals.bring() }
            await expectFailure(.missing, containing: "Nothing is lacking") { try await arrivals.forget() }
        }
    }

    @Test(arguments: Backend.available)
    func `a copy that fails says so, and is tried again`(on backend: Backend) async throws {
        try await withGarden(on: backend) { place, commit in
            let arrivals = place.repositories.arrivals(for: ann)
            let objects = place.repositories.path(of: garden) + "/objects"
            try await announce(.fork(of: garden), in: place)
            try FileManager.default.moveItem(atPath: objects, toPath: objects + ".away")

            await #expect(throws: GitError.self) { try await arrivals.bring() }

            let failed = try #require(try await arrivals.find())
            #expect(failed.state == .failed("It failed on this server, whose log says why."))
            #expect(failed.origin == .parent(garden))
            try FileManager.default.moveItem(atPath: objects + ".away", toPath: objects)
            try await arrivals.bring()
            #expect(try await arrivals.find() == nil)
            #expect(try await place.repositories.refLog.refs(of: iris) == ["refs/heads/main": commit])
        }
    }

    @Test func `what a killed server was bringing has failed when its time is over`() async throws {
        let clock = TestClock()
        try await withGarden(clock: clock) { place, commit in
            let arrivals = place.repositories.arrivals(for: ann)
            try await announce(.fork(of: garden), in: place)
            clock.advance(byMs: 20_001)

            #expect(try await arrivals.find()?.state == .failed("The server was stopped while it came."))
            // What it had begun is thrown away.
            let path = place.path + "/objects/pack/tmp_pack_half"
            try Data("half".utf8).write(to: URL(filePath: path))
            try await arrivals.bring()
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(try await place.repositories.refLog.refs(of: iris) == ["refs/heads/main": commit])
        }
    }

    @Test func `a copy takes of the share of who asks for it`() async throws {
        try await withGarden { place, _ in
            let (slots, gate) = (place.repositories.git.slots, AsyncStream.makeStream(of: Void.self))
            try await announce(.fork(of: garden), in: place)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<73 {
                    group.addTask {
                        do {
                            try await slots.hold(for: "account 1") { for await _ in gate.stream { break } }
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                // Eight run and 64 wait, which is all that she may.
                #expect(await group.next() == false)

                await expectFailure(.unavailable, containing: "Too many") {
                    try await place.repositories.arrivals(for: ann).bring()
                }
                gate.continuation.finish()
            }
        }
    }

    @Test(arguments: Backend.available)
    func `nobody pushes to what has not come, until it is left as it is`(on backend: Backend) async throws {
        try await withGarden(on: backend) { place, _ in
            let arrivals = place.repositories.arrivals(for: ann)
            let source = try RemoteSource(address: "http://127.0.0.1:8080/ann/iris.git")
            try await announce(.copy(of: source), in: place)
            await expectFailure(.invalidParameter, containing: "127.0.0.1") { try await arrivals.bring() }
            let failed = try #require(try await arrivals.find())
            #expect(failed.origin == .address("http://127.0.0.1:8080/ann/iris.git"))
            guard case .failed(let reason) = failed.state else {
                Issue.record("it is \(failed.state)"); return
            }
            #expect(reason.contains("127.0.0.1"))

            await expectFailure(.permissionDenied, containing: "has not come yet") {
                try await write(in: place)
            }
            try await arrivals.forget()
            try await write(in: place)

            #expect(try await arrivals.find() == nil)
        }
    }

    @Test func `a password is kept sealed, and goes with the repository`() async throws {
        let secrets = MirrorMeans.Secrets { secret, owner in
            Array("\(owner): \(String(secret.reversed()))".utf8)
        } open: { sealed, owner in
            String(String(decoding: sealed, as: UTF8.self).dropFirst(owner.count + 2).reversed())
        }
        try await withGarden(mirrors: MirrorMeans(secrets: secrets)) { place, _ in
            let source = try RemoteSource(
                address: "http://127.0.0.1:8080/x.git",
                userName: "ann",
                password: "secret"
            )
            try await announce(.copy(of: source), in: place)
            let kept = try await place.database.read { connection in
                try connection.first("SELECT secret FROM arrivals") {
                    String(decoding: $0.blob(0), as: UTF8.self)
                }
            }
            #expect(kept == "arrival 7 http://127.0.0.1:8080/x.git ann: terces")

            try await place.database.write { try Repositories.endTransfers(of: ann, in: $0) }
            #expect(try await place.repositories.arrivals(for: ann).find() == nil)
            try await announce(.copy(of: source), in: place)
            try await place.repositories.removeAll(of: iris)
            #expect(try await place.repositories.arrivals(for: ann).find() == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a mirror takes the place of what has failed, and of nothing that is on its way`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        let client = OutboundClient(
            policy: .mirrors(allowsPrivateAddresses: false),
            resolver: Resolver { _ in [NetworkAddress(bytes: [8, 8, 8, 8])] }
        )
        try await withGarden(on: backend, clock: clock, mirrors: MirrorMeans(client: client)) { place, _ in
            let (arrivals, mirrors) = (
                place.repositories.arrivals(for: ann), place.repositories.mirrors(for: ann)
            )
            let source = try RemoteSource(address: "https://git.example/iris.git")
            let mirror = try NewMirror(.pull, source, intervalSeconds: 0)
            try await announce(.fork(of: garden), in: place)

            await expectFailure(.invalidState, containing: "on its way") { _ = try await mirrors.set(mirror) }
            #expect(try await arrivals.find()?.state == .underWay)
            #expect(try await mirrors.list().isEmpty)

            try await place.database.write { connection in
                _ = try connection.execute("UPDATE arrivals SET lease_until_ms = 0")
            }
            _ = try await mirrors.set(mirror)
            #expect(try await arrivals.find() == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `what waits for a server is brought by one, and what cannot be had is not tried again`(
        on backend: Backend
    ) async throws {
        try await withGarden(on: backend) { place, _ in
            let arrivals = place.repositories.arrivals(for: ann)
            let worker = ArrivalWorker(place.repositories) { Issue.record($0) }
            #expect(try await !worker.runNext())
            let source = try RemoteSource(address: "http://127.0.0.1:8080/ann/iris.git")
            try await announce(.copy(of: source), isAwaited: false, in: place)
            #expect(try await arrivals.find()?.state == .underWay)
            await expectFailure(.invalidState, containing: "on its way") { try await arrivals.forget() }

            #expect(try await worker.runNext())

            guard case .failed(let reason)? = try await arrivals.find()?.state else {
                Issue.record("it has not failed")
                return
            }
            #expect(reason.contains("127.0.0.1"))
            #expect(try await !worker.runNext())
            try await arrivals.wish()
            await expectFailure(.invalidState, containing: "on its way") { try await arrivals.forget() }
            #expect(try await worker.runNext())
            try await arrivals.forget()
            await expectFailure(.missing, containing: "Nothing is lacking") { try await arrivals.wish() }
        }
    }

    @Test func `what a killed server was bringing from elsewhere is taken up again, but not for ever`()
        async throws
    {
        let clock = TestClock()
        try await withGarden(clock: clock) { place, _ in
            let arrivals = place.repositories.arrivals(for: ann)
            let worker = ArrivalWorker(place.repositories) { Issue.record($0) }
            try await announce(.copy(of: RemoteSource(address: "http://127.0.0.1:8080/x.git")), in: place)
            #expect(try await !worker.runNext(), "who announced it brings it")
            clock.advance(byMs: 20_001)
            #expect(try await arrivals.find()?.state == .underWay)

            try await place.database.write { connection in
                _ = try connection.execute("UPDATE arrivals SET resumed = 5")
            }

            #expect(try await arrivals.find()?.state == .failed("The server was stopped while it came."))
            #expect(try await !worker.runNext())
            try await arrivals.wish()
            #expect(try await worker.runNext())
        }
    }

    @Test(arguments: Backend.available)
    func `nobody has more than two brought at a time`(on backend: Backend) async throws {
        try await withGarden(on: backend) { place, _ in
            let worker = ArrivalWorker(place.repositories) { Issue.record($0) }
            let source = try RemoteSource(address: "http://127.0.0.1:8080/ann/iris.git")
            try await announce(.copy(of: source), isAwaited: false, in: place)
            try await place.database.write { connection in
                for (key, creator) in [(20, "ann"), (21, "ann"), (22, "bob"), (23, "bob")] {
                    try connection.execute(
                        """
                        INSERT INTO arrivals (
                            workspace_id, address, user_name, started_ms, attempts, lease_until_ms, creator
                        ) VALUES (\(Int64(key)), '', '', 0, 1, \(Int64.max), \(creator))
                        """
                    )
                }
            }

            #expect(try await !worker.runNext())

            try await place.database.write { connection in
                _ = try connection.execute("DELETE FROM arrivals WHERE workspace_id = 20")
            }
            #expect(try await worker.runNext())
        }
    }

    @Test func `large files that did not come keep nobody from pushing`() async throws {
        try await withGarden { place, _ in
            let arrivals = place.repositories.arrivals(for: ann)
            try await announce(.copy(of: RemoteSource(address: "http://127.0.0.1:8080/x.git")), in: place)
            try await place.database.write { connection in
                _ = try connection.execute("UPDATE arrivals SET lease_until_ms = 0, lacking = 'One did not.'")
            }

            #expect(try await arrivals.find()?.state == .incomplete("One did not."))
            try await write(in: place)
            try await arrivals.noteWhole()
            #expect(try await arrivals.find() == nil)
        }
    }

    private func announce(_ new: NewArrival, isAwaited: Bool = true, in place: Place) async throws {
        let announce = place.repositories.announcing(new, isAwaited: isAwaited)
        try await place.database.write { connection in try announce(ann, connection) }
    }

    private func write(in place: Place) async throws {
        let person = Signature(name: "ann", email: "ann@example.org", seconds: 1_000)
        let change = FileChange.create(try WritablePath("a.txt"), .bytes([]))
        let request = CommitRequest(on: try BranchName("main"), [change], message: "Add", by: person)
        _ = try await place.repositories.git(for: Pusher(ann, isAdmin: true)).commit(request)
    }
}

private let garden = WorkspaceID(key: 8)

/// Runs a test with a repository `garden` that has a commit, which the body is given.
private func withGarden(
    on backend: Backend = .sqlite,
    clock: TestClock = TestClock(),
    mirrors: MirrorMeans = MirrorMeans(),
    _ body: (Place, String) async throws -> Void
) async throws {
    try await withRepositories(on: backend, clock: clock, mirrors: mirrors) { place in
        try await place.repositories.storage.create(garden)
        let path = place.repositories.path(of: garden)
        let tree = try await place.git("mktree", in: path)
        let commit = try await place.git("commit-tree", tree, "-m", "one", in: path)
        try await place.git("update-ref", "refs/heads/main", commit, in: path)
        try await body(place, commit)
    }
}
