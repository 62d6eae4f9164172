import Core
import Database
import Registry
import TestSupport
import Testing

@testable import Server

@Suite struct SQLSourceRegistryTests {
    @Test(arguments: Backend.available)
    func `models of one name in two workspaces are not mixed`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [theirs("workspace VARCHAR(63) NOT NULL,")]) {
            database in
            try await database.write { connection in
                for (workspace, version) in [("blue", 1), ("default", 2), ("green", 3)] as [(String, Int64)] {
                    try connection.insertModel("iris", version, workspace: workspace)
                }
                try connection.insertModel("only blue", 1, workspace: "blue")
                try connection.insertModel("rose", 1, workspace: "default")
            }
            let report = ImportReport()

            let models = try await models(in: database, report)

            #expect(models.map(\.name) == ["iris", "rose"])
            #expect(models[0].versions.map(\.version) == [2])
            #expect(models[0].versions[0].tags.map(\.value) == ["default"])
            #expect(models[0].tags.map(\.value) == ["default"])
            #expect(models[0].aliases.map(\.version) == [2])
            #expect(models[0].lastVersion == 2)
            #expect(
                report.state.missed.map { "\($0.what): \($0.reason)" } == [
                    "registered model iris: it is of the workspace 'blue', and there is one workspace here",
                    "registered model only blue: it is of the workspace 'blue', and there is one workspace here",
                    "registered model iris: it is of the workspace 'green', and there is one workspace here",
                ]
            )
        }
    }

    @Test func `a database without workspaces has one`() async throws {
        try await withDatabase(on: .sqlite, migrations: [theirs("")]) { database in
            try await database.write { try $0.insertModel("iris", 1, workspace: nil) }
            let report = ImportReport()

            let models = try await models(in: database, report)

            #expect(models.map(\.name) == ["iris"])
            #expect(models[0].versions.map(\.version) == [1])
            #expect(report.state.missedCount == 0)
        }
    }

    @Test func `every page of models comes, whatever lies between them`() async throws {
        try await withDatabase(on: .sqlite, migrations: [theirs("workspace VARCHAR(63) NOT NULL,")]) {
            database in
            try await database.write { connection in
                for number in 100..<350 as Range<Int64> {
                    let workspace = number.isMultiple(of: 2) ? "default" : "blue"
                    try connection.insertModel("iris \(number)", 1, workspace: workspace)
                }
            }
            let report = ImportReport()

            let models = try await models(in: database, report)

            #expect(models.count == 125)
            #expect(report.state.missedCount == 125)
        }
    }

    private func models(
        in database: any Database,
        _ report: ImportReport
    ) async throws -> [ImportedRegisteredModel] {
        let source = SQLSource(
            title: "theirs",
            database: database,
            schema: try await database.read { try SQLSchema(of: $0) },
            artifacts: LocalArtifacts(folder: nil, base: ""),
            report: report
        )
        var models: [ImportedRegisteredModel] = []
        try await source.forEachRegisteredModel { models.append($0) }
        return models
    }
}

/// The tables of MLflow's registry, with a column for the workspace or without.
private func theirs(_ workspace: String) -> Migration {
    let workspace = SQL(trusted: workspace)
    return Migration(
        "0001 theirs",
        """
        CREATE TABLE registered_models (\(workspace) name VARCHAR(256) NOT NULL, creation_time BIGINT,
            last_updated_time BIGINT, description VARCHAR(5000))
        """,
        "CREATE TABLE registered_model_tags (\(workspace) name VARCHAR(256), key VARCHAR(250), value VARCHAR(5000))",
        "CREATE TABLE registered_model_aliases (\(workspace) name VARCHAR(256), alias VARCHAR(256), version INTEGER)",
        """
        CREATE TABLE model_versions (\(workspace) name VARCHAR(256), version INTEGER, creation_time BIGINT,
            last_updated_time BIGINT, description VARCHAR(5000), current_stage VARCHAR(20), source VARCHAR(500),
            storage_location VARCHAR(500), run_id VARCHAR(32), run_link VARCHAR(500), status VARCHAR(20),
            status_message VARCHAR(500))
        """,
        """
        CREATE TABLE model_version_tags (\(workspace) name VARCHAR(256), version INTEGER, key VARCHAR(250), value TEXT)
        """
    )
}

extension Connection {
    /// A model with a version, an alias and tags whose values are its workspace.
    fileprivate func insertModel(_ name: String, _ version: Int64, workspace: String?) throws {
        let (column, value): (SQL, SQL) = workspace.map { ("workspace, ", "\($0), ") } ?? ("", "")
        let tag = workspace ?? ""
        try execute(
            "INSERT INTO registered_models (\(column)name, creation_time) VALUES (\(value)\(name), 5)"
        )
        try execute(
            "INSERT INTO registered_model_tags (\(column)name, key, value) VALUES (\(value)\(name), 'k', \(tag))"
        )
        try execute(
            """
            INSERT INTO registered_model_aliases (\(column)name, alias, version)
            VALUES (\(value)\(name), 'champion', \(version))
            """
        )
        try execute(
            "INSERT INTO model_versions (\(column)name, version) VALUES (\(value)\(name), \(version))"
        )
        try execute(
            """
            INSERT INTO model_version_tags (\(column)name, version, key, value)
            VALUES (\(value)\(name), \(version), 'k', \(tag))
            """
        )
    }
}
