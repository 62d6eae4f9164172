import Core
import HTTP
import Tracking

/// Which runs of an experiment charts show: those that are named, or the first that a search finds.
struct ChartSelection: Equatable {
    let experiment: Int64
    let filter: String?
    /// MLflow's words for an order, such as `metrics.loss ASC`.
    let order: String?
    let named: [String]
    let limit: Int

    static let standardLimit = 40
    static let mostRuns = 500

    /// - Parameters:
    ///   - experiment: Its number.
    ///   - query: `filter`, `order`, `limit`, and `run` once for each run that is named.
    /// - Throws: `Failure.invalid` for a limit that is no number, or too many runs.
    init(of experiment: Int64, _ query: Query) throws(Failure) {
        self.experiment = experiment
        filter = query["filter"].flatMap { $0.isEmpty ? nil : $0 }
        order = query["order"].flatMap { $0.isEmpty ? nil : $0 }
        named = query.all("run")
        guard named.count <= Self.mostRuns else {
            throw .invalid("\(named.count) runs are more than the \(Self.mostRuns) that charts show.")
        }
        let text = query["limit"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(Self.standardLimit)"
        guard let limit = Int(text), limit > 0 else { throw .invalid("limit=\(text) is no number of runs.") }
        self.limit = min(limit, Self.mostRuns)
    }

    /// - Returns: The runs, and whether the search would find more.
    func load(_ runs: RunStore) async throws -> (runs: [Run], hasMore: Bool) {
        guard named.isEmpty else { return (try await runs.find(named), false) }
        let search = RunSearch(
            experimentIDs: [experiment],
            filter: filter,
            orderBy: order.map { [$0] } ?? [],
            viewType: .activeOnly,
            limit: limit,
            pageToken: nil,
            isOfTable: true
        )
        let (found, next) = try await runs.search(search)
        return (found, next != nil)
    }

    /// The same words at another address.
    func words(at address: Address) -> Address {
        let searched = address.with("filter", filter).with("order", order)
            .with("limit", limit == Self.standardLimit ? nil : "\(limit)")
        return named.reduce(searched) { $0.with("run", $1) }
    }
}
