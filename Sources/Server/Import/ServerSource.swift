import API
import Core
import MLflowClient
import ObjectStore
import Tracking

/// A server that runs, read as its clients read it.
///
/// What clients are not told does not come: when a run was deleted, deleted logged models that no run names, a model's
/// points that a server does not give, and the numbers of deleted versions above those that are left.
struct ServerSource: ImportSource {
    let client: MLflowClient
    /// Where the person says that the server's artifacts lie; nil to ask the server for them.
    let folder: String?
    let report: ImportReport

    var title: String { client.address }

    func leftovers() async throws -> [String] {
        ["traces, webhooks, and deleted logged models that no run names, if there are any"]
    }

    func experiments() async throws -> [ImportedExperiment] {
        var experiments: [ImportedExperiment] = []
        for try await found in client.experiments(view: .all) {
            guard let id = Int64(found.id) else {
                report.missed("experiment \(found.name)", "its id '\(found.id)' is no number")
                continue
            }
            experiments.append(
                ImportedExperiment(
                    id: id,
                    name: found.name,
                    artifactLocation: found.artifactLocation,
                    stage: found.stage.own,
                    creationTime: found.creationTime ?? 0,
                    lastUpdateTime: found.lastUpdateTime ?? found.creationTime ?? 0,
                    tags: found.tags.map { Tag(key: $0.key, value: $0.value) }
                )
            )
        }
        return experiments.sorted { $0.id < $1.id }
    }

    /// The server would have to be read to its end.
    func runCount(of experiments: [Int64]) async throws -> Int? { nil }

    func forEachRun(of experiment: Int64, _ body: (SourceRun) async throws -> Void) async throws {
        for try await found in client.runs(of: ["\(experiment)"], view: .all) {
            do {
                // A search leaves out the models that a run used.
                let run = try await client.run(found.info.id)
                try await body(
                    SourceRun(run: imported(run, experiment), metricKeys: run.data.metrics.map(\.key))
                )
            } catch let error as MLflowError where error.isMissing {
                report.missed("run \(found.info.id)", "it was deleted for good meanwhile")
            }
        }
    }

    func forEachPage(
        ofPointsOf run: SourceRun,
        _ body: ([Metric]) async throws -> Void
    ) async throws {
        for key in run.metricKeys {
            var page: [Metric] = []
            for try await point in client.history(of: key, run: run.run.id) {
                page.append(
                    Metric(
                        key: key,
                        value: point.value,
                        timestamp: point.timestamp,
                        step: point.step
                    )
                )
                if page.count == 20_000 {
                    try await body(page)
                    page = []
                }
            }
            if !page.isEmpty { try await body(page) }
        }
    }

    func forEachLoggedModel(
        of experiment: Int64,
        _ body: (SourceModel) async throws -> Void
    ) async throws {
        do {
            for try await model in client.loggedModels(of: ["\(experiment)"]) {
                try await body(SourceModel(model: imported(model, experiment, .active)))
            }
        } catch let error as MLflowError where error.isUnknownEndpoint {
            // A server before MLflow 3 has no logged models.
            return
        }
    }

    /// An answer does not say whether the model is deleted, so it is asked for among the active ones first.
    func unlistedModel(_ id: String) async throws -> SourceModel? {
        do {
            for stage in [LifecycleStage.active, .deleted] {
                guard let found = try await model(id, stage) else { continue }
                return Int64(found.experimentID).map { SourceModel(model: imported(found, $0, stage)) }
            }
        } catch let error as MLflowError where error.isRefusal {
            report.missed("logged model \(id)", error.description)
        }
        return nil
    }

    private func model(_ id: String, _ stage: LifecycleStage) async throws -> MLflowClient.LoggedModel? {
        do {
            return try await client.loggedModel(id, isDeletedFound: stage == .deleted)
        } catch let error as MLflowError where error.isMissing {
            return nil
        }
    }

    func artifacts(of owner: ArtifactOwner) -> SourceArtifacts {
        if owner.uri.isEmpty { return .nowhere }
        if let folder { return LocalArtifacts(folder: folder, base: folder).find(owner) }
        if let scheme = Importer.scheme(of: owner.uri) { return .elsewhere(scheme: scheme) }
        if let path = ArtifactRoots.path(of: owner.uri) { return .server(client, .proxy(folder: path.text)) }
        switch owner {
        case .run(let run): return .server(client, .run(id: run.run.id))
        case .model(let model) where model.model.stage == .deleted:
            return .unknown("the server gives no files of a deleted logged model")
        case .model(let model): return .server(client, .loggedModel(id: model.model.id))
        }
    }

    func close() async throws {}

    private func imported(_ run: MLflowClient.Run, _ experiment: Int64) -> ImportedRun {
        ImportedRun(
            id: run.info.id,
            experimentID: experiment,
            name: run.info.name,
            userID: run.info.userID,
            status: RunStatus(word: run.info.status) ?? .running,
            startTime: run.info.startTime ?? 0,
            endTime: run.info.endTime,
            stage: run.info.stage.own,
            deletedTime: nil,
            artifactURI: run.info.artifactURI,
            params: run.data.params.map { Param(key: $0.key, value: $0.value) },
            tags: run.data.tags.map { Tag(key: $0.key, value: $0.value) },
            datasets: run.inputs.datasets.map { input in
                DatasetInput(
                    dataset: Dataset(
                        name: input.dataset.name,
                        digest: input.dataset.digest,
                        sourceType: input.dataset.sourceType,
                        source: input.dataset.source,
                        schema: input.dataset.schema,
                        profile: input.dataset.profile
                    ),
                    tags: input.tags.map { Tag(key: $0.key, value: $0.value) }
                )
            },
            modelInputs: run.inputs.modelIDs,
            modelOutputs: run.outputs.models.map { ModelOutput(modelID: $0.modelID, step: $0.step) }
        )
    }

    private func imported(
        _ model: MLflowClient.LoggedModel,
        _ experiment: Int64,
        _ stage: LifecycleStage
    ) -> ImportedLoggedModel {
        ImportedLoggedModel(
            id: model.id,
            experimentID: experiment,
            name: model.name,
            artifactLocation: model.artifactURI,
            creationTime: model.creationTime,
            lastUpdateTime: model.lastUpdateTime,
            status: LoggedModelStatus.allCases.first { $0.word == model.status } ?? .unspecified,
            statusMessage: model.statusMessage,
            stage: stage,
            modelType: model.modelType,
            sourceRunID: model.sourceRunID,
            params: model.params.map { Param(key: $0.key, value: $0.value) },
            tags: model.tags.map { Tag(key: $0.key, value: $0.value) },
            metrics: model.metrics.map { point in
                .init(
                    metric: Metric(
                        key: point.key,
                        value: point.value,
                        timestamp: point.timestamp,
                        step: point.step,
                        datasetName: point.datasetName,
                        datasetDigest: point.datasetDigest
                    ),
                    runID: point.runID ?? ""
                )
            }
        )
    }
}

extension MLflowClient.LifecycleStage {
    fileprivate var own: LifecycleStage { self == .active ? .active : .deleted }
}
