import API
import Core
import Database
import FoundationEssentials
import ObjectStore
import Registry
import Tracking

/// Moves the content of a source into this server; it may be ended at any moment and run again.
struct Importer: Sendable {
    let source: any ImportSource
    let target: ImportStore
    let registry: RegistryImport
    let copy: ArtifactCopy
    /// The experiments that are wanted; empty for all.
    let names: [String]
    let isRehearsal: Bool
    let report: ImportReport
    let progress: ImportProgress

    private var movesArtifacts: Bool { copy.files != nil }

    func run() async throws {
        let left = try await source.leftovers()
        report.update { $0.left += left }
        let experiments = try await wanted()
        progress.start(total: try await source.runCount(of: experiments.map(\.id)))
        let (places, counts) = try await target.place(
            experiments,
            keepingLocations: { !movesArtifacts || Self.scheme(of: $0.artifactLocation) != nil },
            isRehearsal: isRehearsal
        )
        report.update { state in
            state.found.experiments = experiments.count
            state.new += counts
        }
        var models = ModelIDs()
        for experiment in experiments {
            guard let place = places[experiment.id] else { continue }
            tell(experiment, place)
            try await take(experiment.id, to: place.id, &models)
        }
        try await takeUnlisted(models, places)
        try await takeRegistry()
        progress.end()
    }

    private func wanted() async throws -> [ImportedExperiment] {
        let all = try await source.experiments()
        guard !names.isEmpty else { return all }
        for name in names where !all.contains(where: { $0.name == name }) {
            report.missed("experiment \(name)", "\(source.title) has none of this name")
        }
        return all.filter { names.contains($0.name) }
    }

    private func tell(_ experiment: ImportedExperiment, _ place: ImportedPlace) {
        guard experiment.id != place.id else { return }
        let reason =
            place.kind == .renumbered ? "because that number was taken" : "which had this name already"
        report.update { state in
            state.changes.append(
                "the experiment '\(experiment.name)' had the number \(experiment.id) and is \(place.id) here, \(reason)"
            )
        }
    }

    /// The logged models that came with their experiments, and those that runs made or used.
    private struct ModelIDs {
        var listed: Set<String> = []
        var named: Set<String> = []
    }

    /// Takes the models and runs of an experiment, a transaction's worth at a time.
    private func take(_ experiment: Int64, to place: Int64, _ models: inout ModelIDs) async throws {
        var load = Load()
        try await source.forEachLoggedModel(of: experiment) { found in
            models.listed.insert(found.model.id)
            append(found, to: place, &load)
            try await flush(&load, unlessSmall: true)
        }
        try await source.forEachRun(of: experiment) { found in
            progress.countRun()
            do throws(Failure) {
                try found.run.check()
            } catch {
                return report.missed("run \(found.run.id)", error.message)
            }
            models.named.formUnion(found.run.modelInputs + found.run.modelOutputs.map(\.modelID))
            let owner = ArtifactOwner.run(found)
            let artifacts = source.artifacts(of: owner)
            var run = found.run
            run.experimentID = place
            if moves(artifacts) { run.artifactURI = target.artifactURI(ofRun: run.id, in: place) }
            load.chunk.append(run)
            try await source.forEachPage(ofPointsOf: found) { points in
                load.chunk.append(points, to: run.id)
                try await flush(&load, unlessSmall: true)
            }
            load.chunk.finish(run: run.id)
            load.copies.append(Load.Copy(owner: owner, artifacts: artifacts, uri: run.artifactURI))
            try await flush(&load, unlessSmall: true)
        }
        try await flush(&load, unlessSmall: false)
    }

    /// Takes the models that runs name and no experiment gave, for a server lists none that are deleted.
    private func takeUnlisted(_ models: ModelIDs, _ places: [Int64: ImportedPlace]) async throws {
        var load = Load()
        for id in models.named.subtracting(models.listed).sorted() {
            guard let found = try await source.unlistedModel(id),
                let place = places[found.model.experimentID]
            else { continue }
            append(found, to: place.id, &load)
            try await flush(&load, unlessSmall: true)
        }
        try await flush(&load, unlessSmall: false)
    }

    private func append(_ found: SourceModel, to place: Int64, _ load: inout Load) {
        do throws(Failure) {
            try found.model.check()
        } catch {
            return report.missed("logged model \(found.model.id)", error.message)
        }
        let owner = ArtifactOwner.model(found)
        let artifacts = source.artifacts(of: owner)
        var model = found.model
        model.experimentID = place
        if moves(artifacts) {
            model.artifactLocation = target.artifactLocation(ofModel: model.id, in: place)
        }
        load.chunk.append(model)
        load.copies.append(Load.Copy(owner: owner, artifacts: artifacts, uri: model.artifactLocation))
    }

    /// Takes the registered models behind everything else, for what they are made of lies elsewhere here.
    private func takeRegistry() async throws {
        guard names.isEmpty else { return leave("the model registry, which belongs to no experiment") }
        try await source.forEachRegisteredModel { model in
            report.update { $0.foundInRegistry += model.counts }
            if isRehearsal { return }
            do {
                let result = try await registry.take(model, movesArtifacts: movesArtifacts)
                report.update { $0.newInRegistry += result.new }
                for number in result.takenVersions {
                    report.missed(
                        "registered model \(model.name), version \(number)",
                        "a version of this number was made here"
                    )
                }
                for part in result.new.withheld { report.missed(part.what, part.reason) }
                try await registry.sign(model, besides: Set(result.takenVersions), report.state.owners)
            } catch let failure as Failure where [.alreadyExists, .invalidParameter].contains(failure.code) {
                report.missed("registered model \(model.name)", failure.message)
            }
        }
    }

