import Core
import HTTP
import Tracking

/// What of an experiment's runs an address asks for: which runs, in which order, with which columns.
struct TableRequest: Sendable {
    static let standardLimit = 100
    static let mostRows = 500

    let experiment: Int64
    let filter: String?
    let order: [String]
    let viewType: ViewType
    /// Nil where the address leaves them to the page.
    let columns: [TableColumn]?
    let after: String?
    let passing: Int
    let limit: Int

    init(_ visit: Visit) throws {
        experiment = try visit.experimentID
        filter = visit.query("filter")
        order = visit.call.query.all("order").filter { !$0.isEmpty }
        viewType =
            switch visit.query("view") {
            case "deleted": .deletedOnly
            case "all": .all
            default: .activeOnly
            }
        columns = visit.query("columns").map(TableColumn.list)
        after = visit.query("after")
        passing = try Self.number(visit, "skip", standard: 0, in: 0...RunStore.mostPassed)
        limit = try Self.number(visit, "limit", standard: Self.standardLimit, in: 1...Self.mostRows)
    }

    var selection: RunSelection {
        RunSelection(experiment: experiment, filter: filter, viewType: viewType)
    }

    func search(after token: String?, limit: Int) -> RunSearch {
        RunSearch(
            experimentIDs: [experiment],
            filter: filter,
            orderBy: order,
            viewType: viewType,
            limit: limit,
            pageToken: token,
            isOfTable: true
        )
    }

    private static func number(
        _ visit: Visit,
        _ word: String,
        standard: Int,
        in range: ClosedRange<Int>
    ) throws -> Int {
        guard let text = visit.query(word) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw Failure.invalid("'\(word)' is a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
