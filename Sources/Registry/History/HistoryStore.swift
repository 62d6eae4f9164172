import Core
import Database
package import Events

/// What happened to the registered models of a caller's workspace; also to those that are deleted.
package struct HistoryStore: Sendable {
    let registry: Registry
    let caller: Caller
    /// No more is read than events with about so many bytes of details; there may be long tags in each.
    package var pageBytes = 16_000_000

    var database: any Database { registry.database }

    /// What happened to a model, its versions and its aliases, newest first; under its earlier names as well.
    ///
    /// - Parameters:
    ///   - name: The model, which may be deleted.
    ///   - before: The id of the event before which to begin; nil for the newest.
    ///   - limit: How many at the most.
    /// - Returns: The events; fewer where they are large, but one at the least where there is one.
    /// - Throws: `Failure.missing` where no model ever had the name.
    package func events(of name: ModelName, before: Int64? = nil, limit: Int) async throws -> [Event] {
        try await database.read { connection in
            try known(name, in: connection)
            return try newest(of: name, in: .all, before: before ?? .max, limit: limit, in: connection) {
                .below(RegistrySubject.model($0).text)
            }
        }
    }

    /// One page of what happened to a model, or to an alias of it.
    ///
    /// - Parameters:
    ///   - name: The model, which may be deleted.
    ///   - alias: The alias, which may be removed; nil for all of the model.
    ///   - before: The id of the event before which to begin; nil for the newest.
    ///   - limit: How many at the most; there are fewer where they are large.
    /// - Returns: The events, newest first, and the id before which the next page begins.
    /// - Throws: `Failure.missing` where no model ever had the name.
    package func page(
        of name: ModelName,
        _ alias: AliasName? = nil,
        before: Int64? = nil,
        limit: Int
    ) async throws -> (events: [Event], next: Int64?) {
        let found =
            if let alias {
                try await events(of: alias, of: name, before: before, limit: limit + 1)
            } else {
                try await events(of: name, before: before, limit: limit + 1)
            }
        let isFull = found.count > limit || Self.textBytes(of: found) >= pageBytes
        let shown = Array(found.prefix(limit))
        return (shown, isFull ? shown.last?.id : nil)
    }

    /// What an alias pointed at, newest first; under earlier names of the model as well.
    ///
    /// - Parameters:
    ///   - alias: The alias, which may be removed.
    ///   - name: The model, which may be deleted.
    ///   - before: The id of the event before which to begin; nil for the newest.
    ///   - limit: How many at the most.
    /// - Returns: The events.
    /// - Throws: `Failure.missing` where no model ever had the name.
    package func events(
        of alias: AliasName,
        of name: ModelName,
        before: Int64? = nil,
        limit: Int
    ) async throws -> [Event] {
        try await database.read { connection in
            try known(name, in: connection)
            return try changes(
                of: alias,
                of: name,
                in: .all,
                before: before ?? .max,
                limit: limit,
                in: connection
            )
        }
    }

    /// The number of the version that an alias pointed at.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - name: The model.
    ///   - timeMs: When, in epoch milliseconds.
    /// - Returns: The number; nil where it pointed at none. It is that of the model which has the name now, also under its
    ///   earlier names, or else of the one that had the name then. The version may be deleted by now.
    /// - Throws: `Failure.missing` where no model ever had the name.
    package func version(at alias: AliasName, of name: ModelName, atMs timeMs: Int64) async throws -> Int64? {
        try await database.read { connection in
            try known(name, in: connection)
            let owner = try connection.first(
                "SELECT 1 FROM registered_models WHERE workspace_id = \(caller.workspace.key) AND name = \(name.text)"
            ) { $0.int(0) }
            let lives: [Lives] = owner == nil ? [.at(timeMs)] : [.last, .at(timeMs)]
            for lives in lives {
                let last = try changes(
                    of: alias,
                    of: name,
                    in: lives,
                    untilMs: timeMs,
                    limit: 1,
                    in: connection
                ).first
                if let last { return AliasChange(last).to }
            }
            return nil
        }
    }

    /// Which models are meant by a name that several had, one after the other.
    enum Lives: Equatable {
        case all
        /// The one that had the name at a time, in epoch milliseconds.
        case at(Int64)
        /// The newest alone: what an earlier one's versions and aliases were is nothing to it.
        case last
    }

    func changes(
        of alias: AliasName,
        of name: ModelName,
        in lives: Lives,
        before: Int64 = .max,
        untilMs: Int64 = .max,
        limit: Int,
        in connection: any Connection
    ) throws -> [Event] {
        try newest(of: name, in: lives, before: before, untilMs: untilMs, limit: limit, in: connection) {
            .only(RegistrySubject.alias($0, alias.text).text)
        }
    }

    private func newest(
        of name: ModelName,
        in lives: Lives,
        before: Int64,
        untilMs: Int64 = .max,
        limit: Int,
        in connection: any Connection,
        scope: (String) -> EventSearch.Scope
    ) throws -> [Event] {
        var (events, sizeBytes): ([Event], Int) = ([], 0)
        for span in try spans(of: name, lives, in: connection) {
            var end = min(span.before, before)
            while span.after < end, events.count < limit, sizeBytes < pageBytes {
                let search = EventSearch(scope(span.name), after: span.after, before: end, untilMs: untilMs)
                let some = min(limit - events.count, Self.eventsAtOnce)
                let found = try EventLog.newest(search, for: caller, limit: some, in: connection)
                for event in found where sizeBytes < pageBytes {
                    events.append(event)
                    sizeBytes += event.details.utf8.count
                }
                guard found.count == some, let last = found.last else { break }
                end = last.id
            }
        }
        return events
    }

    private static let eventsAtOnce = 250

    private static func textBytes(of events: [Event]) -> Int {
        events.reduce(0) { $0 + $1.details.utf8.count }
    }

    /// What a model is and was called, the newest name first.
    func names(of name: ModelName, in connection: any Connection) throws -> [String] {
        try spans(of: name, .last, in: connection).map(\.name)
    }

    /// A part of the log in which a model had a name.
    private struct Span {
        let name: String
        let after: Int64
        let before: Int64
    }

    /// More renames than this are not followed.
    private static let mostNames = 100

    /// The names of a model, the newest first.
    private func spans(of name: ModelName, _ lives: Lives, in connection: any Connection) throws -> [Span] {
        var spans: [Span] = []
        var (current, end, cursor) = (name.text, Int64.max, Int64.max)
        let untilMs = if case .at(let timeMs) = lives { timeMs } else { Int64.max }
        let kinds: [Event.Kind] = [
            .registeredModelCreated, .registeredModelImported, .registeredModelRenamed,
        ]
        while spans.count < Self.mostNames {
            let search = EventSearch(
                .only(RegistrySubject.model(current).text),
                kinds: kinds,
                before: cursor,
                untilMs: untilMs
            )
            let found = try EventLog.newest(search, for: caller, limit: 1, in: connection).first
            guard let start = found else { break }
            guard start.kind == .registeredModelRenamed else {
                let after = lives == .all ? 0 : start.id - 1
                return spans + [Span(name: current, after: after, before: end)]
            }
            cursor = start.id
            let details = try JSON(parsing: start.details)
            guard case .string(let new)? = details["to"], case .string(let old)? = details["from"] else {
                continue
            }
            guard ExactText(new) == ExactText(current), ExactText(old) != ExactText(current) else {
                // Who had the name had gone on under another, and nobody had it at the time.
                if untilMs < .max, spans.isEmpty, ExactText(new) != ExactText(current) { return [] }
                continue
            }
            spans.append(Span(name: current, after: start.id - 1, before: end))
            (current, end) = (old, start.id)
        }
        return spans + [Span(name: current, after: 0, before: end)]
    }

    private func known(_ name: ModelName, in connection: any Connection) throws {
        let search = EventSearch(.only(RegistrySubject.model(name.text).text))
        guard try !EventLog.newest(search, for: caller, limit: 1, in: connection).isEmpty else {
            throw name.missing
        }
    }
}

/// An event of an alias: from which version to which.
struct AliasChange {
    let id: Int64
    /// Nil where the alias was removed.
    let to: Int64?
    /// The event after which the alias stood as it stands after this one: an earlier one, where this rolled it back.
    let restored: Int64

    init(_ event: Event) {
        let details = (try? JSON(parsing: event.details)) ?? .null
        id = event.id
        to = if case .integer(let version)? = details["to"] { version } else { nil }
        restored = if case .integer(let id)? = details["restores"] { id } else { event.id }
    }
}
