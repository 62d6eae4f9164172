import API
import HTTP
import ObjectStore
import Registry
import Tracking

/// All that is answered about the registry, with the logged models that versions come from.
func registryEndpoints(_ tracking: Tracking, _ registry: Registry) -> [Endpoint] {
    registryEndpoints(tracking, registry, nil)
}

/// The same, where a store keeps the files.
func registryEndpoints(_ tracking: Tracking, _ registry: Registry, _ store: FileStore?) -> [Endpoint] {
    let seals = VersionSeals(registry, tracking, store)
    return RegisteredModelEndpoints.all(registry) + ModelVersionEndpoints.all(registry, tracking, seals)
        + RegistryHistoryEndpoints.all(registry) + LoggedModelEndpoints.all(tracking, seals)
        + SignatureEndpoints.all(registry, seals) + ApprovalEndpoints.all(registry)
        + GraphQLEndpoints.all(tracking, registry)
}

extension MLflow {
    /// The model `iris` with so many versions.
    func makeVersions(_ count: Int) async throws {
        _ = try await post("registered-models/create", #"{"name": "iris"}"#)
        for _ in 0..<count {
            _ = try await post("model-versions/create", #"{"name": "iris", "source": "s3://b/m"}"#)
        }
    }
}
