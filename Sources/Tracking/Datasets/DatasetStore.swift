import Core
import Database

/// The datasets that the runs of a caller's workspace used.
package struct DatasetStore: Sendable {
    let tracking: Tracking
    let caller: Caller

    /// How many experiments are asked at once, at the most.
    package static let experimentLimit = 20
    /// How many datasets are answered, at the most.
    static let summaryLimit = 1_000

    /// The datasets of experiments, each once for every context in which a run used it.
    ///
    /// - Parameter experiments: The numbers of 1 to 20 experiments; those that are not there have no datasets.
    /// - Returns: At most 1,000, in the order of experiment, name, digest and context.
    /// - Throws: `Failure.invalid` for none or too many experiments.
    /// - Source: MLflow 3.17, `SqlAlchemyStore._search_datasets`.
    package func summaries(of experiments: [Int64]) async throws -> [DatasetSummary] {
        guard !experiments.isEmpty else {
            throw Failure.invalid("SearchDatasets request must specify at least one experiment_id.")
        }
        guard experiments.count <= Self.experimentLimit else {
            throw Failure.invalid(
                "SearchDatasets request cannot specify more than \(Self.experimentLimit) experiment_ids. "
                    + "Received \(experiments.count) experiment_ids."
            )
        }
        return try await tracking.database.read { connection in
            try connection.rows(
                """
                SELECT DISTINCT e.experiment_id, d.name, d.digest, t.value
                FROM experiments e
                JOIN datasets d ON d.experiment_key = e.experiment_key
                JOIN run_datasets u ON u.dataset_key = d.dataset_key
                LEFT JOIN run_dataset_tags t ON t.run_key = u.run_key AND t.dataset_key = u.dataset_key
                    AND t.key = 'mlflow.data.context'
                WHERE e.workspace_id = \(caller.workspace.key) AND e.experiment_id \(anyOf: experiments)
                    \(caller.reaches("e.experiment_id"))
                ORDER BY 1, 2, 3, 4 NULLS LAST
                LIMIT \(Self.summaryLimit)
                """
            ) {
                DatasetSummary(
                    experimentID: $0.int(0),
                    name: $0.text(1),
                    digest: $0.text(2),
                    context: $0.optionalText(3)
                )
            }
        }
    }
}

/// A dataset as a list shows it.
package struct DatasetSummary: Sendable, Hashable {
    package let experimentID: Int64
    package let name: String
    package let digest: String
    /// What runs used it for, such as `training`.
    package let context: String?

    package init(experimentID: Int64, name: String, digest: String, context: String?) {
        self.experimentID = experimentID
        self.name = name
        self.digest = digest
        self.context = context
    }
}
