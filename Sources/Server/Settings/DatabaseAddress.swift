/// Where the database is, as `--database` says it.
enum DatabaseAddress: Sendable, Hashable {
    /// A file.
    case sqlite(path: String)
    /// Anything that libpq takes.
    case postgres(uri: String)

    /// Reads SQLAlchemy's addresses too: `sqlite:///relative`, `sqlite:////absolute`, `postgresql+psycopg2://…`.
    init?(_ text: String) {
        if text.hasPrefix("sqlite:///") {
            let path = String(text.dropFirst("sqlite:///".count).prefix { $0 != "?" })
            guard !path.isEmpty, path != ":memory:" else { return nil }
            self = .sqlite(path: path)
            return
        }
        guard let end = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<end.lowerBound].prefix { $0 != "+" }
        guard scheme == "postgresql" || scheme == "postgres" else { return nil }
        self = .postgres(uri: "postgresql" + text[end.lowerBound...])
    }

    /// For people: without a password.
    var description: String {
        switch self {
        case .sqlite(let path): return path
        case .postgres(let uri):
            // Security: what is printed at the start ends in logs, and a password may also stand in the query.
            let place = uri.prefix { $0 != "?" }
            guard let at = place.lastIndex(of: "@"), let slashes = place.firstRange(of: "://") else {
                return String(place)
            }
            return "postgresql://" + place[slashes.upperBound..<at].prefix { $0 != ":" } + place[at...]
        }
    }
}
