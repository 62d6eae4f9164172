import Core
import Database
import Events

/// Takes experiments, runs and models with the ids and times that they had elsewhere.
///
/// What is there already stays as it is, so that an import may be ended at any moment and run again: only what is new is
/// added. But for the length of ids (`check`), nothing is held to the limits of the API, for it was in a server already.
package struct ImportStore: Sendable {
    let tracking: Tracking
    let caller: Caller

    var names: NameTable { tracking.names }

    /// Writes a chunk in one transaction.
    ///
    /// - Parameter chunk: What to write; experiments are there already.
    /// - Returns: How many rows were new.
    /// - Throws: `Failure.missing` for an experiment or a run that is not there.
    package func write(_ chunk: ImportChunk) async throws -> ImportCounts {
        try await tracking.database.write { connection in
            var counts = ImportCounts()
            for step in chunk.steps {
                switch step {
                case .run(let run): try write(run, &counts, in: connection)
                case .points(let points, let run): try write(points, to: run, &counts, in: connection)
                case .finish(let run): try finish(run, in: connection)
                case .model(let model): try write(model, &counts, in: connection)
                }
            }
            return counts
        }
    }

    /// Where the artifacts of a run lie that come into this server.
    package func artifactURI(ofRun run: String, in experiment: Int64) -> String {
        appending("\(experiment)/\(run)/artifacts", to: tracking.artifactRoot(in: caller.workspace))
    }

    /// Where the artifacts of a logged model lie that come into this server.
    package func artifactLocation(ofModel model: String, in experiment: Int64) -> String {
        appending("\(experiment)/models/\(model)/artifacts", to: tracking.artifactRoot(in: caller.workspace))
    }

    /// Where the artifacts of runs lie that are here, by their ids.
    package func artifactURIs(ofRuns ids: [String]) async throws -> [String: String] {
        try await places(
            """
            SELECT run_uuid, artifact_uri FROM runs
            WHERE workspace_id = \(caller.workspace.key) AND run_uuid \(anyOf: ids)
            """
        )
    }

    /// Where the artifacts of logged models lie that are here, by their ids.
    package func artifactLocations(ofModels ids: [String]) async throws -> [String: String] {
        try await places(
            """
            SELECT model_id, artifact_location FROM logged_models
            WHERE workspace_id = \(caller.workspace.key) AND model_id \(anyOf: ids)
            """
        )
    }

    private func places(_ query: SQL) async throws -> [String: String] {
        try await tracking.database.read { connection in
            Dictionary(
                uniqueKeysWithValues: try connection.rows(query) { ($0.text(0), $0.text(1)) }
            )
        }
    }

    /// A condition that an address lies within this server.
    func isHere(_ column: SQL) -> SQL {
        let root = tracking.artifactRoot(in: caller.workspace)
        return "substr(\(column), 1, \(root.unicodeScalars.count)) = \(root)"
    }

    func experimentKey(of id: Int64, in connection: any Connection) throws -> Int64 {
        let key = try connection.first(
            """
            SELECT experiment_key FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(id)
            """
        ) { $0.int(0) }
        guard let key else { throw Failure.missing("No Experiment with id=\(id) exists") }
        return key
    }
}
