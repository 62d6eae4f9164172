import Core
import TestSupport
import Testing
import Tracking
import struct Core.Tag

@Suite struct RunFindTests {
    @Test(arguments: Backend.available)
    func `a run is found by the beginning of its name or its id`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let fox = try await tracking.newRun(named: "Bold-Fox_1")
            let owl = try await tracking.newRun(named: "bold-owl")
            let gone = try await tracking.newRun(named: "bold-gone")
            try await runs.delete(gone)

            let cases: [(String, [String])] = [
                ("bold", [fox, owl]), ("BOLD-F", [fox]), ("bold-fox_1", [fox]), ("bold-fox%", []),
                ("fox", []), ("", []), (String(owl.prefix(12)), [owl]), ("a\0b", []),
            ]
            for (start, ids) in cases {
                #expect(try await runs.find(beginningWith: start, limit: 10).map(\.id) == ids, "\(start)")
            }
            #expect(try await runs.find(beginningWith: "bold", limit: 1).map(\.id) == [fox])
            #expect(
                try await runs.find(beginningWith: "bold", limit: 10).map(\.experimentName) == [
                    "Default", "Default",
                ]
            )
        }
    }

    /// Of letters by chance, since PostgreSQL makes others shorter before they come into an index.
    @Test(arguments: Backend.available)
    func `a run may have a name that is longer than an index takes, and is found by it`(
        on backend: Backend
    ) async throws {
        let name = String(
            (0..<6_000).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "a" }
        )
        try await withTracking(on: backend) { tracking in
            let runs = tracking.runs(for: ann)
            let long = try await tracking.newRun(named: name)
            let other = try await tracking.newRun(named: "other")
            #expect(
                try await runs.update(other, status: nil, endTime: nil, name: name + "!").name == name + "!"
            )
            let (early, late) = (String(name.prefix(255)) + "!", String(name.prefix(280)) + "!")
            try await runs.log(Batch(tag: Tag(key: "mlflow.runName", value: late)), to: other)

            let cases: [(String, Set<String>)] = [
                (String(name.prefix(20)), [long, other]),
                (String(name.prefix(270)).uppercased(), [long, other]),
                (String(name.prefix(290)), [long]), (name, [long]), (early, []), (late, [other]),
            ]
            for (start, ids) in cases {
                #expect(
                    Set(try await runs.find(beginningWith: start, limit: 10).map(\.id)) == ids,
                    "\(start)"
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `names are those of runs that are there`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let run = try await tracking.newRun(named: "first")

            #expect(try await tracking.runs(for: ann).names(of: [run, "none", "", "a\0"]) == [run: "first"])
        }
    }

    @Test(arguments: Backend.available)
    func `an experiment is found by any part of its name`(on backend: Backend) async throws {
        try await withTracking(on: backend) { tracking in
            let store = tracking.experiments(for: ann)
            for name in ["Iris 100%", "iris_2"] {
                _ = try await store.create(NewExperiment(checkedName: name, artifactLocation: nil, tags: []))
            }

            let cases: [(String, [String])] = [
                ("iris", ["iris_2", "Iris 100%"]), ("RIS", ["iris_2", "Iris 100%"]), ("0%", ["Iris 100%"]),
                ("s_", ["iris_2"]), ("", ["iris_2", "Iris 100%", "Default"]), ("none", []), ("a\0", []),
            ]
            for (text, names) in cases {
                #expect(try await store.find(containing: text, limit: 10).map(\.name) == names, "\(text)")
            }
        }
    }
}
