import Core
import Database
import Events
import NIOCore
import NIOPosix
import ObjectStore
import Repositories
import TestSupport
import Testing

private let other = Caller(name: "eve", account: AccountID(key: 3), workspace: WorkspaceID(key: 8))

@Suite struct ReleaseStoreTests {
    @Test(arguments: Backend.available)
    func `releases are listed, and the latest is no draft and no preview`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRepositories(on: backend, clock: clock) { place in
            let store = place.repositories.releases(for: ann)
            for (tag, isDraft, isPrerelease) in [
                ("v1", false, false), ("v2", false, true), ("v3", true, false),
            ] {
                clock.advance(byMs: 1)
                _ = try await store.create(
                    NewRelease(
                        tag: TagName(tag),
                        target: Revision("main"),
                        isDraft: isDraft,
                        isPrerelease: isPrerelease
                    )
                )
            }

            #expect(
                try await store.list(PageRequest(), drafts: true).elements.map(\.tag.text) == [
                    "v3", "v2", "v1",
                ]
            )
            let shown = try await store.list(PageRequest(limit: 1), drafts: false)
            #expect(shown.elements.map(\.tag.text) == ["v2"])
            #expect(shown.total == 2)
            #expect(try await store.latest().tag.text == "v1")
            await expectFailure(.missing, "The tag 'v3' has no release.") {
                _ = try await store.get(of: TagName("v3"), drafts: false)
            }
            await expectFailure(.alreadyExists, "The tag 'v1' has a release already.") {
                _ = try await store.create(NewRelease(tag: TagName("v1"), target: Revision("main")))
            }
            #expect(
                try await place.repositories.releases(for: other).list(PageRequest(), drafts: true).total == 0
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a draft is published once, and its tag is its own`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRepositories(on: backend, clock: clock) { place in
            let store = place.repositories.releases(for: ann)
            let draft = try await store.create(
                NewRelease(tag: TagName("v1"), target: Revision("main"), name: "One", isDraft: true)
            )
            #expect(draft.publishedMs == nil)
            clock.advance(byMs: 500)
            let published = try await store.edit(draft.id, ReleaseChange(note: "words", isDraft: false))
            #expect(published.publishedMs == 1_500)
            #expect(published.name == "One")
            clock.advance(byMs: 500)
            let renamed = try await store.edit(draft.id, ReleaseChange(tag: TagName("v1.0")))
            #expect(renamed.publishedMs == 1_500)
            #expect(renamed.note == "words")

            _ = try await store.create(NewRelease(tag: TagName("v2"), target: Revision("main")))
            await expectFailure(.alreadyExists, "The tag 'v2' has a release already.") {
                _ = try await store.edit(draft.id, ReleaseChange(tag: TagName("v2")))
            }
            await expectFailure(.missing, "The repository has no release \(draft.id).") {
                try await place.repositories.releases(for: other).delete(draft.id)
            }
            try await store.delete(draft.id)
            #expect(try await store.list(PageRequest(), drafts: true).elements.map(\.tag.text) == ["v2"])
            #expect(
                try await place.events().map { $0.prefix { $0 != "{" } } == [
                    "ann release.drafted release/\(draft.id) ", "ann release.published release/\(draft.id) ",
                    "ann release.updated release/\(draft.id) ",
                    "ann release.published release/\(draft.id + 1) ",
                    "ann release.deleted release/\(draft.id) ",
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `files come, are renamed and go, and their bytes are counted`(on backend: Backend) async throws {
        try await withFiles(on: backend) { place, files in
            let store = place.repositories.releases(for: ann)
            let assets = place.repositories.releaseFiles(in: files, for: ann)
            let release = try await store.create(NewRelease(tag: TagName("v1"), target: Revision("main")))

            let one = try await assets.add(pieces("same"), to: release.id) { try AssetName("a.zip") }
            let two = try await assets.add(pieces("same"), to: release.id) { try AssetName("b.zip") }
            #expect(one.sizeBytes == 4)
            #expect(try await place.references() == [2])
            await expectFailure(.alreadyExists, "The release has a file 'a.zip' already.") {
                _ = try await assets.add(pieces("more"), to: release.id) { try AssetName("a.zip") }
            }
            await expectFailure(.alreadyExists, "The release has a file 'b.zip' already.") {
                _ = try await assets.rename(one.id, of: release.id, to: AssetName("b.zip"))
            }
            #expect(
                try await assets.rename(one.id, of: release.id, to: AssetName("c.zip")).name.text == "c.zip"
            )
            #expect(try await read(assets.open(one, isCounted: true)) == "same")
            #expect(try await read(assets.open(one, isCounted: false)) == "same")
            #expect(try await store.get(release.id, drafts: false).assets.map(\.downloadCount) == [1, 0])

            try await assets.remove(two.id, of: release.id)
            await expectFailure(.missing, "The release has no file \(two.id).") {
                _ = try await assets.get(two.id, of: release.id, drafts: true)
            }
            #expect(try await place.references().contains(1))
            try await store.delete(release.id)
            #expect(try await place.references().allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: Backend.available)
    func `a release has so many files`(on backend: Backend) async throws {
        try await withFiles(on: backend) { place, files in
            let store = place.repositories.releases(for: ann)
            let assets = place.repositories.releaseFiles(in: files, for: ann)
            let release = try await store.create(NewRelease(tag: TagName("v1"), target: Revision("main")))
            for number in 0..<ReleaseAsset.countLimit {
                _ = try await assets.add(pieces("x"), to: release.id) { try AssetName("\(number)") }
            }
            await expectFailure(.tooLarge, "A release has at most 100 files.") {
                _ = try await assets.add(pieces("x"), to: release.id) { try AssetName("more") }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the number of what was deleted is not given again`(on backend: Backend) async throws {
        try await withFiles(on: backend) { place, files in
            let store = place.repositories.releases(for: ann)
            let assets = place.repositories.releaseFiles(in: files, for: ann)
            let new = try NewRelease(tag: TagName("v1"), target: Revision("main"))

            let first = try await store.create(new)
            let file = try await assets.add(pieces("x"), to: first.id) { try AssetName("x") }
            try await store.delete(first.id)
            let second = try await store.create(new)
            let other = try await assets.add(pieces("x"), to: second.id) { try AssetName("x") }

            #expect(second.id > first.id)
            #expect(other.id > file.id)
        }
    }

