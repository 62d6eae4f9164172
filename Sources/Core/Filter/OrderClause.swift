/// One term of an `order_by` list as text: a name and, perhaps, `ASC` or `DESC` in any case.
///
/// - Source: `SearchUtils._parse_order_by_string` in `mlflow/utils/search_utils.py`.
package struct OrderClause {
    /// More than people write, and fewer than the tables that SQLite joins.
    package static let most = 32

    package let source: FilterSource
    package let name: Operand
    package let isAscending: Bool

    package init(_ text: String) throws(Failure) {
        var parser = try FilterParser(text) { _, _ in "" }
        guard let (name, word) = parser.parseOrderTerm(),
            !["ASC", "DESC"].contains(parser.text[name.span].uppercased())
        else {
            throw .invalid("Invalid order_by clause '\(text)'. Could not be parsed.")
        }
        self.name = name
        source = FilterSource(text: parser.text, tokens: parser.tokens)
        switch word?.lowercased() {
        case nil, "asc": isAscending = true
        case "desc": isAscending = false
        default: throw .invalid("Invalid ordering key in order_by clause '\(text)'.")
        }
    }

    package static func checkCount(_ count: Int) throws(Failure) {
        guard count <= most else { throw .invalid("`order_by` has more than \(most) fields.") }
    }

    package static func duplicates(_ texts: [String]) -> Failure {
        .invalid("`order_by` contains duplicate fields: [\(texts.map { "'\($0)'" }.joined(separator: ", "))]")
    }
}
