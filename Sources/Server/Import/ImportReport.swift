import Core
import Registry
import Synchronization
import Tracking

/// What an import found, what of it is new here, and what did not come.
final class ImportReport: Sendable {
    /// Something that did not come, and why.
    struct Miss: Sendable, Hashable {
        let what: String
        let reason: String
    }

    struct State: Sendable {
        var found = ImportCounts()
        var new = ImportCounts()
        var foundInRegistry = RegistryImportCounts()
        var newInRegistry = RegistryImportCounts()
        var files = 0
        var newFiles = 0
        var newBytes: Int64 = 0
        /// The ids of the runs and logged models whose files are all here.
        var owners: Set<String> = []
        /// What is otherwise here than it was there, and how it came, a sentence each.
        var changes: [String] = []
        /// Logged models that are ready and had no files there either.
        var emptyModels = 0
        /// What stays where it is, a sentence each.
        var left: [String] = []
        var missedCount = 0
        /// The first of what did not come.
        var missed: [Miss] = []
        /// Whose artifacts nobody finds, by the reason: how many, and where that is told among `missed`.
        fileprivate var unfound: [String: (count: Int, place: Int)] = [:]
    }

    /// How many misses are told one by one.
    static let missedLimit = 100

    private let mutex = Mutex(State())

    var state: State { mutex.withLock { $0 } }

    func update(_ body: (inout State) -> Void) {
        mutex.withLock { body(&$0) }
    }

    func missed(_ what: String, _ reason: String) {
        update { $0.miss(Miss(what: what, reason: reason)) }
    }

    /// Tells once for all runs and models whose artifacts are not found for the same reason, since few may have any.
    func missedArtifacts(of title: String, _ reason: String) {
        update { state in
            guard let (count, place) = state.unfound[reason] else {
                state.unfound[reason] = (1, state.missed.count)
                return state.miss(Miss(what: "artifacts of \(title)", reason: reason))
            }
            state.unfound[reason] = (count + 1, place)
            guard place < state.missed.count else { return }
            state.missed[place] = Miss(
                what: "artifacts of \(count + 1) runs and logged models, if they have any",
                reason: reason
            )
        }
    }

    /// Tells once how something came.
    func note(_ sentence: String) {
        update { if !$0.changes.contains(sentence) { $0.changes.append(sentence) } }
    }
}

extension ImportReport.State {
    fileprivate mutating func miss(_ miss: ImportReport.Miss) {
        missedCount += 1
        if missed.count < ImportReport.missedLimit { missed.append(miss) }
    }

    private var notes: [String] {
        guard emptyModels > 0 else { return changes }
        return changes + ["\(emptyModels) logged models have no files, there as here"]
    }

    private var rows: [(name: String, key: StaticString, found: Int, new: Int)] {
        [
            ("experiments", "experiments", found.experiments, new.experiments),
            ("runs", "runs", found.runs, new.runs),
            ("metric points", "metric_points", found.points, new.points),
            ("params", "params", found.params, new.params),
            ("tags", "tags", found.tags, new.tags),
            ("datasets", "datasets", found.datasets, new.datasets),
            ("logged models", "logged_models", found.loggedModels, new.loggedModels),
            ("registered models", "registered_models", foundInRegistry.models, newInRegistry.models),
            ("model versions", "model_versions", foundInRegistry.versions, newInRegistry.versions),
            ("artifact files", "artifact_files", files, newFiles),
        ]
    }

    /// For people.
    func text(from title: String, isRehearsal: Bool) -> String {
        var lines = ["\(isRehearsal ? "Would import" : "Imported") from \(title):"]
        for row in rows {
            let name = row.name + String(repeating: " ", count: 18 - row.name.count)
            let known = isRehearsal ? "" : ", \(row.new) of them new here"
            lines.append("  \(name) \(row.found)\(known)")
        }
        lines += notes.map { "Note: \($0)." }
        lines += left.map { "Left where it is: \($0)." }
        if missedCount > 0 {
            lines.append("Did not come: \(missedCount)")
            lines += missed.map { "  \($0.what): \($0.reason)" }
            if missedCount > missed.count { lines.append("  … and \(missedCount - missed.count) more") }
        } else {
            lines.append("Everything came.")
        }
        return lines.joined(separator: "\n")
    }

    /// For programs: one JSON object.
    func json(from title: String, isRehearsal: Bool) -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.field("source", title)
            json.field("dry_run", isRehearsal)
            json.object("found") { json in for row in rows { json.field(row.key, row.found) } }
            json.object("new") { json in
                for row in rows { json.field(row.key, row.new) }
                json.field("artifact_bytes", newBytes)
            }
            json.array("changes") { json in for note in notes { json.value(note) } }
            json.array("left") { json in for sentence in left { json.value(sentence) } }
            json.field("missed_count", missedCount)
            json.array("missed") { json in
                for miss in missed {
                    json.object { json in
                        json.field("what", miss.what)
                        json.field("reason", miss.reason)
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
