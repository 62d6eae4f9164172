import Core
import Repositories
import TestSupport
import Testing

@Suite struct FileLockStoreTests {
    @Test(arguments: Backend.available)
    func `a file is locked once, and by whom everybody sees`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let path = try LockPath("model/weights.bin")
            guard case .locked(let lock) = try await place.locks(of: ann).lock(path) else {
                Issue.record("the file was not locked")
                return
            }

            #expect(try await place.locks(of: bob).lock(path) == .taken(lock))
            #expect(try await place.locks(of: ann).lock(path) == .taken(lock))
            #expect(lock.owner == "ann")
            #expect(lock.lockedMs == 1_000)
            #expect(lock.isHeld(by: ann) && !lock.isHeld(by: bob))
            #expect(try await place.locks(of: bob).list(.init(limit: 10)).locks == [lock])
            let elsewhere = Caller(name: "ann", account: AccountID(key: 1), workspace: WorkspaceID(key: 8))
            #expect(try await place.locks(of: elsewhere).list(.init(limit: 10)).locks.isEmpty)
            await expectFailure(.missing, "There is no lock '\(lock.id)'.") {
                _ = try await place.locks(of: elsewhere).unlock(lock.id, isForced: true)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `its owner unlocks a file, and others by force`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let first = try await place.lock("a.bin", by: ann)
            await expectFailure(
                .permissionDenied,
                "'a.bin' is locked by ann; only --force unlocks it."
            ) { _ = try await place.locks(of: bob).unlock(first.id, isForced: false) }

            #expect(try await place.locks(of: ann).unlock(first.id, isForced: false) == first)
            let second = try await place.lock("a.bin", by: ann)
            #expect(try await place.locks(of: bob).unlock(second.id, isForced: true) == second)
            await expectFailure(.missing, "There is no lock '\(second.id)'.") {
                _ = try await place.locks(of: ann).unlock(second.id, isForced: false)
            }
            #expect(
                try await place.events() == [
                    "ann lfs.locked lock/a.bin {}", #"ann lfs.unlocked lock/a.bin {"owner":"ann"}"#,
                    "ann lfs.locked lock/a.bin {}", #"bob lfs.unlocked lock/a.bin {"owner":"ann"}"#,
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `what others have locked is found, and what lies below a folder`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            _ = try await place.lock("data/a.bin", by: ann)
            _ = try await place.lock("own.bin", by: bob)
            func found(_ paths: String..., by caller: Caller = bob) async throws -> String? {
                try await place.locks(of: caller).lockOfOthers(on: paths.map { try TreePath($0) })?.path.text
            }

            #expect(try await found("x", "data/a.bin") == "data/a.bin")
            #expect(try await found("data") == "data/a.bin")
            #expect(
                try await found("dat", "data/a", "data/a.bin/x", "data0", "data/a.bin2", "own.bin") == nil
            )
            #expect(try await found("data", by: ann) == nil)
            #expect(try await found("own.bin", by: Caller(name: "bob", workspace: iris)) == "own.bin")
            let many = try (0..<1_000).map { try TreePath("\($0)") }
            #expect(try await place.locks(of: bob).lockOfOthers(on: many) == nil)
            #expect(try await place.locks(of: bob).lockOfOthers(on: many + [TreePath("data")]) != nil)
        }
    }

    @Test(arguments: Backend.available)
    func `locks are found by path and id, and come in pages`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let paths = ["a b", "a/b", "c", "d", "é"]
            var locks: [FileLock] = []
            for path in paths { locks.append(try await place.lock(path, by: ann)) }
            let store = place.locks(of: bob)

            let first = try await store.list(.init(limit: 2))
            let second = try await store.list(.init(cursor: first.next, limit: 2))
            let third = try await store.list(.init(cursor: second.next, limit: 2))

            #expect((first.locks + second.locks + third.locks) == locks)
            #expect(third.next == nil)
            #expect(try await store.list(.init(path: "c", limit: 2)).locks == [locks[2]])
            #expect(try await store.list(.init(id: locks[3].id, limit: 2)).locks == [locks[3]])
            #expect(try await store.list(.init(path: "none", limit: 2)).locks.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `of two who lock one file at the same time one has it`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let path = try LockPath("a.bin")
            let attempts = try await withThrowingTaskGroup { group in
                for caller in [ann, bob, ann, bob] {
                    group.addTask { try await place.locks(of: caller).lock(path) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let locked = attempts.filter { if case .locked = $0 { true } else { false } }
            #expect(locked.count == 1)
            #expect(try await place.locks(of: ann).list(.init(limit: 10)).locks.count == 1)
        }
    }

    @Test(arguments: [
        "", "/etc/passwd", "a\0b", "../x", "a/../b", "a//b", "a/", ".", "./a",
        String(repeating: "a", count: 2_049),
    ])
    func `what no file is called cannot be locked`(path: String) {
        #expect(throws: Failure.self) { try LockPath(path) }
    }
}

extension Place {
    fileprivate func locks(of caller: Caller) -> FileLockStore { repositories.fileLocks(for: caller) }

    fileprivate func lock(_ path: String, by caller: Caller) async throws -> FileLock {
        switch try await locks(of: caller).lock(LockPath(path)) {
        case .locked(let lock): return lock
        case .taken(let lock): throw Failure.alreadyExists("'\(path)' is locked by \(lock.owner)")
        }
    }
}
