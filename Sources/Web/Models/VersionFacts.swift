import Core
import Registry
import Tracking

/// All of a version that is compared with another's.
struct VersionFacts: Sendable {
    let version: ModelVersion
    let params: [String: String]
    let metrics: [String: Double]
    let folder: VersionFolder?

    static func load(
        _ number: Int64,
        of name: ModelName,
        _ visit: Visit,
        _ web: Web
    ) async throws -> VersionFacts {
        let version = try await web.registry.modelVersions(for: visit.caller).get(number, of: name)
        async let folder = VersionFolder.load(version, visit, web)
        var (params, metrics): ([String: String], [String: Double]) = ([:], [:])
        if let run = try await run(of: version, visit, web) {
            for param in run.params { params[param.key] = param.value }
            for metric in run.metrics { metrics[metric.key] = metric.value }
        }
        if let model = try await loggedModel(of: version, visit, web) {
            for param in model.params { params[param.key] = param.value }
            for found in model.metrics { metrics[found.metric.key] = found.metric.value }
        }
        return try await VersionFacts(version: version, params: params, metrics: metrics, folder: folder)
    }

    private static func run(of version: ModelVersion, _ visit: Visit, _ web: Web) async throws -> Run? {
        guard !version.runID.isEmpty else { return nil }
        return try await found { try await web.tracking.runs(for: visit.caller).get(version.runID) }
    }

    private static func loggedModel(
        of version: ModelVersion,
        _ visit: Visit,
        _ web: Web
    ) async throws -> LoggedModel? {
        guard case .loggedModel(let id)? = ModelReference(uri: version.source) else { return nil }
        return try await found { try await web.tracking.loggedModels(for: visit.caller).get(id) }
    }

    /// Nil for what is not here, or not any more.
    private static func found<Thing>(_ get: () async throws -> Thing) async throws -> Thing? {
        do {
            return try await get()
        } catch let failure as Failure where [.missing, .invalidParameter].contains(failure.code) {
            return nil
        }
    }
}
