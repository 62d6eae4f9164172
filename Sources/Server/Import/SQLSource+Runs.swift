import Core
import Database
import Tracking

extension SQLSource {
    func forEachRun(of experiment: Int64, _ body: (SourceRun) async throws -> Void) async throws {
        var last = ""
        while true {
            let after = last
            let page = try await database.read { try runs(of: experiment, after: after, in: $0) }
            for run in page { try await body(SourceRun(run: run)) }
            guard page.count == Self.runsPerPage, let end = page.last else { return }
            last = end.id
        }
    }

    private func runs(
        of experiment: Int64,
        after last: String,
        in connection: any Connection
    ) throws -> [ImportedRun] {
        let infos = try connection.rows(
            """
            SELECT run_uuid, name, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri,
                \(schema.column("deleted_time", of: "runs"))
            FROM runs WHERE experiment_id = \(experiment) AND run_uuid > \(last)
            ORDER BY run_uuid LIMIT \(Self.runsPerPage)
            """
        ) { RunRow($0) }
        guard !infos.isEmpty else { return [] }
        let ids = infos.map { "\($0.id)" as SQL }.joined(separator: ", ")
        let params = try pairs("params", ids, in: connection)
        let tags = try pairs("tags", ids, in: connection)
        let datasets = try datasets(of: ids, in: connection)
        let models = try models(of: ids, in: connection)
        return infos.map { info in
            let tags = (tags[info.id] ?? []).map { Tag(key: $0.key, value: $0.value) }
            return ImportedRun(
                id: info.id,
                experimentID: experiment,
                name: info.name.isEmpty ? tags.first { $0.key == "mlflow.runName" }?.value ?? "" : info.name,
                userID: info.userID,
                status: info.status,
                startTime: info.startTime,
                endTime: info.endTime,
                stage: info.stage,
                deletedTime: info.deletedTime,
                artifactURI: info.artifactURI,
                params: (params[info.id] ?? []).map { Param(key: $0.key, value: $0.value) },
                tags: tags,
                datasets: datasets[info.id] ?? [],
                modelInputs: models[info.id]?.inputs ?? [],
                modelOutputs: models[info.id]?.outputs ?? []
            )
        }
    }

    private struct RunRow {
        let id: String
        let name: String
        let userID: String
        let status: RunStatus
        let startTime: Int64
        let endTime: Int64?
        let stage: LifecycleStage
        let artifactURI: String
        let deletedTime: Int64?

        init(_ row: borrowing Row) {
            id = row.text(0)
            name = row.optionalText(1) ?? ""
            userID = row.optionalText(2) ?? ""
            status = RunStatus(word: row.optionalText(3) ?? "") ?? .running
            startTime = row.optionalInt(4) ?? 0
            endTime = row.optionalInt(5)
            stage = LifecycleStage(rawValue: row.optionalText(6) ?? "") ?? .active
            artifactURI = row.optionalText(7) ?? ""
            deletedTime = row.optionalInt(8)
        }
    }

    private func pairs(
        _ table: String,
        _ ids: SQL,
        in connection: any Connection
    ) throws -> [String: [(key: String, value: String)]] {
        var found: [String: [(key: String, value: String)]] = [:]
        try connection.forEach(
            "SELECT run_uuid, key, value FROM \(SQL(trusted: table)) WHERE run_uuid IN (\(ids)) ORDER BY key"
        ) { row in
            found[row.text(0), default: []].append((row.text(1), row.optionalText(2) ?? ""))
        }
        return found
    }

    private func datasets(of ids: SQL, in connection: any Connection) throws -> [String: [DatasetInput]] {
        guard schema.has("inputs"), schema.has("datasets") else { return [:] }
        var tags: [String: [Tag]] = [:]
        try connection.forEach(
            """
            SELECT t.input_uuid, t.name, t.value FROM input_tags t JOIN inputs i ON i.input_uuid = t.input_uuid
            WHERE i.destination_type = 'RUN' AND i.destination_id IN (\(ids)) ORDER BY t.name
            """
        ) { row in
            tags[row.text(0), default: []].append(Tag(key: row.text(1), value: row.text(2)))
        }
        var found: [String: [DatasetInput]] = [:]
        try connection.forEach(
            """
            SELECT i.destination_id, i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source,
                d.dataset_schema, d.dataset_profile
            FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
            WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id IN (\(ids))
            ORDER BY i.input_uuid
            """
        ) { row in
            let dataset = Dataset(
                name: row.text(2),
                digest: row.text(3),
                sourceType: row.text(4),
                source: row.text(5),
                schema: row.optionalText(6),
                profile: row.optionalText(7)
            )
            found[row.text(0), default: []].append(
                DatasetInput(dataset: dataset, tags: tags[row.text(1)] ?? [])
            )
        }
        return found
    }

    private struct Models {
        var inputs: [String] = []
        var outputs: [ModelOutput] = []
    }

    private func models(of ids: SQL, in connection: any Connection) throws -> [String: Models] {
        guard schema.has("step", of: "inputs") else { return [:] }
        var found: [String: Models] = [:]
        try connection.forEach(
            """
            SELECT source_id, source_type, destination_id, step FROM inputs
            WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND source_id IN (\(ids)) ORDER BY input_uuid
            """
        ) { row in
            if row.text(1) == "RUN_INPUT" {
                found[row.text(0), default: Models()].inputs.append(row.text(2))
            } else {
                let output = ModelOutput(modelID: row.text(2), step: row.int(3))
                found[row.text(0), default: Models()].outputs.append(output)
            }
        }
        return found
    }
}

extension RunStatus {
    /// Reads the word that MLflow stores and sends; nil for any other.
    init?(word: String) {
        guard let status = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = status
    }
}
