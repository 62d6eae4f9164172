import Core
import Database
import Tracking

extension SQLSource {
    func forEachPage(ofPointsOf run: SourceRun, _ body: ([Metric]) async throws -> Void) async throws {
        var place: Place?
        while true {
            let after = place
            let page = try await database.read { try points(of: run.run.id, after: after, in: $0) }
            if !page.points.isEmpty { try await body(page.points) }
            guard page.points.count == Self.pointsPerPage else { return }
            place = page.end
        }
    }

    /// Behind which point a page begins.
    private struct Place: Sendable {
        let row: Int64
        let point: Metric
    }

    private func points(
        of run: String,
        after place: Place?,
        in connection: any Connection
    ) throws -> (points: [Metric], end: Place?) {
        var points: [Metric] = []
        var end: Place?
        try connection.forEach(query(run, after: place, connection.dialect)) { row in
            let point = Metric(
                key: row.text(0),
                value: row.bool(4) ? .nan : row.double(1),
                timestamp: row.int(2),
                step: row.int(3)
            )
            points.append(point)
            end = Place(row: row.int(5), point: point)
        }
        return (points, end)
    }

    /// SQLite finds the place by the number of the row, which the index of the run holds; PostgreSQL has no such number
    /// and goes by the primary key.
    private func query(_ run: String, after place: Place?, _ dialect: Dialect) -> SQL {
        switch dialect {
        case .sqlite:
            return """
                SELECT key, value, timestamp, step, is_nan, rowid FROM metrics
                WHERE run_uuid = \(run) AND rowid > \(place?.row ?? -1)
                ORDER BY rowid LIMIT \(Self.pointsPerPage)
                """
        case .postgres:
            let rest: SQL =
                place.map { place in
                    let (point, isNaN) = (place.point, place.point.value.isNaN)
                    return """
                        AND (key, timestamp, step, value, is_nan)
                            > (\(point.key), \(point.timestamp), \(point.step), \(isNaN ? 0 : point.value), \(isNaN))
                        """
                } ?? ""
            return """
                SELECT key, value, timestamp, step, is_nan, 0 FROM metrics
                WHERE run_uuid = \(run) \(rest)
                ORDER BY key, timestamp, step, value, is_nan LIMIT \(Self.pointsPerPage)
                """
        }
    }
}
