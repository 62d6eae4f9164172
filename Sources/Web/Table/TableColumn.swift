import HTTP
import Tracking

/// A column of the run table, as an address names it: `created`, `m.val/loss`, `p.lr`, `t.team`.
///
/// Behind a colon come words that only the table's script reads, such as a width; see `Files/table/state.js`.
struct TableColumn: Sendable, Hashable {
    enum Source: Sendable, Hashable {
        case attribute(Attribute)
        case metric(String)
        case param(String)
        case tag(String)
    }

    enum Attribute: String, Sendable, CaseIterable {
        case name, status, created, duration, user, source, version, id

        var label: String { self == .id ? "Run id" : rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

        /// The tag that it is kept in; nil for what every row carries.
        var tag: String? {
            switch self {
            case .source: "mlflow.source.name"
            case .version: "mlflow.source.git.commit"
            default: nil
            }
        }
    }

    /// More columns than anybody reads, and few enough that a row is read at once.
    static let most = 600

    let source: Source

    init(_ source: Source) { self.source = source }

    /// Nil for a word that names no column.
    init?(_ word: Substring) {
        let name = word.prefix { $0 != ":" }
        guard let text = PercentEncoding.decoded(name.utf8) else { return nil }
        if let attribute = Attribute(rawValue: text) {
            source = .attribute(attribute)
            return
        }
        let key = String(text.dropFirst(2))
        guard !key.isEmpty else { return nil }
        switch text.prefix(2) {
        case "m.": source = .metric(key)
        case "p.": source = .param(key)
        case "t.": source = .tag(key)
        default: return nil
        }
    }

    /// What a list of words names, each column once.
    static func list(_ text: String) -> [TableColumn] {
        var seen: Set<TableColumn> = []
        return text.split(separator: ",").prefix(most).compactMap { TableColumn($0) }
            .filter { seen.insert($0).inserted }
    }

    /// The word that names it, with what separates words escaped.
    var word: String {
        switch source {
        case .attribute(let attribute): attribute.rawValue
        case .metric(let key): "m." + Self.escaped(key)
        case .param(let key): "p." + Self.escaped(key)
        case .tag(let key): "t." + Self.escaped(key)
        }
    }

    var label: String {
        switch source {
        case .attribute(let attribute): attribute.label
        case .metric(let key), .param(let key), .tag(let key): key
        }
    }

    var isNumber: Bool {
        if case .metric = source { return true }
        return source == .attribute(.duration)
    }

    /// What runs are ordered by to sort by it, as MLflow writes it; nil for what they cannot be ordered by.
    var orderName: String? {
        switch source {
        case .attribute(.name): "attributes.run_name"
        case .attribute(.status): "attributes.status"
        case .attribute(.created): "attributes.start_time"
        case .attribute(.user): "attributes.user_id"
        case .attribute(.id): "attributes.run_id"
        case .attribute(.duration): "attributes.duration"
        case .attribute(.source), .attribute(.version): tag.flatMap { Self.quoted("tags", $0) }
        case .metric(let key): Self.quoted("metrics", key)
        case .param(let key): Self.quoted("params", key)
        case .tag(let key): Self.quoted("tags", key)
        }
    }

    var tag: String? {
        switch source {
        case .attribute(let attribute): attribute.tag
        case .tag(let key): key
        case .metric, .param: nil
        }
    }

    private static func quoted(_ entity: String, _ key: String) -> String? {
        if !key.contains("`") { return "\(entity).`\(key)`" }
        return key.contains("\"") ? nil : "\(entity).\"\(key)\""
    }

    private static func escaped(_ key: String) -> String {
        var text = ""
        for character in key {
            switch character {
            case "%": text += "%25"
            case ",": text += "%2C"
            case ":": text += "%3A"
            default: text.append(character)
            }
        }
        return text
    }
}

extension RunColumns {
    /// What of runs is read to fill columns.
    init(_ columns: [TableColumn]) {
        var (metrics, params, tags): ([String], [String], [String]) = ([], [], [])
        for column in columns {
            switch column.source {
            case .metric(let key): metrics.append(key)
            case .param(let key): params.append(key)
            case .attribute, .tag:
                if let tag = column.tag, !tags.contains(tag) { tags.append(tag) }
            }
        }
        self.init(metrics: metrics, params: params, tags: tags)
    }
}
