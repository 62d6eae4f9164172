import Database

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

    /// Why an address is refused that is not well-formed; with it, a password would be shown.
    static let malformed =
        "the address of PostgreSQL is malformed: special characters in a user name or password are written in "
        + "percents, such as %40 for @, a port is a number, and an address of IPv6 stands in brackets."

    /// Whether libpq can read it.
    var isWellFormed: Bool {
        switch self {
        case .sqlite: true
        case .postgres(let uri): PostgresURI(uri).isWellFormed
        }
    }

    /// For people: without a password.
    var description: String {
        switch self {
        case .sqlite(let path): path
        // Security: what is printed at the start ends in logs.
        case .postgres(let uri): PostgresURI(uri).place
        }
    }
}
