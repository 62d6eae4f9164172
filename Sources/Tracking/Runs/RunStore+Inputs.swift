import Core
import Database

extension RunStore {
    /// Notes what a run used; what is noted already stays as it is.
    ///
    /// A dataset is known by its name and digest within an experiment: the first source, schema and profile of it stay,
    /// and so do the tags of its first use by this run.
    ///
    /// - Parameters:
    ///   - inputs: The datasets and models, checked.
    ///   - id: The run's id.
    /// - Throws: `Failure.missing`, `.invalid` for a deleted run or an id that none can have.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.log_inputs`.
    package func log(_ inputs: RunInputs, to id: String) async throws {
        try RunID.check(id)
        try await database.write { connection in
            let run = try activeRow(of: id, in: connection)
            for input in inputs.datasets { try write(input, to: run, in: connection) }
            try connection.insert(
                into: "run_models",
                Self.modelColumns,
                values: inputs.models.flatMap {
                    [.integer(run.key), .text("input"), .text($0), .integer(0)]
                },
                "ON CONFLICT DO NOTHING"
            )
        }
    }

    /// Notes the logged models that a run made; all of them or none.
    ///
    /// - Parameters:
    ///   - outputs: The models with their steps; that they exist is not checked.
    ///   - id: The run's id.
    /// - Throws: `Failure.missing`, `.invalid` for a deleted run or an id that is too long, `.alreadyExists` for a model
    ///   that is noted already or comes twice.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.log_outputs`.
    package func log(_ outputs: [ModelOutput], to id: String) async throws {
        for output in outputs { try LoggedModelID.check(output.modelID) }
        try await database.write { connection in
            let run = try activeRow(of: id, in: connection)
            let written = try connection.insert(
                into: "run_models",
                Self.modelColumns,
                values: outputs.flatMap {
                    [.integer(run.key), .text("output"), .text($0.modelID), .integer($0.step)]
                },
                "ON CONFLICT DO NOTHING"
            )
            guard written == outputs.count else {
                throw Failure.alreadyExists("A model can be logged only once as an output of the run \(id).")
            }
        }
    }

    private static let modelColumns = ["run_key", "direction", "model_id", "step"]

    private func write(_ input: DatasetInput, to run: Found, in connection: any Connection) throws {
        let dataset = try connection.datasetKey(of: input.dataset, experimentKey: run.experimentKey)
        let isNew = try connection.execute(
            "INSERT INTO run_datasets (run_key, dataset_key) VALUES (\(run.key), \(dataset)) ON CONFLICT DO NOTHING"
        )
        guard isNew == 1 else { return }
        try connection.insert(
            into: "run_dataset_tags",
            ["run_key", "dataset_key", "key", "value"],
            values: input.tags.flatMap {
                [.integer(run.key), .integer(dataset), .text($0.key), .text($0.value)]
            }
        )
    }
}
