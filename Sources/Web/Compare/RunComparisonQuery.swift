import Core
import HTTP

/// Which runs are compared: `run=…` for each, `baseline=…`, and which `rows` of many are shown, from 1.
///
/// Buttons of the page add `without=…`, a run to take out, and `as=…`, a run to make the baseline.
struct RunComparisonQuery {
    let runs: [String]
    let baseline: String?
    /// Of params, tags and metrics only so many are shown at once; this is which of the pages.
    let page: Int
    /// Whether it is written as short as it can be.
    let isTidy: Bool
    /// What charts keep in the address.
    private let rest: [(key: String, value: String)]

    static let mostRuns = 500

    /// - Throws: `Failure.invalid` for more runs than can be compared.
    init(_ query: Query) throws(Failure) {
        var seen = Set(query.all("without"))
        let named = query.all("run").flatMap { $0.split(separator: ",").map(String.init) }
        runs = named.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty && seen.insert($0).inserted }
        guard runs.count <= Self.mostRuns else {
            throw .invalid("\(runs.count) runs are more than the \(Self.mostRuns) that can be compared.")
        }
        let wish = query["as"] ?? query["baseline"]
        baseline = wish.flatMap { [runs] in runs.contains($0) ? $0 : nil }
        page = min(max(1, query["rows"].flatMap { Int($0) } ?? 1), 100_000)
        rest = query.pairs.filter { !["run", "baseline", "as", "without", "rows"].contains($0.key) }
        isTidy = query.all("run") == runs && query["as"] == nil && query["without"] == nil
    }

    /// The same words at an address.
    func words(at address: Address) -> Address {
        runs.reduce(address) { $0.with("run", $1) }.with("baseline", baseline)
    }

    /// The same words, and those of charts, at an address.
    func allWords(at address: Address) -> Address { allWords(at: address, page: page) }

    /// All words with another page of the rows.
    func allWords(at address: Address, page: Int) -> Address {
        let words = words(at: address).with("rows", page == 1 ? nil : "\(page)")
        return rest.reduce(words) { $0.with($1.key, $1.value) }
    }
}
