package import Core
package import Database

/// Which events are looked for, of a workspace or in the audit.
package struct EventSearch: Sendable {
    /// Of a thing alone, or with all whose subject lies below its own.
    package enum Scope: Sendable {
        case only(String)
        case below(String)
        /// Of anything.
        case all
    }

    let scope: Scope
    let kinds: [Event.Kind]
    let after: Int64
    let before: Int64
    let untilMs: Int64
    let sinceMs: Int64
    let actor: String?

    /// - Parameters:
    ///   - scope: Whose events.
    ///   - kinds: What happened; empty for anything.
    ///   - after: The id behind which they lie.
    ///   - before: The id before which they lie.
    ///   - untilMs: The time of the last that may be found.
    ///   - sinceMs: The time of the first that may be found.
    ///   - actor: Who did it; nil for anybody.
    package init(
        _ scope: Scope,
        kinds: [Event.Kind] = [],
        after: Int64 = 0,
        before: Int64 = .max,
        untilMs: Int64 = .max,
        sinceMs: Int64 = 0,
        actor: String? = nil
    ) {
        self.scope = scope
        self.kinds = kinds
        self.after = after
        self.before = before
        self.untilMs = untilMs
        self.sinceMs = sinceMs
        self.actor = actor
    }
}

extension EventLog {
    /// The newest events that a search finds, newest first.
    ///
    /// - Parameters:
    ///   - search: Which events.
    ///   - caller: Whose workspace is read.
    ///   - limit: How many at the most.
    ///   - connection: The transaction to read in.
    /// - Returns: At most `limit` events.
    /// - Throws: `DatabaseError` where the database fails.
    package static func newest(
        _ search: EventSearch,
        for caller: Caller,
        limit: Int,
        in connection: any Connection
    ) throws -> [Event] {
        try connection.rows(
            """
            SELECT event_id, at_ms, actor, kind, subject, details
            FROM events
            WHERE workspace_id = \(caller.workspace.key) AND \(search.condition)
            ORDER BY event_id DESC
            LIMIT \(limit)
            """,
            event
        )
    }
}

extension EventSearch {
    /// What is asked of an event, whatever its workspace.
    var condition: SQL {
        var conditions: [SQL] = [
            scope.condition, "event_id > \(after)", "event_id < \(before)", "at_ms <= \(untilMs)",
        ]
        if sinceMs > 0 { conditions.append("at_ms >= \(sinceMs)") }
        if let actor { conditions.append("actor = \(actor)") }
        if !kinds.isEmpty {
            conditions.append("kind IN (\(kinds.map { "\($0.rawValue)" as SQL }.joined(separator: ", ")))")
        }
        return conditions.joined(separator: " AND ")
    }
}

extension EventSearch.Scope {
    /// Two ranges of the index at the most; `0` is what follows `/`.
    fileprivate var condition: SQL {
        switch self {
        case .all: "1 = 1"
        case .only(let subject): "subject = \(subject)"
        case .below(let subject):
            "(subject = \(subject) OR (subject > \(subject + "/") AND subject < \(subject + "0")))"
        }
    }
}
