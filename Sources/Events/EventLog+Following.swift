package import Core
package import Database

/// An event, and in which workspace it happened.
package struct FollowedEvent: Sendable, Hashable {
    package let workspace: WorkspaceID
    package let event: Event
}

/// The log as one reads it who follows what happens in all workspaces.
///
/// Ids grow in the order in which they are given, which on PostgreSQL is not the order in which they are seen: an event
/// whose transaction ends late appears between others that were read already.
extension EventLog {
    /// What comes behind an id.
    ///
    /// - Parameters:
    ///   - id: The last that was read; 0 for none.
    ///   - limit: How many at the most.
    ///   - connection: The transaction to read in.
    /// - Returns: The events by their ids.
    /// - Throws: `DatabaseError` where the database fails.
    package static func following(
        _ id: Int64,
        limit: Int,
        in connection: any Connection
    ) throws -> [FollowedEvent] {
        try followed("event_id > \(id)", limit: limit, in: connection)
    }

    /// Those in some ranges of ids that are there.
    ///
    /// - Parameters:
    ///   - ranges: The ranges, in their order, none of which meets another.
    ///   - limit: How many at the most.
    ///   - connection: The transaction to read in.
    /// - Returns: The events by their ids.
    /// - Throws: `DatabaseError` where the database fails.
    package static func find(
        in ranges: [ClosedRange<Int64>],
        limit: Int,
        in connection: any Connection
    ) throws -> [FollowedEvent] {
        var (found, left): ([FollowedEvent], ArraySlice) = ([], ranges[...])
        while !left.isEmpty, found.count < limit {
            let some = left.prefix(rangeLimit)
            let conditions: [SQL] = some.map { "event_id BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
            found += try followed(
                "(\(conditions.joined(separator: " OR ")))",
                limit: limit - found.count,
                in: connection
            )
            left = left.dropFirst(rangeLimit)
        }
        return found
    }

    /// Each is a step into the index; SQLite nests no more than 1,000 conditions.
    private static let rangeLimit = 200

    /// The id of the newest event; 0 where there is none.
    package static func newestID(in connection: any Connection) throws -> Int64 {
        let newest = try connection.first("SELECT MAX(event_id) FROM events") { $0.optionalInt(0) }
        return newest.flatMap(\.self) ?? 0
    }

    private static func followed(
        _ condition: SQL,
        limit: Int,
        in connection: any Connection
    ) throws -> [FollowedEvent] {
        try connection.rows(
            """
            SELECT event_id, at_ms, actor, kind, subject, details, workspace_id
            FROM events
            WHERE \(condition)
            ORDER BY event_id
            LIMIT \(limit)
            """
        ) { FollowedEvent(workspace: WorkspaceID(key: $0.int(6)), event: try event($0)) }
    }
}
