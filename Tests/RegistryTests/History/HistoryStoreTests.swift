import Core
import Database
import Events
import Registry
import TestSupport
import Testing
import struct Core.Tag

@Suite struct HistoryStoreTests {
    @Test(arguments: Backend.available)
    func `every change is an event that says from what to what and why`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (models, versions) = (registry.registeredModels(for: ann), registry.modelVersions(for: ann))
            let (name, champion) = (try ModelName("iris"), try AliasName("champion"))
            _ = try await models.create(
                NewRegisteredModel(name: name, description: "d", tags: [Tag(key: "k", value: "v")])
            )
            try await registry.newVersion(of: name)
            _ = try await models.describe(name, as: "e")
            try await models.set(Tag(key: "k", value: "w"), of: name)
            try await models.deleteTag("k", of: name)
            try await models.setAlias(champion, of: name, to: 1, comment: "best so far")
            _ = try await versions.describe(1, of: name, as: "one")
            try await versions.set(Tag(key: "t", value: "1"), of: 1, of: name)
            try await versions.deleteTag("t", of: 1, of: name)
            _ = try await versions.move(1, of: name, to: .production, archivesOthers: true, comment: "tested")
            try await versions.delete(1, of: name, isForced: true)
            try await models.delete(name, isForced: true, comment: "done")

            let events = try await registry.history(for: ann).events(of: name, limit: 100)

