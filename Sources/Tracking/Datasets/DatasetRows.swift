import Core
import Database

extension Connection {
    /// The key of a dataset of an experiment; it is made where it is not there, and stays until the transaction ends.
    ///
    /// What is known under its name and digest stays as it is.
    func datasetKey(of dataset: Dataset, experimentKey: Int64) throws -> Int64 {
        while true {
            let stored = try first(
                """
                SELECT dataset_key FROM datasets
                WHERE experiment_key = \(experimentKey) AND name = \(dataset.name) AND digest = \(dataset.digest)
                \(.forShare)
                """
            ) { $0.int(0) }
            if let stored { return stored }
            let inserted = try first(
                """
                INSERT INTO datasets (experiment_key, name, digest, source_type, source, schema, profile)
                VALUES (\(experimentKey), \(dataset.name), \(dataset.digest), \(dataset.sourceType),
                    \(dataset.source), \(dataset.schema), \(dataset.profile))
                ON CONFLICT (experiment_key, name, digest) DO NOTHING
                RETURNING dataset_key
                """
            ) { $0.int(0) }
            if let inserted { return inserted }
            // Another transaction wrote it between the two statements.
        }
    }

    /// The keys of the datasets that a run used.
    func datasetKeys(ofRun run: Int64) throws -> [Int64] {
        try rows("SELECT dataset_key FROM run_datasets WHERE run_key = \(run) ORDER BY dataset_key") {
            $0.int(0)
        }
    }

    /// Deletes those of some datasets that no run uses any more.
    func deleteUnusedDatasets(of keys: [Int64]) throws {
        guard !keys.isEmpty else { return }
        // Held before it is seen who uses them: whoever notes one meanwhile is waited for, or finds it gone.
        try forEach(
            "SELECT dataset_key FROM datasets WHERE dataset_key \(anyOf: keys) ORDER BY dataset_key \(.forUpdate)"
        ) { _ in }
        try execute(
            """
            DELETE FROM datasets WHERE dataset_key \(anyOf: keys)
                AND NOT EXISTS (SELECT 1 FROM run_datasets u WHERE u.dataset_key = datasets.dataset_key)
            """
        )
    }
}
