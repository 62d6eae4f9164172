import Core
import HTTP

/// Which runs are compared: `run=…` for each, and `baseline=…`.
struct RunComparisonQuery: Equatable {
    let runs: [String]
    let baseline: String?

    static let mostRuns = 500

    /// - Throws: `Failure.invalid` for more runs than can be compared.
    init(_ query: Query) throws(Failure) {
        var seen: Set<String> = []
        let named = query.all("run").flatMap { $0.split(separator: ",").map(String.init) }
        runs = named.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty && seen.insert($0).inserted }
        baseline = query["baseline"].flatMap { $0.isEmpty ? nil : $0 }
        guard runs.count <= Self.mostRuns else {
            throw .invalid("\(runs.count) runs are more than the \(Self.mostRuns) that can be compared.")
        }
    }

    private init(_ runs: [String], baseline: String?) {
        self.runs = runs
        self.baseline = baseline
    }

    func without(_ run: String) -> RunComparisonQuery {
        RunComparisonQuery(runs.filter { $0 != run }, baseline: baseline == run ? nil : baseline)
    }

    func with(baseline run: String) -> RunComparisonQuery { RunComparisonQuery(runs, baseline: run) }

    /// The same words at an address.
    func words(at address: Address) -> Address {
        runs.reduce(address) { $0.with("run", $1) }.with("baseline", baseline)
    }
}
