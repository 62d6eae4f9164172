import Core
import Database

/// The names of metrics, params and tags by whose values the runs of one experiment are kept in order.
///
/// An index of every value costs more than the value itself, and hardly any name is ever searched by. So a name joins at
/// the first search that would gain by it (`NameSorter`). From then on its rows carry the key of their experiment in
/// `sorted_in`, which is what the indexes `sorted_metrics`, `sorted_params` and `sorted_tags` are made of.
package struct SortedNames: Sendable, Equatable {
    /// What a name is the name of; the raw value is what is stored.
    enum Kind: Character, Sendable, CaseIterable {
        case metric = "m"
        case param = "p"
        case tag = "t"

        var table: SQL {
            switch self {
            case .metric: "latest_metrics"
            case .param: "params"
            case .tag: "tags"
            }
        }
    }

    struct Name: Hashable, Comparable, Sendable {
        let kind: Kind
        let id: Int64

        static func < (left: Name, right: Name) -> Bool {
            (left.kind.rawValue, left.id) < (right.kind.rawValue, right.id)
        }
    }

    enum State: Character, Sendable {
        /// Every row is in the index.
        case ready = "+"
        /// New rows join the index, older ones are being added; searches go without.
        case filling = "~"
        /// Some value is too long for an index.
        case refused = "!"
    }

    private var states: [Name: State] = [:]

    static let none = SortedNames()

    /// Names beyond this many in one experiment are searched without an index.
    static let limit = 100

    /// Characters of a value that an index takes; PostgreSQL has no room for many more.
    static let longestValue = 250

    /// Whether no index takes a text.
    static func isLong(_ text: String) -> Bool {
        text.utf8.count > longestValue && text.unicodeScalars.count > longestValue
    }

    subscript(name: Name) -> State? {
        get { states[name] }
        set { states[name] = newValue }
    }

    var isFull: Bool { states.count >= Self.limit }

    func isReady(_ name: Name) -> Bool { states[name] == .ready }

    /// The numbers of the names whose rows belong into the index.
    func ids(of kind: Kind) -> [Int64] {
        states.filter { $0.key.kind == kind && $0.value != .refused }.map(\.key.id).sorted()
    }

    /// What `sorted_in` of a row with this name holds.
    func place(of name: Name, in experiment: Int64) -> Value {
        switch states[name] {
        case .ready, .filling: .integer(experiment)
        case .refused, nil: .null
        }
    }
}

/// As text: each name by its kind, its number and its state, such as `m12+ p7~`.
extension SortedNames {
    init(_ text: String) {
        for word in text.split(separator: " ") {
            guard let kind = word.first.flatMap(Kind.init), let state = word.last.flatMap(State.init),
                let id = Int64(word.dropFirst().dropLast())
            else { preconditionFailure("'\(word)' is no sorted name") }
            states[Name(kind: kind, id: id)] = state
        }
    }

    var text: String {
        states.map { "\($0.kind.rawValue)\($0.id)\($1.rawValue)" }.sorted().joined(separator: " ")
    }
}

extension SortedNames {
    /// The sorted names of an experiment, which stay as they are until the transaction ends.
    ///
    /// Asked for before names are interned: two who did it in different orders would wait for each other, one for a name that
    /// the other has made, the other behind a sorter that waits for the one.
    ///
    /// - Parameters:
    ///   - experiment: Its key.
    ///   - toChange: Whether this transaction may change them; it waits for all who write values then, and they for it.
    ///   - connection: The transaction.
    /// - Returns: The names.
    /// - Throws: `DatabaseError` where the database fails.
    static func load(
        of experiment: Int64,
        toChange: Bool = false,
        in connection: any Connection
    ) throws -> SortedNames {
        // No lock of a row: who asks for one alone waits as long as others go on sharing it.
        let lock = "sorted names of experiment \(experiment)"
        if toChange { try connection.lock(lock) } else { try connection.share(lock) }
        return try connection.first(
            "SELECT names FROM sorted_names WHERE experiment_key = \(experiment)"
        ) { SortedNames($0.text(0)) } ?? .none
    }

    func store(of experiment: Int64, in connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO sorted_names (experiment_key, names) VALUES (\(experiment), \(text))
            ON CONFLICT (experiment_key) DO UPDATE SET names = excluded.names
            """
        )
    }
}
