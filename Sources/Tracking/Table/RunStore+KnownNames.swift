import Core
import Database

extension RunStore {
    /// A name that runs of an experiment have, as far as a part of them tells.
    package struct KnownName: Sendable, Hashable {
        package enum Kind: String, Sendable, CaseIterable {
            case metric, param, tag

            var sorted: SortedNames.Kind {
                switch self {
                case .metric: .metric
                case .param: .param
                case .tag: .tag
                }
            }
        }

        package let kind: Kind
        package let name: String
        package let runCount: Int
        /// Whether some runs have another value than others, or none.
        package let differs: Bool
    }

    /// As many runs are looked at for names: the newest half of them, and others spread over the rest.
    private static let sampleSize = 1_000
    private static let mostNames = 2_000

    /// The names of metrics, params and tags that the runs of an experiment have, as a sample of them tells.
    ///
    /// - Parameters:
    ///   - experiment: Its number.
    ///   - viewType: Whether its active or deleted runs are meant.
    /// - Returns: The names by kind and name, and how many runs were looked at.
    /// - Throws: `DatabaseError`.
    package func knownNames(
        in experiment: Int64,
        viewType: ViewType
    ) async throws -> (names: [KnownName], sampled: Int) {
        try await database.read { connection in
            let selection = RunSelection(experiment: experiment, filter: nil, viewType: viewType)
            let keys = try sample(try conditions(selection, nil, in: connection), in: connection)
            var found: [KnownName] = []
            for kind in KnownName.Kind.allCases where !keys.isEmpty {
                let rows = try connection.rows(
                    """
                    SELECT v.name_id, COUNT(*), CASE WHEN MIN(v.value) = MAX(v.value) THEN 0 ELSE 1 END
                    FROM \(kind.sorted.table) v WHERE v.run_key \(oneOf: keys)
                    GROUP BY v.name_id ORDER BY 2 DESC, 1 LIMIT \(Self.mostNames)
                    """
                ) { (id: $0.int(0), count: Int($0.int(1)), varies: $0.int(2) == 1) }
                let words = try names.names(of: Set(rows.map(\.id)), in: connection)
                found += rows.compactMap { row in
                    words[row.id].map {
                        KnownName(
                            kind: kind,
                            name: $0,
                            runCount: row.count,
                            differs: row.varies || row.count < keys.count
                        )
                    }
                }.sorted { $0.name < $1.name }
            }
            return (found, keys.count)
        }
    }

    private func sample(_ conditions: SQL, in connection: any Connection) throws -> [Int64] {
        let total = try connection.first("SELECT COUNT(*) FROM runs r WHERE \(conditions)") { $0.int(0) } ?? 0
        let newest = try connection.rows(
            """
            SELECT r.run_key FROM runs r WHERE \(conditions)
            ORDER BY r.start_time DESC, r.run_uuid LIMIT \(Self.sampleSize / 2)
            """
        ) { $0.int(0) }
        guard total > newest.count else { return newest }
        let step = max(1, total * 2 / Int64(Self.sampleSize))
        let spread = try connection.rows(
            "SELECT r.run_key FROM runs r WHERE \(conditions) AND r.run_key % \(step) = 0 LIMIT \(Self.sampleSize)"
        ) { $0.int(0) }
        return Set(newest + spread).sorted()
    }
}
