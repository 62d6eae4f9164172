import Core
import Tracking

/// Rows of the run table as its script reads them: the names of the columns once, then each row as an array.
///
/// Every row begins with `fixed`; then come the columns in the order in which they were asked for.
struct TableRows: Sendable {
    static let fixed = ["id", "name", "status", "stage", "start", "end", "user"]

    let columns: [TableColumn]
    let page: RunTablePage

    func write(to json: inout JSONWriter) {
        let values = columns.filter(\.needsValue)
        json.array("columns") { json in
            for name in Self.fixed { json.value(name) }
            for column in values { json.value(column.word) }
        }
        let places = places(of: values)
        json.array("rows") { json in
            for row in page.rows {
                json.array { json in
                    write(row.info, to: &json)
                    for place in places { place.write(row, to: &json) }
                }
            }
        }
        if let next = page.next { json.field("next", next) }
    }

    private func write(_ info: RunInfo, to json: inout JSONWriter) {
        json.value(info.id)
        json.value(info.name)
        json.value(info.status.word)
        json.value(info.stage.rawValue)
        json.value(info.startTime)
        if let end = info.endTime { json.value(end) } else { json.null() }
        json.value(info.userID)
    }

    /// Where in the cells of a run the value of each column stands.
    private func places(of columns: [TableColumn]) -> [Place] {
        let wanted = RunColumns(self.columns)
        return columns.compactMap { column in
            guard let place = column.place(in: wanted) else { return nil }
            return switch column.source {
            case .metric: .metric(place)
            case .param: .param(place)
            case .attribute, .tag: .tag(place)
            }
        }
    }

    private enum Place {
        case metric(Int)
        case param(Int)
        case tag(Int)

        func write(_ row: RunCells, to json: inout JSONWriter) {
            switch self {
            case .metric(let place):
                if let value = row.metrics[place] { json.value(value) } else { json.null() }
            case .param(let place):
                if let value = row.params[place] { json.value(value) } else { json.null() }
            case .tag(let place):
                if let value = row.tags[place] { json.value(value) } else { json.null() }
            }
        }
    }
}

extension TableColumn {
    /// Whether it is more than what every row begins with.
    var needsValue: Bool {
        if case .attribute(let attribute) = source { return attribute.tag != nil }
        return true
    }
}

extension TableColumn {
    /// Where among the metrics, the params or the tags of a row its value stands; nil for what every row has.
    func place(in columns: RunColumns) -> Int? {
        switch source {
        case .metric(let key): columns.metrics.firstIndex(of: key)
        case .param(let key): columns.params.firstIndex(of: key)
        case .attribute, .tag: tag.flatMap(columns.tags.firstIndex(of:))
        }
    }

    /// What stands in the cell of a run, for markup and CSV; empty for nothing.
    func text(of row: RunCells, at place: Int?) -> String {
        switch source {
        case .attribute(.name): row.info.name
        case .attribute(.status): row.info.status.word
        case .attribute(.created): UTCTime(epochMs: row.info.startTime).iso
        case .attribute(.duration):
            row.info.endTime.map { "\(Double(Span(from: row.info.startTime, to: $0).ms) / 1_000)" } ?? ""
        case .attribute(.user): row.info.userID
        case .attribute(.id): row.info.id
        case .metric: place.flatMap { row.metrics[$0] }.map { "\($0)" } ?? ""
        case .param: place.flatMap { row.params[$0] } ?? ""
        case .attribute(.source), .attribute(.version), .tag: place.flatMap { row.tags[$0] } ?? ""
        }
    }
}