    /// What was read and is not written yet: rows first, then the files of what they made.
    private struct Load {
        struct Copy {
            let owner: ArtifactOwner
            let artifacts: SourceArtifacts
            /// Where they lie here.
            let uri: String
        }

        var chunk = ImportChunk()
        var copies: [Copy] = []
        /// The ids of the runs and models that the database does not take; what is left of them stays behind.
        var lost: Set<String> = []
    }

    private func flush(_ load: inout Load, unlessSmall: Bool) async throws {
        if unlessSmall && !load.chunk.isFull { return }
        let found = load.chunk.counts
        let new = isRehearsal ? ImportCounts() : try await write(load.chunk, &load.lost)
        report.update { state in
            state.found += found
            state.new += new
        }
        let places = try await places(of: load.copies)
        for next in load.copies where !load.lost.contains(next.owner.id) {
            try await bring(next, to: places[next.owner.title] ?? next.uri)
            progress.tell(report.state)
        }
        progress.tell(report.state)
        load = Load(lost: load.lost)
    }

    /// Writes a chunk; where the database does not take it, each run and model by itself.
    ///
    /// So what it does not take is told, and nothing else stays behind.
    private func write(_ chunk: ImportChunk, _ lost: inout Set<String>) async throws -> ImportCounts {
        let chunk = chunk.without(lost)
        do {
            return try await target.write(chunk)
        } catch let error as DatabaseError where error.kind == .other {
            let parts = chunk.parts
            if parts.count == 1 {
                let (owner, chunk) = parts[0]
                let kind = chunk.counts.loggedModels > 0 ? "logged model" : "run"
                lost.insert(owner)
                report.missed("\(kind) \(owner)", "the database does not take it: \(error.message)")
                return ImportCounts()
            }
            var counts = ImportCounts()
            for part in parts { counts += try await write(part.chunk, &lost) }
            return counts
        }
    }

    /// Where the artifacts of runs and models lie that are here, by their titles: those of known ones stay where they are.
    private func places(of copies: [Load.Copy]) async throws -> [String: String] {
        var (runs, models): ([String: String], [String: String]) = ([:], [:])
        for next in copies {
            switch next.owner {
            case .run: runs[next.owner.id] = next.owner.title
            case .model: models[next.owner.id] = next.owner.title
            }
        }
        var places: [String: String] = [:]
        for (id, uri) in try await target.artifactURIs(ofRuns: Array(runs.keys)) {
            if let title = runs[id] { places[title] = uri }
        }
        for (id, location) in try await target.artifactLocations(ofModels: Array(models.keys)) {
            if let title = models[id] { places[title] = location }
        }
        return places
    }

    private func bring(_ next: Load.Copy, to uri: String) async throws {
        switch next.artifacts {
        case .elsewhere(let scheme):
            leave("artifacts whose addresses begin with \(scheme): clients reach them there")
        case .unknown(let reason):
            if movesArtifacts { report.missedArtifacts(of: next.owner.title, reason) }
        case .nowhere: return
        case .folder, .server:
            guard movesArtifacts, let root = ArtifactRoots.path(of: uri) else { return }
            let (count, isWhole) = try await copy.copy(next.artifacts, of: next.owner.title, to: root)
            if count == 0 { tellMissing(next) }
            if count > 0, isWhole { report.update { $0.owners.insert(next.owner.id) } }
        }
    }

    /// MLflow makes a folder with the first file in it, so one that is missing may be right, or on another machine.
    private func tellMissing(_ next: Load.Copy) {
        let lost = lostPlace(of: next)
        if case .model = next.owner, next.owner.hasFiles, lost == nil {
            // MLflow lets a model be ready that nothing was logged into.
            report.update { $0.emptyModels += 1 }
        } else if next.owner.hasFiles {
            report.missed("artifacts of \(next.owner.title)", "there are no files in \(next.owner.uri)")
        } else if let lost {
            leave("whatever lies in \(lost), which is not on this machine: --artifacts says where it is")
        }
    }

    /// The folder of an experiment's artifacts that is not on this machine; nil where it is there, or a server was asked.
    private func lostPlace(of next: Load.Copy) -> String? {
        guard case .folder(let folder) = next.artifacts else { return nil }
        var steps = folder.split(separator: "/").dropLast(next.owner.depth - 1)
        // Without a place of its own, an experiment has a folder to its number, made with its first file.
        if let last = steps.last, last == "\(next.owner.experimentID)" { steps.removeLast() }
        let place = (folder.hasPrefix("/") ? "/" : "") + steps.joined(separator: "/")
        return FileManager.default.fileExists(atPath: place) ? nil : place
    }

    private func leave(_ sentence: String) {
        report.update { if !$0.left.contains(sentence) { $0.left.append(sentence) } }
    }

    private func moves(_ artifacts: SourceArtifacts) -> Bool {
        if case .elsewhere = artifacts { return false }
        return movesArtifacts
    }

    /// The scheme of an address that clients reach without their server; nil for a path or the server's proxy.
    static func scheme(of uri: String) -> String? {
        if ArtifactRoots.path(of: uri) != nil || uri.hasPrefix("mlflow-artifacts:") { return nil }
        return LocalPath.path(of: uri) == nil ? String(uri.prefix { $0 != ":" }) : nil
    }
}
