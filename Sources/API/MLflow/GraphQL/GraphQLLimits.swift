import HTTP

/// How much one document may ask.
///
/// - Source: MLflow 3.17, `mlflow/server/graphql/graphql_no_batching.py`.
enum GraphQLLimits {
    static let documentBytes = 1 << 20
    private static let depth = 10
    private static let selections = 1_000
    private static let rootFields = 10
    private static let aliases = 10

    /// Why a document is refused before it is looked at any closer; nil for one within the limits.
    ///
    /// All its operations count, also those that are not run.
    static func refusal(of document: GraphQLDocument) -> String? {
        var roots = 0
        var total = 0
        var mostAliases = 0
        var open = document.operations.map { (selections: $0.selections, depth: 1) }
        while let next = open.popLast() {
            guard next.depth <= depth else { return "Query exceeds maximum depth of \(depth)" }
            let fields = fields(of: next.selections, in: document)
            if next.depth == 1 { roots += fields.count }
            total += fields.count
            guard total <= selections else {
                return "Query exceeds maximum total selections of \(selections)"
            }
            mostAliases = max(mostAliases, fields.count { $0.alias != nil })
            for field in fields {
                if let selections = field.selections { open.append((selections, next.depth + 1)) }
            }
        }
        if roots > rootFields { return tooMany("root fields", roots, most: rootFields) }
        if mostAliases > aliases { return tooMany("aliases", mostAliases, most: aliases) }
        return nil
    }

    /// The fields of one level, with those of its fragments; each fragment once.
    private static func fields(
        of selections: [GraphQLSelection],
        in document: GraphQLDocument
    ) -> [GraphQLField] {
        var fields: [GraphQLField] = []
        var seen: Set<String> = []
        var open = selections[...]
        while let next = open.popFirst() {
            switch next {
            case .field(let field): fields.append(field)
            case .inline(let fragment, _): open += fragment.selections
            case .spread(let name, _):
                guard seen.insert(name).inserted, let fragment = document.fragments[name] else { continue }
                open += fragment.selections
            }
        }
        return fields
    }

    private static func tooMany(_ what: String, _ count: Int, most: Int) -> String {
        "GraphQL queries should have at most \(most) \(what), got \(count) \(what)."
    }
}
