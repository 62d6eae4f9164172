import Core
import Database
import Tracking

/// MLflow's own database, of any version since 1.0: SQLite or PostgreSQL.
///
/// - Source: MLflow 3.17 and 2.22, `mlflow/store/tracking/dbmodels/models.py`.
struct SQLSource: ImportSource {
    let title: String
    let database: any ReadableDatabase
    let schema: SQLSchema
    let artifacts: LocalArtifacts
    let report: ImportReport

    static let pointsPerPage = 20_000
    static let runsPerPage = 200
    static let modelsPerPage = 50
    static let registeredModelsPerPage = 100

    /// The workspace of servers that have but one.
    static let standardWorkspace = "default"

    /// - Throws: `SettingError` where the database is not MLflow's, or is too old.
    static func open(
        _ database: any ReadableDatabase,
        title: String,
        artifacts: LocalArtifacts,
        report: ImportReport
    ) async throws -> SQLSource {
        let schema = try await database.read { try SQLSchema(of: $0) }
        try schema.check(title)
        return SQLSource(
            title: title,
            database: database,
            schema: schema,
            artifacts: artifacts,
            report: report
        )
    }

    func leftovers() async throws -> [String] {
        let kinds = [
            ("trace_info", "traces"), ("evaluation_datasets", "evaluation datasets"),
            ("webhooks", "webhooks"),
        ]
        return try await database.read { connection in
            try kinds.filter { schema.has($0.0) }.compactMap { table, words in
                let query: SQL = "SELECT count(*) FROM \(SQL(trusted: table))"
                let count = try connection.first(query) { $0.int(0) } ?? 0
                return count == 0 ? nil : "\(count) \(words)"
            }
        }
    }

    func experiments() async throws -> [ImportedExperiment] {
        let found = try await database.read { connection in
            var tags: [Int64: [Tag]] = [:]
            try connection.forEach("SELECT experiment_id, key, value FROM experiment_tags ORDER BY key") {
                row in
                let tag = Tag(key: row.text(1), value: row.optionalText(2) ?? "")
                tags[row.int(0), default: []].append(tag)
            }
            return try connection.rows(
                """
                SELECT experiment_id, name, artifact_location, lifecycle_stage,
                    \(schema.column("creation_time", of: "experiments")),
                    \(schema.column("last_update_time", of: "experiments")),
                    \(schema.column("workspace", of: "experiments"))
                FROM experiments ORDER BY experiment_id
                """
            ) { row in
                let experiment = ImportedExperiment(
                    id: row.int(0),
                    name: row.text(1),
                    artifactLocation: row.optionalText(2) ?? "",
                    stage: LifecycleStage(rawValue: row.optionalText(3) ?? "") ?? .active,
                    creationTime: row.optionalInt(4) ?? 0,
                    lastUpdateTime: row.optionalInt(5) ?? row.optionalInt(4) ?? 0,
                    tags: tags[row.int(0)] ?? []
                )
                return (experiment: experiment, workspace: row.optionalText(6))
            }
        }
        return found.compactMap { experiment, workspace in
            guard let workspace, workspace != Self.standardWorkspace else { return experiment }
            report.missed(
                "experiment \(experiment.name)",
                "it is of the workspace '\(workspace)', and there is one workspace here"
            )
            return nil
        }
    }

    func runCount(of experiments: [Int64]) async throws -> Int? {
        try await database.read { connection in
            try connection.first("SELECT count(*) FROM runs WHERE experiment_id \(anyOf: experiments)") {
                Int($0.int(0))
            }
        }
    }

    func artifacts(of owner: ArtifactOwner) -> SourceArtifacts {
        artifacts.find(owner, tellingIn: report)
    }

    func close() async throws { try await database.close() }
}
