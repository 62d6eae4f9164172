import Core
import HTTP

/// What a chart asks for: `run=…&key=…`, each once or more, and `from`, `to`, `points` and `ranges`.
struct CurvesQuery: Equatable {
    let runs: [String]
    let keys: [String]
    /// Nil for all.
    let steps: ClosedRange<Int64>?
    /// How many points of a curve.
    let points: Int
    let hasRanges: Bool

    static let curveLimit = 1_000
    private static let pointLimit = 10_000
    /// Points of all curves together; where there are many curves, each gets fewer.
    private static let totalLimit = 1_000_000

    /// - Throws: `Failure.invalid` that names the word which cannot be read.
    init(_ query: Query) throws(Failure) {
        runs = Self.distinct(query.all("run"))
        keys = Self.distinct(query.all("key"))
        guard !runs.isEmpty, !keys.isEmpty else {
            throw .invalid("Name runs by run=… and metrics by key=…, at least one of each.")
        }
        guard runs.count <= Self.curveLimit, runs.count * keys.count <= Self.curveLimit else {
            throw .invalid(
                "\(runs.count) runs with \(keys.count) metrics each are more than \(Self.curveLimit) curves."
            )
        }
        let from = try Self.number("from", of: query)
        let to = try Self.number("to", of: query)
        steps = from == nil && to == nil ? nil : try Self.range(from ?? .min, to ?? .max)
        let most = min(Self.pointLimit, Self.totalLimit / (runs.count * keys.count))
        points = min(max(Int(try Self.number("points", of: query) ?? 500), 2), most)
        hasRanges = query["ranges"] == "yes"
    }

    private static func distinct(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    private static func range(_ from: Int64, _ to: Int64) throws(Failure) -> ClosedRange<Int64> {
        guard from <= to else { throw .invalid("from=\(from) lies behind to=\(to).") }
        return from...to
    }

    private static func number(_ word: String, of query: Query) throws(Failure) -> Int64? {
        guard let text = query[word], !text.isEmpty else { return nil }
        guard let number = Int64(text) else { throw .invalid("\(word)=\(text) is no whole number.") }
        return number
    }
}