            #expect(
                events.reversed().map { "\($0.kind.rawValue) \($0.subject) \($0.details)" } == [
                    #"registered_model.created registered_model/iris {"description":"d","tags":{"k":"v"}}"#,
                    #"model_version.created registered_model/iris/1 {"version":1,"source":"s3://b/m"}"#,
                    #"registered_model.described registered_model/iris {"from":"d","to":"e"}"#,
                    #"registered_model.tag_set registered_model/iris {"key":"k","from":"v","to":"w"}"#,
                    #"registered_model.tag_deleted registered_model/iris {"key":"k","from":"w"}"#,
                    #"registered_model.alias_set registered_model/iris/@champion "#
                        + #"{"alias":"champion","to":1,"comment":"best so far"}"#,
                    #"model_version.described registered_model/iris/1 {"version":1,"from":"","to":"one"}"#,
                    #"model_version.tag_set registered_model/iris/1 {"version":1,"key":"t","to":"1"}"#,
                    #"model_version.tag_deleted registered_model/iris/1 {"version":1,"key":"t","from":"1"}"#,
                    #"model_version.stage_changed registered_model/iris/1 "#
                        + #"{"version":1,"from":"None","to":"Production","comment":"tested"}"#,
                    #"registered_model.alias_removed registered_model/iris/@champion {"alias":"champion","from":1}"#,
                    #"model_version.deleted registered_model/iris/1 "#
                        + #"{"version":1,"source":"s3://b/m","stage":"Production"}"#,
                    #"registered_model.deleted registered_model/iris {"versions":[],"comment":"done"}"#,
                ]
            )
            #expect(Set(events.map(\.actor)) == ["ann"])
        }
    }

    @Test(arguments: Backend.available)
    func `the history of a model is its own, page by page`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let history = registry.history(for: ann)
            let name = try await registry.newModel(versions: 3)
            // Names that begin alike, or come behind in the index.
            for other in ["iris2", "iris0", "iri", "iris.", "iris-"] {
                try await registry.newModel(named: other, versions: 1)
            }

            let first = try await history.events(of: name, limit: 3)
            let second = try await history.events(of: name, before: first.last?.id, limit: 3)

            #expect(
                first.map(\.subject) == [
                    "registered_model/iris/3", "registered_model/iris/2", "registered_model/iris/1",
                ]
            )
            #expect(second.map(\.subject) == ["registered_model/iris"])
            await expectFailure(.missing, "Registered Model with name=nobody not found") {
                _ = try await history.events(of: ModelName("nobody"), limit: 1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `what an alias was at a time is known, also under an earlier name`(on backend: Backend) async throws
    {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let (iris, rose) = (try await registry.newModel(versions: 3), try ModelName("rose"))
            let champion = try AliasName("champion")
            for version in [1, 2] as [Int64] {
                clock.advance(byMs: 10)
                try await models.setAlias(champion, of: iris, to: version)
            }
            clock.advance(byMs: 10)
            _ = try await models.rename(iris, to: rose)
            clock.advance(byMs: 10)
            try await models.setAlias(champion, of: rose, to: 3)
            clock.advance(byMs: 10)
            try await models.removeAlias(champion, of: rose)

            var known: [Int64?] = []
            for time in [1_009, 1_010, 1_019, 1_020, 1_030, 1_040, 1_050] as [Int64] {
                known.append(try await history.version(at: champion, of: rose, atMs: time))
            }

            #expect(known == [nil, 1, 1, 2, 2, 3, nil])
            // The old name knows what it had until it was given up.
            #expect(try await history.version(at: champion, of: iris, atMs: 1_020) == 2)
            #expect(try await history.events(of: champion, of: rose, limit: 10).count == 4)
            // A model that takes the old name begins anew.
            clock.advance(byMs: 10)
            try await registry.newModel(named: "iris")
            #expect(try await history.events(of: rose, limit: 100).count == 9)
        }
    }

    @Test(arguments: Backend.available)
    func `an alias is rolled back step by step, and that is an event`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let (name, champion) = (try await registry.newModel(versions: 3), try AliasName("champion"))
            for version in [1, 2, 3] as [Int64] {
                clock.advance(byMs: 10)
                try await models.setAlias(champion, of: name, to: version)
            }

            #expect(try await history.rollBack(champion, of: name, comment: "drift") == 2)
            #expect(try await history.rollBack(champion, of: name) == 1)
            #expect(try await models.version(at: champion, of: name).version == 1)
            await expectFailure(.invalidParameter, "Registered model alias champion has no earlier version.")
            {
                _ = try await history.rollBack(champion, of: name)
            }
            #expect(try await history.rollBack(champion, of: name, toMs: 1_025) == 2)
            await expectFailure(
                .invalidParameter,
                "Registered model alias champion pointed at no version at that time."
            ) { _ = try await history.rollBack(champion, of: name, toMs: 1_001) }
            let last = try #require(
                try await history.events(of: champion, of: name, limit: 10).dropFirst(2).first
            )
            #expect(last.kind == .aliasRolledBack)
            #expect(last.details.contains(#""from":3,"to":2"#))
            #expect(last.details.contains(#""comment":"drift""#))
        }
    }

    @Test(arguments: Backend.available)
    func `a removed alias is rolled back to where it pointed`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let (name, champion) = (try await registry.newModel(versions: 2), try AliasName("champion"))
            await expectFailure(.invalidParameter, "Registered model alias champion not found.") {
                _ = try await history.rollBack(champion, of: name)
            }
            try await models.setAlias(champion, of: name, to: 2)
            try await models.removeAlias(champion, of: name)

            #expect(try await history.rollBack(champion, of: name) == 2)
            try await registry.modelVersions(for: ann).delete(2, of: name, isForced: true)
            await expectFailure(.missing, "Model Version (name=iris, version=2) not found") {
                _ = try await history.rollBack(champion, of: name)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `what an alias of a deleted model was is nothing to a new one`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let champion = try AliasName("champion")
            let iris = try await registry.newModel(versions: 2)
            clock.advance(byMs: 10)
            try await models.setAlias(champion, of: iris, to: 2)
            clock.advance(byMs: 10)
            try await models.delete(iris, isForced: true)
            clock.advance(byMs: 10)
            try await registry.newModel(versions: 2)
            try await models.setAlias(champion, of: iris, to: 1)

            await expectFailure(.invalidParameter, "Registered model alias champion has no earlier version.")
            {
                _ = try await history.rollBack(champion, of: iris)
            }
            await expectFailure(
                .invalidParameter,
                "Registered model alias champion pointed at no version at that time."
            ) { _ = try await history.rollBack(champion, of: iris, toMs: 1_010) }
            // Then the name was that of the deleted one, and then nobody's.
            #expect(try await history.version(at: champion, of: iris, atMs: 1_009) == nil)
            #expect(try await history.version(at: champion, of: iris, atMs: 1_010) == 2)
            #expect(try await history.version(at: champion, of: iris, atMs: 1_025) == nil)
            #expect(try await history.version(at: champion, of: iris, atMs: 1_030) == 1)
            // The history tells of both.
            #expect(try await history.events(of: champion, of: iris, limit: 10).count == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `a model that takes a name that was given up has a past of its own`(on backend: Backend) async throws
    {
        try await withRegistry(on: backend) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let (champion, rose) = (try AliasName("champion"), try ModelName("rose"))
            let iris = try await registry.newModel(versions: 3)
            try await models.setAlias(champion, of: iris, to: 3)
            try await models.setAlias(champion, of: iris, to: 2)
            _ = try await models.rename(iris, to: rose)
            try await registry.newModel(versions: 3)
            try await models.setAlias(champion, of: iris, to: 1)

            await expectFailure(.invalidParameter, "Registered model alias champion has no earlier version.")
            {
                _ = try await history.rollBack(champion, of: iris)
            }
            #expect(try await history.rollBack(champion, of: rose) == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `what an alias of a name was is known of who had the name before`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let (champion, rose) = (try AliasName("champion"), try ModelName("rose"))
            let iris = try await registry.newModel(versions: 3)
            try await models.setAlias(champion, of: iris, to: 3)
            clock.advance(byMs: 10)
            _ = try await models.rename(iris, to: rose)
            clock.advance(byMs: 10)
            #expect(try await history.version(at: champion, of: iris, atMs: 1_020) == nil)
            try await registry.newModel(versions: 1)
            clock.advance(byMs: 10)
            try await models.setAlias(champion, of: iris, to: 1)

            var ofIris: [Int64?] = []
            var ofRose: [Int64?] = []
            for time: Int64 in [1_005, 1_015, 1_025, 1_035] {
                ofIris.append(try await history.version(at: champion, of: iris, atMs: time))
                ofRose.append(try await history.version(at: champion, of: rose, atMs: time))
            }

            #expect(ofIris == [3, nil, nil, 1])
            #expect(ofRose == [3, 3, 3, 3])
        }
    }

    @Test(arguments: Backend.available)
    func `why something was changed is kept with every change`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let models = registry.registeredModels(for: ann, because: "audit 7")
            let versions = registry.modelVersions(for: ann, because: "audit 7")
            let (name, rose) = (try ModelName("iris"), try ModelName("rose"))
            _ = try await models.create(NewRegisteredModel(name: name))
            _ = try await versions.create(
                NewModelVersion(name: name, source: "s3://b/m", storageLocation: "s3://b/m")
            )
            _ = try await models.describe(name, as: "e")
            try await models.set(Tag(key: "k", value: "w"), of: name)
            try await models.deleteTag("k", of: name)
            _ = try await versions.describe(1, of: name, as: "one")
            try await versions.set(Tag(key: "t", value: "1"), of: 1, of: name)
            try await versions.deleteTag("t", of: 1, of: name)
            _ = try await models.rename(name, to: rose)

            let events = try await registry.history(for: ann).events(of: rose, limit: 100)

            #expect(events.count == 9)
            #expect(events.allSatisfy { $0.details.contains(#""comment":"audit 7""#) })
        }
    }

    @Test(arguments: Backend.available)
    func `the database itself refuses that an event is edited`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: EventMigrations.all) { database in
            try await database.write { connection in
                try EventLog.append(
                    .registeredModelCreated,
                    to: "registered_model/iris",
                    by: ann,
                    in: connection
                )
            }

            await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.execute("UPDATE events SET actor = 'eve'") }
            }

            let actors = try await database.read { try $0.rows("SELECT actor FROM events") { $0.text(0) } }
            #expect(actors == ["ann"])
        }
    }

    @Test(arguments: Backend.available)
    func `a name that only looks like another is another`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let (one, two) = ("caf\u{E9}", "cafe\u{301}")
            let (champion, name) = (
                try AliasName("champion"), try await registry.newModel(named: one, versions: 2)
            )
            try await models.setAlias(champion, of: name, to: 2)
            let renamed = try ModelName(two)
            #expect(name != renamed)

            _ = try await models.rename(name, to: renamed)
            try await models.setAlias(champion, of: renamed, to: 1)

            #expect(try await history.events(of: renamed, limit: 10).count == 6)
            #expect(try await history.rollBack(champion, of: renamed) == 2)
        }
    }

    @Test(arguments: Backend.available)
    func `the time of an alias never runs back`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let (models, history) = (registry.registeredModels(for: ann), registry.history(for: ann))
            let (name, champion) = (try await registry.newModel(versions: 2), try AliasName("champion"))
            clock.advance(byMs: 50)
            try await models.setAlias(champion, of: name, to: 1)
            // As the transaction that waited for the one before, or the clock of another server.
            clock.advance(byMs: -20)
            try await models.setAlias(champion, of: name, to: 2)

            #expect(try await history.events(of: champion, of: name, limit: 2).map(\.atMs) == [1_050, 1_050])
            #expect(try await history.version(at: champion, of: name, atMs: 1_040) == nil)
            #expect(try await history.version(at: champion, of: name, atMs: 1_050) == 2)
        }
    }

    @Test(arguments: Backend.available)
    func `a page of long texts ends early and the next goes on`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            var history = registry.history(for: ann)
            history.pageBytes = 16_000
            let name = try await registry.newModel()
            let text = String(repeating: "d", count: 100)
            // An event has the old text and the new one.
            for _ in 0..<90 { _ = try await registry.registeredModels(for: ann).describe(name, as: text) }

            let first = try await history.page(of: name, limit: 1_000)
            let second = try await history.page(of: name, before: first.next, limit: 1_000)

            #expect(first.events.count == 74)
            #expect(second.events.count == 17)
            #expect(second.next == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a comment is no book`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (models, name) = (
                registry.registeredModels(for: ann), try await registry.newModel(versions: 1)
            )
            let alias = try AliasName("champion")
            try await models.setAlias(alias, of: name, to: 1, comment: String(repeating: "é", count: 5_000))

            let message = "'comment' exceeds the maximum length of 5000 characters"
            await expectFailure(.invalidParameter, message) {
                try await models.setAlias(
                    alias,
                    of: name,
                    to: 1,
                    comment: String(repeating: "c", count: 5_001)
                )
            }
            await expectFailure(
                .invalidParameter,
                "'description' exceeds the maximum length of 100000 characters"
            ) { _ = try await models.describe(name, as: String(repeating: "d", count: 100_001)) }
        }
    }
}
