/// What is written in one transaction of an import: whole runs while they are small, a part of one that is large.
package struct ImportChunk: Sendable {
    enum Step: Sendable {
        case run(ImportedRun)
        case points([Metric], run: String)
        /// All points of the run are there.
        case finish(run: String)
        case model(ImportedLoggedModel)

        /// The id of the run or the logged model.
        var owner: String {
            switch self {
            case .run(let run): run.id
            case .points(_, let run), .finish(let run): run
            case .model(let model): model.id
            }
        }
    }

    private(set) var steps: [Step] = []
    private var weight = 0

    /// About how many rows a transaction holds: enough to be fast, few enough that a server beside it does not wait long.
    package static let fullWeight = 20_000

    package init() {}

    package var isEmpty: Bool { steps.isEmpty }
    package var isFull: Bool { weight >= Self.fullWeight }

    /// What the chunk holds.
    package var counts: ImportCounts {
        var counts = ImportCounts()
        for step in steps {
            switch step {
            case .run(let run):
                counts.runs += 1
                counts.params += run.params.count
                counts.tags += run.tags.count
                counts.datasets += run.datasets.count
            case .points(let points, _): counts.points += points.count
            case .finish: break
            case .model: counts.loggedModels += 1
            }
        }
        return counts
    }

    /// The same without some runs and logged models.
    ///
    /// - Parameter owners: Their ids.
    /// - Returns: What is left.
    package func without(_ owners: Set<String>) -> ImportChunk {
        owners.isEmpty ? self : ImportChunk(steps.filter { !owners.contains($0.owner) })
    }

    /// A chunk for each run and each logged model, with its id, in the order in which they came.
    package var parts: [(owner: String, chunk: ImportChunk)] {
        var (owners, found) = ([String](), [String: [Step]]())
        for step in steps {
            if found[step.owner] == nil { owners.append(step.owner) }
            found[step.owner, default: []].append(step)
        }
        return owners.map { ($0, ImportChunk(found[$0] ?? [])) }
    }

    private init(_ steps: [Step]) {
        self.steps = steps
    }

    package mutating func append(_ run: ImportedRun) {
        steps.append(.run(run))
        weight += run.weight
    }

    package mutating func append(_ points: [Metric], to run: String) {
        steps.append(.points(points, run: run))
        weight += points.count
    }

    package mutating func finish(run: String) {
        steps.append(.finish(run: run))
        weight += 1
    }

    package mutating func append(_ model: ImportedLoggedModel) {
        steps.append(.model(model))
        weight += model.weight
    }
}

/// How many rows an import has made that were not there before.
package struct ImportCounts: Sendable, Hashable {
    package var experiments = 0
    package var runs = 0
    package var points = 0
    package var params = 0
    package var tags = 0
    /// Of each run, as params and tags are.
    package var datasets = 0
    package var loggedModels = 0

    package init() {}

    package static func += (left: inout ImportCounts, right: ImportCounts) {
        left.experiments += right.experiments
        left.runs += right.runs
        left.points += right.points
        left.params += right.params
        left.tags += right.tags
        left.datasets += right.datasets
        left.loggedModels += right.loggedModels
    }
}
