import Core
import Database
import Repositories
import TestSupport
import Testing

@Suite struct RefLogTests {
    @Test(arguments: Backend.available)
    func `what happens to refs becomes an event once`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let log = place.repositories.refLog
            let first = try await place.commit("one")
            let second = try await place.commit("two", on: first)
            let other = try await place.commit("other", on: first)

            try await log.recording([RefChange("refs/heads/main", from: nil, to: first)], by: ann) {
                _ = try await place.git("update-ref", "refs/heads/main", first, in: place.path)
            }
            try await log.recording([RefChange("refs/heads/main", from: first, to: second)], by: bob) {
                _ = try await place.git("update-ref", "refs/heads/main", second, in: place.path)
                _ = try await place.git("update-ref", "refs/tags/v1", first, in: place.path)
            }
            try await log.recording([RefChange("refs/heads/main", from: second, to: other)], by: ann) {
                _ = try await place.git("update-ref", "refs/heads/main", other, in: place.path)
            }
            try await log.recording([RefChange("refs/tags/v1", from: first, to: nil)], by: ann) {
                _ = try await place.git("update-ref", "-d", "refs/tags/v1", in: place.path)
            }
            try await log.record(iris, ending: [])

            #expect(
                try await place.events() == [
                    #"ann git.branch_created branch/main {"ref":"refs/heads/main","after":"\#(first)","commits":1,"forced":false}"#,
                    #"bob git.pushed branch/main {"ref":"refs/heads/main","before":"\#(first)","after":"\#(second)","commits":1,"forced":false}"#,
                    #"bob git.tag_created tag/v1 {"ref":"refs/tags/v1","after":"\#(first)"}"#,
                    #"ann git.pushed branch/main {"ref":"refs/heads/main","before":"\#(second)","after":"\#(other)","commits":1,"forced":true}"#,
                    #"ann git.tag_deleted tag/v1 {"ref":"refs/tags/v1","before":"\#(first)"}"#,
                ]
            )
            #expect(try await log.known(iris).refs == ["refs/heads/main": other])
            #expect(try await log.refs(of: iris) == ["refs/heads/main": other])
        }
    }

    @Test(arguments: Backend.available)
    func `what a killed server left is found by its note, and has its pusher`(
        on backend: Backend
    ) async throws {
        try await withRepositories(on: backend) { place in
            let log = place.repositories.refLog
            let first = try await place.commit("one")
            _ = try await log.note([RefChange("refs/heads/main", from: nil, to: first)], by: bob)
            _ = try await log.note([RefChange("refs/heads/x", from: nil, to: first)], by: ann)
            try await place.git("update-ref", "refs/heads/main", first, in: place.path)

            #expect(try await log.recover(begunBefore: 1_000).isEmpty)
            let found = try await log.recover(begunBefore: 2_000, forgets: false)
            #expect(found.map(\.changes) == [[RefChange("refs/heads/main", from: nil, to: first)]])
            try await place.git("update-ref", "refs/heads/x", first, in: place.path)
            try await log.recover(begunBefore: 2_000)

            #expect(try await log.recover(begunBefore: 2_000).isEmpty)
            #expect(
                try await place.events().map { $0.prefix { $0 != "{" } } == [
                    "bob git.branch_created branch/main ", "ann git.branch_created branch/x ",
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `pushes that end together are told one by one, each with its pusher`(
        on backend: Backend
    ) async throws {
        try await withRepositories(on: backend) { place in
            let log = place.repositories.refLog
            let main = "refs/heads/main"
            let first = try await place.commit("one")
            let second = try await place.commit("two", on: first)
            let third = try await place.commit("three", on: second)
            let other = try await place.commit("other", on: first)
            let anns = [
                try await log.note([RefChange(main, from: nil, to: first)], by: ann),
                try await log.note([RefChange(main, from: first, to: second)], by: ann),
            ]
            // This one came too late and is refused.
            let late = try await log.note([RefChange(main, from: first, to: other)], by: bob)
            let bobs = try await log.note([RefChange(main, from: second, to: third)], by: bob)
            for commit in [first, second, third] {
                try await place.git("update-ref", main, commit, in: place.path)
            }

            let found = try await log.record(iris, ending: [bobs])
            try await log.record(iris, ending: anns + [late])

            #expect(found == [RefChange(main, from: nil, to: third)])
            #expect(
                try await place.events() == [
                    #"ann git.branch_created branch/main {"ref":"refs/heads/main","after":"\#(first)","commits":1,"forced":false}"#,
                    #"ann git.pushed branch/main {"ref":"refs/heads/main","before":"\#(first)","after":"\#(second)","commits":1,"forced":false}"#,
                    #"bob git.pushed branch/main {"ref":"refs/heads/main","before":"\#(second)","after":"\#(third)","commits":1,"forced":false}"#,
                ]
            )
            #expect(try await log.known(iris).refs == [main: third])
        }
    }

    @Test(arguments: Backend.available)
    func `many who record at once write each change once`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let log = place.repositories.refLog
            let first = try await place.commit("one")

            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let change = RefChange("refs/heads/b\(number)", from: nil, to: first)
                        let caller = Caller(name: "p\(number)", workspace: iris)
                        try await log.recording([change], by: caller) {
                            _ = try await place.git("update-ref", change.name, first, in: place.path)
                        }
                    }
                }
                try await group.waitForAll()
            }

            let events = try await place.events().map {
                $0.split(separator: " ").prefix(3).joined(separator: " ")
            }
            #expect(Set(events) == Set((0..<12).map { "p\($0) git.branch_created branch/b\($0)" }))
            #expect(events.count == 12)
        }
    }

    @Test func `the first push says which branch is shown first`() async throws {
        try await withRepositories { place in
            let first = try await place.commit("one")
            for name in ["topic", "master"] {
                try await place.git("update-ref", "refs/heads/\(name)", first, in: place.path)
            }

            try await place.repositories.refLog.record(iris, ending: [])

            #expect(try await place.git("symbolic-ref", "HEAD", in: place.path) == "refs/heads/master")
        }
    }

    @Test func `a note of a repository that is gone goes too`() async throws {
        try await withRepositories { place in
            let log = place.repositories.refLog
            _ = try await log.note([], by: Caller(name: "ann", workspace: WorkspaceID(key: 8)))

            try await log.recover(begunBefore: 2_000)

            let count = try await place.database.read { connection in
                try connection.first("SELECT COUNT(*) FROM pushes") { $0.int(0) }
            }
            #expect(count == 0)
        }
    }
}
