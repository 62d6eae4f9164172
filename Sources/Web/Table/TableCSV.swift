import Tracking

/// The run table as comma-separated values, as spreadsheets read them.
///
/// - Source: RFC 4180.
struct TableCSV: Sendable {
    /// Runs that are read and sent at once.
    static let pageSize = 500

    let columns: [TableColumn]

    init(_ columns: [TableColumn]) {
        let id = TableColumn(.attribute(.id))
        self.columns = columns.contains(id) ? columns : [id] + columns
    }

    var head: String { line(columns.map { Self.name(of: $0) }) }

    func lines(_ rows: [RunCells]) -> String {
        let wanted = RunColumns(columns)
        let places = columns.map { $0.place(in: wanted) }
        return rows.map { row in line(zip(columns, places).map { $0.text(of: row, at: $1) }) }.joined()
    }

    private func line(_ cells: [String]) -> String {
        cells.map(Self.cell).joined(separator: ",") + "\r\n"
    }

    private static func name(of column: TableColumn) -> String {
        switch column.source {
        case .attribute(let attribute): attribute == .id ? "run_id" : attribute.rawValue
        case .metric(let key): "metrics.\(key)"
        case .param(let key): "params.\(key)"
        case .tag(let key): "tags.\(key)"
        }
    }

    /// Security: what a spreadsheet would take for a formula begins with an apostrophe, unless it is a number.
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first),
            Double(text) == nil
        {
            text = "'" + text
        }
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            quoted.unicodeScalars.append(scalar)
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "\""
    }
}
