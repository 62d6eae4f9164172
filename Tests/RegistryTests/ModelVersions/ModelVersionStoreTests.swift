import Core
import Registry
import TestSupport
import Testing
import struct Core.Tag

@Suite struct ModelVersionStoreTests {
    @Test func `the run of a version has an id that is as long as one`() throws {
        let name = try ModelName("iris")
        let id = String(repeating: "ü", count: 256)
        _ = try NewModelVersion(name: name, source: "s3://b/m", storageLocation: "s3://b/m", runID: id)

        let failure = #expect(throws: Failure.self) {
            try NewModelVersion(name: name, source: "s3://b/m", storageLocation: "s3://b/m", runID: id + "a")
        }
        #expect(failure?.message == "'run_id' exceeds the maximum length of 256 characters")
    }

    @Test(arguments: Backend.available)
    func `a new version is ready, in no stage and makes its model younger`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let (name, versions) = (try await registry.newModel(), registry.modelVersions(for: ann))
            clock.advance(byMs: 7)
            let new = try NewModelVersion(
                name: name,
                source: "models:/m-1",
                storageLocation: "mlflow-artifacts:/0/models/m-1/artifacts",
                runID: "r",
                runLink: "http://h/r",
                description: "first",
                tags: [Tag(key: "a", value: "1"), Tag(key: "a", value: "2")]
            )

            let made = try await versions.create(new)

            #expect(try await versions.get(1, of: name) == made)
            #expect((made.version, made.stage, made.status) == (1, .none, .ready))
            #expect((made.creationTime, made.lastUpdateTime) == (1_007, 1_007))
            #expect((made.source, made.runID, made.runLink) == ("models:/m-1", "r", "http://h/r"))
            #expect(made.storageLocation == "mlflow-artifacts:/0/models/m-1/artifacts")
            #expect(made.tags == [Tag(key: "a", value: "2")])
            #expect(try await registry.registeredModels(for: ann).get(name).lastUpdateTime == 1_007)
        }
    }

    @Test(arguments: Backend.available)
    func `concurrent calls get consecutive numbers`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel()

            let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<32 { group.addTask { try await registry.newVersion(of: name) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(numbers.sorted() == Array(1...32))
        }
    }

    @Test(arguments: Backend.available)
    func `the number of a deleted version is not given again`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, versions) = (
                try await registry.newModel(versions: 2), registry.modelVersions(for: ann)
            )

            try await versions.delete(2, of: name, isForced: false)

            #expect(try await registry.newVersion(of: name) == 3)
            await expectFailure(.missing, "Model Version (name=iris, version=2) not found") {
                _ = try await versions.get(2, of: name)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a version that is in use is deleted by force alone`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, versions) = (
                try await registry.newModel(versions: 2), registry.modelVersions(for: ann)
            )
            try await registry.registeredModels(for: ann).setAlias(AliasName("champion"), of: name, to: 1)
            _ = try await versions.move(2, of: name, to: .production, archivesOthers: false)

            await expectFailure(
                .invalidState,
                "Model Version (name=iris, version=1) is in use: the alias 'champion' points at it. Delete it with force."
            ) { try await versions.delete(1, of: name, isForced: false) }
            await expectFailure(
                .invalidState,
                "Model Version (name=iris, version=2) is in use: it is in Production. Delete it with force."
            ) { try await versions.delete(2, of: name, isForced: false) }
            try await versions.delete(1, of: name, isForced: true)
            try await versions.delete(2, of: name, isForced: true)

            #expect(try await registry.registeredModels(for: ann).get(name).latestVersions == [])
        }
    }

    @Test(arguments: Backend.available)
    func `a version that enters a stage may send the others to the archive`(on backend: Backend) async throws
    {
        try await withRegistry(on: backend) { registry in
            let (name, versions) = (
                try await registry.newModel(versions: 4), registry.modelVersions(for: ann)
            )
            for number in [1, 2] as [Int64] {
                _ = try await versions.move(number, of: name, to: .staging, archivesOthers: false)
            }

            let moved = try await versions.move(
                3,
                of: name,
                to: ModelStage(word: "sTAGING"),
                archivesOthers: true
            )

            #expect(moved.stage == .staging)
            #expect(try await versions.get(1, of: name).stage == .archived)
            #expect(try await versions.get(2, of: name).stage == .archived)
            let latest = try await registry.registeredModels(for: ann).latestVersions(of: name)
            #expect(latest.map(\.version) == [2, 3, 4])
            #expect(latest.map(\.stage) == [.archived, .staging, .none])
            await expectFailure(
                .invalidParameter,
                "Model version transition cannot archive existing model versions because 'Archived' is not an Active "
                    + "stage. Valid stages are ['Staging', 'Production']"
            ) { _ = try await versions.move(3, of: name, to: .archived, archivesOthers: true) }
            await expectFailure(
                .invalidParameter,
                "Invalid Model Version stage: Beta. Value must be one of None, Staging, Production, Archived."
            ) { _ = try ModelStage(word: "Beta") }
        }
    }

    @Test(arguments: Backend.available)
    func `a tag is set, replaced and removed`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, versions) = (
                try await registry.newModel(versions: 1), registry.modelVersions(for: ann)
            )

            try await versions.set(Tag(key: "a", value: "1"), of: 1, of: name)
            try await versions.set(Tag(key: "a", value: "2"), of: 1, of: name)
            #expect(try await versions.get(1, of: name).tags == [Tag(key: "a", value: "2")])
            try await versions.deleteTag("a", of: 1, of: name)
            try await versions.deleteTag("a", of: 1, of: name)

            #expect(try await versions.get(1, of: name).tags == [])
        }
    }

    @Test(arguments: Backend.available)
    func `a page of versions with long tags ends early and the next goes on`(on backend: Backend) async throws
    {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel()
            var versions = registry.modelVersions(for: ann)
            versions.pageBytes = 16_000
            let value = String(repeating: "v", count: 100)
            let tags = (0..<40).map { Tag(key: "k\($0)", value: value) }
            for _ in 0..<6 { try await registry.newVersion(of: name, tags: tags) }

            let order = ["version_number ASC"]
            let first = try await versions.search(
                RegistrySearch(filter: "", orderBy: order, limit: 100, pageToken: nil)
            )
            let second = try await versions.search(
                RegistrySearch(filter: "", orderBy: order, limit: 100, pageToken: first.next)
            )

            #expect(first.versions.map(\.version) == [1, 2, 3, 4])
            #expect(second.versions.map(\.version) == [5, 6])
            #expect(second.next == nil)
        }
    }

    /// Two moments, and more versions of each than a page holds.
    @Test(
        arguments: Backend.available,
        [
            ([], "a4 a3 b2 c4 c3 a2 a1 b1 c2 c1"),
            (["last_updated_timestamp ASC", "version_number ASC"], "a1 b1 c1 a2 c2 b2 a3 c3 a4 c4"),
            (["name DESC"], "c4 c3 c2 c1 b2 b1 a4 a3 a2 a1"),
        ] as [([String], String)]
    )
    func `pages of versions that changed in the same moment leave out none and show none twice`(
        on backend: Backend,
        by order: (terms: [String], found: String)
    ) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            for name in ["b", "a", "c"] { try await registry.newModel(named: name) }
            for moment in 0..<2 {
                for (number, name) in ["c", "b", "a", "a", "c"].enumerated() {
                    let tags = [Tag(key: "z", value: "\(moment)"), Tag(key: "k", value: "\(number)")]
                    try await registry.newVersion(of: ModelName(name), tags: tags)
                }
                clock.advance(byMs: 1)
            }
            let versions = registry.modelVersions(for: ann)
            func pages(of limit: Int) async throws -> [ModelVersion] {
                var (found, token): ([ModelVersion], String?) = ([], nil)
                repeat {
                    let search = RegistrySearch(
                        filter: nil,
                        orderBy: order.terms,
                        limit: limit,
                        pageToken: token
                    )
                    let page = try await versions.search(search)
                    #expect(page.versions.count == limit || page.next == nil)
                    found += page.versions
                    token = page.next
                } while token != nil
                return found
            }

            for limit in [1, 2, 3, 4, 5, 6, 7, 9, 10, 100] {
                let found = try await pages(of: limit)
                let text = found.map { "\($0.name)\($0.version)" }.joined(separator: " ")
                #expect(text == order.found, "\(limit) at a time")
                #expect(found.allSatisfy { $0.tags.map(\.key) == ["k", "z"] })
            }
        }
    }

    @Test(arguments: Backend.available)
    func `versions are found by model, run, source, number and tag`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let versions = registry.modelVersions(for: ann)
            let (iris, rose) = (try await registry.newModel(), try await registry.newModel(named: "rose"))
            for (name, run) in [(iris, "r1"), (rose, "r1"), (iris, "r2")] {
                clock.advance(byMs: 1)
                let source = "s3://b/\(run)"
                _ = try await versions.create(
                    NewModelVersion(name: name, source: source, storageLocation: source, runID: run)
                )
            }
            try await registry.newModel(named: "prompt")
            let mark = Tag(key: "mlflow.prompt.is_prompt", value: "true")
            try await registry.newVersion(of: ModelName("prompt"), tags: [mark])
            try await registry.newVersion(of: ModelName("prompt"))
            try await versions.set(Tag(key: "good", value: "yes"), of: 1, of: rose)

            #expect(try await versions.found() == ["iris 2", "rose 1", "iris 1"])
            #expect(try await versions.found("name = 'iris'") == ["iris 2", "iris 1"])
            #expect(try await versions.found("run_id = 'r1'") == ["rose 1", "iris 1"])
            #expect(try await versions.found("run_id IN ('r2', 'r3')") == ["iris 2"])
            #expect(try await versions.found("source_path LIKE '%r2'") == ["iris 2"])
            #expect(try await versions.found("version_number > 1") == ["iris 2"])
            #expect(try await versions.found("version_number = '1'") == ["rose 1", "iris 1"])
            #expect(try await versions.found("tags.good = 'yes'") == ["rose 1"])
            #expect(
                try await versions.found("NOT tags.good = 'yes'", orderBy: ["creation_timestamp"]) == [
                    "iris 1", "iris 2",
                ]
            )
            let prompts = try await versions.found("tags.`mlflow.prompt.is_prompt` = 'true'")
            #expect(prompts == ["prompt 1"])
            #expect(
                try await versions.found(orderBy: ["name DESC", "version_number"]) == [
                    "rose 1", "iris 1", "iris 2",
                ]
            )
            _ = try await versions.create(
                NewModelVersion(
                    name: ModelName("prompt"),
                    source: "s3://b/r1",
                    storageLocation: "s3://b/r1",
                    runID: "r1"
                )
            )
            #expect(try await versions.versions(ofRuns: ["r1", "nobody's"]).map(\.name) == ["rose", "iris"])
        }
    }

    @Test(
        arguments: [
            ("stage = 'a'", "Invalid attribute key 'stage' specified. Valid keys are "),
            ("version_number LIKE '1'", "Invalid comparator for attribute version_number: LIKE"),
            ("version_number = 'x'", "Invalid value for numeric attribute 'version_number': 'x'"),
            ("version_number = 1.5", "Invalid value for numeric attribute 'version_number': 1.5"),
            (
                "source_path IN ('a')",
                "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values."
            ),
            ("name IS NULL", "Invalid comparison clause. Expected 3 tokens found 2"),
        ]
    )
    func `a wrong filter is told in MLflow's words`(_ filter: String, _ message: String) async throws {
        try await withRegistry(on: .sqlite) { registry in
            do {
                _ = try await registry.modelVersions(for: ann).found(filter)
                Issue.record("nothing was refused")
            } catch let failure as Failure {
                #expect(failure.message.hasPrefix(message))
            }
        }
    }

    @Test(
        arguments: [("3", 3), (" +3\n", 3), ("-1", -1), ("99999999999999999999", .max)] as [(String, Int64)]
    )
    func `a number may be written as Python reads it`(_ text: String, _ number: Int64) throws {
        #expect(try VersionNumber.parse(text) == number)
    }

    @Test(arguments: ["", "x", "1.0", "3 4", "0x3"])
    func `what is no number is told`(_ text: String) {
        #expect {
            _ = try VersionNumber.parse(text)
        } throws: {
            ($0 as? Failure)?.message == "Parameter 'version' must be an integer, got '\(text)'."
        }
    }
}

extension ModelVersionStore {
    fileprivate func found(_ filter: String? = nil, orderBy: [String] = []) async throws -> [String] {
        let page = try await search(
            RegistrySearch(filter: filter, orderBy: orderBy, limit: 10, pageToken: nil)
        )
        return page.versions.map { "\($0.name) \($0.version)" }
    }
}
