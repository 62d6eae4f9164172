/// What is to be deleted for good where not everything is that was put into the bin.
package struct PurgeSelection: Sendable, Hashable {
    package let runs: [String]
    package let experiments: [Int64]
    package let loggedModels: [String]

    package var isEmpty: Bool { runs.isEmpty && experiments.isEmpty && loggedModels.isEmpty }

    /// What is named twice counts once.
    package init(runs: [String] = [], experiments: [Int64] = [], loggedModels: [String] = []) {
        self.runs = Self.unique(runs)
        self.experiments = Self.unique(experiments)
        self.loggedModels = Self.unique(loggedModels)
    }

    private static func unique<ID: Hashable>(_ ids: [ID]) -> [ID] {
        var seen: Set<ID> = []
        return ids.filter { seen.insert($0).inserted }
    }
}
