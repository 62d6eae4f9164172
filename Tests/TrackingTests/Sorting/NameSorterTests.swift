import Core
import Database
import TestSupport
import Testing

@testable import Tracking

struct NameSorterTests {
    @Test func `what is sorted is written and read as text`() {
        var names = SortedNames.none
        names[SortedNames.Name(kind: .metric, id: 12)] = .ready
        names[SortedNames.Name(kind: .param, id: 7)] = .filling
        names[SortedNames.Name(kind: .tag, id: 3)] = .refused

        #expect(names.text == "m12+ p7~ t3!")
        #expect(SortedNames(names.text) == names)
        #expect(SortedNames("") == .none)
    }

    /// Values are sorted at the first search for them, and stay so whatever is written, renamed or deleted later.
    @Test(arguments: Backend.available)
    func `the first search sorts, and later writes keep the order`(on backend: Backend) async throws {
        try await withManyRuns(on: backend) { tracking, ids in
            let runs = tracking.runs(for: ann)
            let orders = ["metrics.acc DESC", "params.lr", "tags.team DESC"]
            for order in orders { #expect(try await tracking.search(orderBy: [order]).count == ids.count) }
            try await tracking.sortWished()

            #expect(try await tracking.sortedWords() == ["acc+", "lr+", "team+"])
            try await runs.log(try Batch(metrics: [point(-1, step: 1)], params: [], tags: []), to: ids[7])
            try await runs.log(try Batch(metrics: [point(.nan, step: 1)], params: [], tags: []), to: ids[8])
            try await runs.log(try Batch(tag: Tag(key: "team", value: "zz")), to: ids[9])
            try await runs.deleteTag("team", of: ids[10])
            try await runs.delete(ids[11])
            let last = try await tracking.newRun(named: "last", startTime: 9_999)
            try await runs.log(
                try Batch(
                    metrics: [point(1e9)],
                    params: [Param(key: "lr", value: "")],
                    tags: [Tag(key: "team", value: "zzz")]
                ),
                to: last
            )

            let byMetric = try await tracking.search(orderBy: ["metrics.acc DESC"])
            #expect(byMetric.first == last)
            // The lowest number, then NaN.
            #expect(byMetric.suffix(2) == [ids[7], ids[8]])
            #expect(!byMetric.contains(ids[11]))
            #expect(try await tracking.search(orderBy: ["params.lr"]).first == last)
            let byTag = try await tracking.search(orderBy: ["tags.team DESC"])
            #expect(byTag.prefix(2) == [last, ids[9]])
            #expect(byTag.last == ids[10])
            for order in orders {
                let sorted = try await tracking.search(orderBy: [order])
                try await tracking.forgetSorting()
                #expect(try await tracking.search(orderBy: [order]) == sorted)
            }
            #expect(try await tracking.search(filter: "tags.team = 'zz'") == [ids[9]])
            #expect(try await tracking.search(filter: "params.lr LIKE '%'").count == ids.count)
        }
    }

    @Test(arguments: Backend.available)
    func `few runs are left unsorted`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let id = try await tracking.newRun()
            try await tracking.runs(for: ann).log(try Batch(metric: point(1)), to: id)

            #expect(try await tracking.search(orderBy: ["metrics.acc"]) == [id])
            try await tracking.sortWished()

            #expect(try await tracking.sortedWords() == [])
        }
    }

    @Test(arguments: Backend.available)
    func `a name with a long value is not sorted, and one that gets a long value no more`(
        on backend: Backend
    ) async throws {
        try await withManyRuns(on: backend) { tracking, ids in
            let runs = tracking.runs(for: ann)
            let long = String(repeating: "y", count: 5_000)
            try await runs.log(try Batch(param: Param(key: "note", value: long)), to: ids[0])

            #expect(try await tracking.search(orderBy: ["params.note"]).first == ids[0])
            #expect(try await tracking.search(filter: "params.lr = 'lr-3'") == [ids[3]])
            #expect(try await tracking.search(filter: "tags.team = 'team-3'") == [ids[3]])
            try await tracking.sortWished()
            #expect(try await tracking.sortedWords() == ["lr+", "note!", "team+"])
            try await runs.log(try Batch(tag: Tag(key: "team", value: long)), to: ids[3])

            #expect(try await tracking.sortedWords() == ["lr+", "note!", "team!"])
            #expect(try await tracking.search(filter: "tags.team = 'team-3'") == [])
            #expect(try await tracking.search(filter: "tags.team LIKE 'yy%'") == [ids[3]])
            #expect(try await tracking.search(filter: "tags.team = 'team-4'") == [ids[4]])
            try await runs.log(try Batch(tag: Tag(key: "team", value: "short")), to: ids[3])
            #expect(try await tracking.search(orderBy: ["tags.team"]).first == ids[3])
        }
    }

    /// As after the process was ended in the middle.
    @Test(arguments: Backend.available)
    func `names that are half sorted are searched rightly and then sorted`(on backend: Backend) async throws {
        try await withManyRuns(on: backend) { tracking, ids in
            let runs = tracking.runs(for: ann)
            let lr = try await tracking.database.read { try tracking.names.find("lr", in: $0) }
            try await tracking.database.write { connection in
                var names = SortedNames.none
                names[SortedNames.Name(kind: .param, id: try #require(lr))] = .filling
                try names.store(of: 1, in: connection)
            }
            let last = try await tracking.newRun()
            try await runs.log(try Batch(param: Param(key: "lr", value: "lr-3")), to: last)

            #expect(try await tracking.search(filter: "params.lr = 'lr-3'") == [ids[3], last])
            try await tracking.sortWished()
            #expect(try await tracking.sortedWords() == ["lr+"])
            #expect(try await tracking.search(filter: "params.lr = 'lr-3'") == [ids[3], last])
        }
    }

    @Test(arguments: Backend.available)
    func `an imported run takes its place among the sorted`(on backend: Backend) async throws {
        try await withManyRuns(on: backend) { tracking, ids in
            let filters = ["metrics.acc = -5", "params.lr = 'theirs'", "tags.team = 'theirs'"]
            for filter in filters { #expect(try await tracking.search(filter: filter) == []) }
            try await tracking.sortWished()
            #expect(try await tracking.sortedWords() == ["acc+", "lr+", "team+"])
            let run = ImportedRun(
                id: "theirs",
                experimentID: 0,
                name: "theirs",
                userID: "bob",
                status: .finished,
                startTime: 5,
                endTime: 9,
                stage: .active,
                deletedTime: nil,
                artifactURI: "mlflow-artifacts:/0/theirs/artifacts",
                params: [Param(key: "lr", value: "theirs")],
                tags: [Tag(key: "team", value: "theirs")],
                datasets: [],
                modelInputs: [],
                modelOutputs: []
            )
            var chunk = ImportChunk()
            chunk.append(run)
            chunk.append([point(-5)], to: run.id)
            chunk.finish(run: run.id)

            _ = try await tracking.imports(for: ann).write(chunk)

            for filter in filters { #expect(try await tracking.search(filter: filter) == ["theirs"]) }
        }
    }

    /// Two servers sort the same names, a few runs at a time, while others log.
    @Test(arguments: Backend.available)
    func `what is written while a name is being sorted is found`(on backend: Backend) async throws {
        try await withManyRuns(on: backend) { tracking, _ in
            let filters = ["params.lr = 'late'", "tags.team = 'late'", "metrics.acc = -5"]
            let names = try await tracking.names(["acc": .metric, "lr": .param, "team": .tag])

            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    let sorter = NameSorter(chunk: 20)
                    sorter.wish(names, of: 1)
                    group.addTask { try await sorter.sortWished(in: tracking.database) }
                }
                for number in 0..<40 {
                    group.addTask { _ = try await tracking.logLate(number) }
                }
                try await group.waitForAll()
            }

            #expect(try await tracking.sortedWords() == ["acc+", "lr+", "team+"])
            for filter in filters {
                #expect(try await tracking.search(filter: filter).count == 40, "\(filter)")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a name whose long value comes late is refused, the others are sorted`(
        on backend: Backend
    ) async throws {
        try await withManyRuns(on: backend) { tracking, ids in
            let long = Param(key: "lr", value: String(repeating: "y", count: 251))
            let run = try await tracking.newRun(named: "long")
            try await tracking.runs(for: ann).log(try Batch(param: long), to: run)
            let sorter = NameSorter(chunk: 20)
            sorter.wish(try await tracking.names(["lr": .param, "team": .tag]), of: 1)

            try await sorter.sortWished(in: tracking.database)

            #expect(try await tracking.sortedWords() == ["lr!", "team+"])
            #expect(try await tracking.search(filter: "params.lr LIKE 'y%'") == [run])
            #expect(try await tracking.search(filter: "tags.team = 'team-7'") == [ids[7]])
        }
    }
}

private func point(_ value: Double, step: Int64 = 0) -> Metric {
    Metric(key: "acc", value: value, timestamp: 1, step: step)
}

/// Enough runs to be sorted, of which the first started last.
private func withManyRuns(
    on backend: Backend,
    _ body: (Tracking, [String]) async throws -> Void
) async throws {
    try await withTracking(on: backend) { tracking in
        var ids: [String] = []
        for number in 0...NameSorter.fewRuns {
            let id = try await tracking.newRun(named: "run \(number)", startTime: Int64(1_000 - number))
            try await tracking.runs(for: ann).log(
                try Batch(
                    metrics: [point(Double(number))],
                    params: [Param(key: "lr", value: "lr-\(number)")],
                    tags: [Tag(key: "team", value: "team-\(number)")]
                ),
                to: id
            )
            ids.append(id)
        }
        try await body(tracking, ids)
    }
}

extension Tracking {
    fileprivate func search(filter: String? = nil, orderBy: [String] = []) async throws -> [String] {
        let search = RunSearch(
            experimentIDs: [0],
            filter: filter,
            orderBy: orderBy,
            viewType: .activeOnly,
            limit: 1_000,
            pageToken: nil
        )
        return try await runs(for: ann).search(search).runs.map(\.info.id)
    }

    /// What the server's service does.
    fileprivate func sortWished() async throws {
        try await sorter.sortWished(in: database)
    }

    fileprivate func names(_ kinds: [String: SortedNames.Kind]) async throws -> [SortedNames.Name] {
        try await database.read { connection in
            try kinds.compactMap { name, kind in
                try names.find(name, in: connection).map { SortedNames.Name(kind: kind, id: $0) }
            }
        }
    }

    fileprivate func logLate(_ number: Int) async throws {
        let id = try await newRun(named: "late \(number)")
        try await runs(for: ann).log(
            try Batch(
                metrics: [point(-5)],
                params: [Param(key: "lr", value: "late")],
                tags: [Tag(key: "team", value: "late")]
            ),
            to: id
        )
    }

    /// Makes the next search go without an index.
    fileprivate func forgetSorting() async throws {
        try await database.write { try SortedNames.none.store(of: 1, in: $0) }
    }

    /// The names that are sorted in the first experiment, each with its state.
    fileprivate func sortedWords() async throws -> [String] {
        try await database.read { connection in
            let text = try connection.first("SELECT names FROM sorted_names WHERE experiment_key = 1") {
                $0.text(0)
            }
            let words = (text ?? "").split(separator: " ")
            return try words.map { word in
                let id = try #require(Int64(word.dropFirst().dropLast()))
                return (try names.names(of: [id], in: connection)[id] ?? "") + word.suffix(1)
            }.sorted()
        }
    }
}
