/// What is written in one transaction of an import: whole runs while they are small, a part of one that is large.
package struct ImportChunk: Sendable {
    enum Step: Sendable {
        case run(ImportedRun)
        case points([Metric], run: String)
        /// All points of the run are there.
        case finish(run: String)
        case model(ImportedLoggedModel)
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
