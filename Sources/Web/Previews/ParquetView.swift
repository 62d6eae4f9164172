import Parquet

/// The schema and the first rows of a Parquet file.
struct ParquetView: Sendable {
    let table: ParquetTable

    /// Reads a file; what is wrong with it is said in place of its rows.
    ///
    /// - Throws: What the source throws.
    static func html(sizeBytes: Int64, from source: @escaping ParquetTable.Source) async throws -> HTML {
        do {
            return ParquetView(table: try await ParquetTable(sizeBytes: sizeBytes, from: source)).html
        } catch let error as ParquetError {
            switch error {
            case .broken(let reason):
                return "<p class=\"note warn\">This is no whole Parquet file: \(reason).</p>"
            case .unsupported(let reason):
                return "<p class=\"note\">The file is not shown here: \(reason).</p>"
            }
        }
    }

    var html: HTML {
        """
        <p class="quiet small">\(facts)</p>
        \(rows)
        <details class="edit" \(table.shownRows == 0 ? "open" : "" as HTML)><summary>Schema</summary>\(schema)</details>
        """
    }

    private var facts: String {
        var facts = [
            "\(table.rowCount) \(table.rowCount == 1 ? "row" : "rows")",
            "\(table.columns.count + table.hiddenColumns) columns",
            "\(table.rowGroupCount) row \(table.rowGroupCount == 1 ? "group" : "groups")",
        ]
        if let writer = table.writer { facts.append("written by \(writer)") }
        return facts.joined(separator: " · ")
    }

    /// Columns whose values are shown.
    private var shown: [(column: ParquetTable.Column, values: [String?])] {
        table.columns.compactMap { column in
            if case .values(let values) = column.content { (column, values) } else { nil }
        }
    }

    private var rows: HTML? {
        let shown = shown
        let count = table.shownRows
        guard count > 0 else { return nil }
        let isNumber = shown.map { Self.isNumber($0.column) }
        let heads = zip(shown, isNumber).map { shown, isNumber -> HTML in
            """
            <th scope="col"\(Self.mark(isNumber))>\(shown.column.name)<br><span class="quiet mono">\(shown.column.type)</span></th>
            """
        }
        let body = (0..<count).map { row -> HTML in
            let cells = zip(shown, isNumber).map { shown, isNumber in
                Self.cell(row < shown.values.count ? shown.values[row] : nil, isNumber)
            }
            return "<tr><td class=\"number quiet\">\(row)</td>\(cells)</tr>\n"
        }
        let isCut = Int64(count) < table.rowCount
        return """
            <div class="scroll table-file" tabindex="0" role="region" aria-label="Table"><table class="list dense">
            <thead><tr><th scope="col" class="number">Row</th>\(heads)</tr></thead><tbody>\(body)</tbody></table></div>
            \(isCut ? "<p class=\"quiet small\">The first \(count) rows; the file has all of them.</p>" : nil)
            \(table.hiddenColumns > 0 ? "<p class=\"quiet small\">\(table.hiddenColumns) columns more are not shown.</p>" : nil)
            """
    }

    private static func cell(_ value: String?, _ isNumber: Bool) -> HTML {
        guard let value else { return "<td class=\"quiet\">–</td>" }
        return "<td\(mark(isNumber))>\(value)</td>"
    }

    private static func mark(_ isNumber: Bool) -> HTML { isNumber ? " class=\"number\"" : "" }

    private static func isNumber(_ column: ParquetTable.Column) -> Bool {
        ["int", "uint", "float", "double", "decimal"].contains { column.type.hasPrefix($0) }
    }

    private var schema: HTML {
        """
        <table class="list dense"><thead><tr><th scope="col">Column</th><th scope="col">Type</th>\
        <th scope="col">Notes</th></tr></thead><tbody>\(table.columns.map { column -> HTML in
            """
            <tr><td>\(column.name)</td><td class="mono">\(column.type)</td><td>\(Self.notes(column))</td></tr>

            """
        })</tbody></table>
        """
    }

    private static func notes(_ column: ParquetTable.Column) -> String {
        var notes = column.mayBeAbsent ? ["may be absent"] : []
        if case .unread(let reason) = column.content { notes.append("not shown: \(reason)") }
        return notes.joined(separator: "; ")
    }
}