    @Test(arguments: Backend.available)
    func `an event tells a release as it was, whatever has become of it`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let store = place.repositories.releases(for: ann)
            let note = String(repeating: "ü", count: 12_000)
            let made = try await store.create(
                NewRelease(
                    tag: TagName("v1"),
                    target: Revision("main"),
                    name: "One",
                    note: note,
                    isPrerelease: true
                )
            )
            let changed = try await store.edit(made.id, ReleaseChange(name: "Two", note: "other"))
            try await store.delete(made.id)
            let events = try await place.database.read { connection in
                try EventLog.read(for: ann, after: 0, limit: 1, in: connection)
            }
            let details = try JSON(parsing: try #require(events.first).details)

            #expect(Release(made.id, asTold: details, now: made) == made)
            for now in [nil, changed] {
                let told = try #require(Release(made.id, asTold: details, now: now))
                #expect(told.name == "One" && told.isPrerelease && !told.isDraft)
                #expect(told.note == String(note.prefix(10_000)))
                #expect(told.author == "ann" && told.authorID == ann.account)
                #expect(told.publishedMs == made.publishedMs)
            }
            #expect(Release(made.id, asTold: ["tag": "v1", "name": "One"], now: made) == nil)
        }
    }

    @Test(arguments: ["", ".", "..", "a/b", "a\\b", "a\nb", "a\0", String(repeating: "a", count: 256)])
    func `what is no name of a file is refused`(name: String) {
        #expect(throws: Failure.self) { try AssetName(name) }
    }

    @Test func `what is too long is refused`() {
        #expect(throws: Failure.self) {
            try NewRelease(
                tag: TagName("v1"),
                target: Revision("main"),
                name: String(repeating: "a", count: 256)
            )
        }
        #expect(throws: Failure.self) { try ReleaseChange(note: String(repeating: "a", count: 125_001)) }
    }
}

private func withFiles(on backend: Backend, _ body: (Place, FileStore) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    try await withRepositories(on: backend) { place in
        let objects = try await DiskObjectStore.open(root: folder.path, pool: .singleton)
        try await body(place, FileStore(database: place.database, objects: objects))
    }
    try folder.remove()
}

private func pieces(_ text: String) -> AsyncStream<ByteBuffer> {
    AsyncStream { stream in
        stream.yield(ByteBuffer(string: text))
        stream.finish()
    }
}

private func read(_ content: any ObjectContent) async throws -> String {
    var text = ""
    try await content.forEachPiece(of: 0..<content.sizeBytes) { text += String(buffer: $0) }
    return text
}

extension Place {
    /// How often each object is referred to.
    fileprivate func references() async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT reference_count FROM objects ORDER BY object_key") { $0.int(0) }
        }
    }
}
