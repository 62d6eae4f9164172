package import Core
package import ObjectStore

/// Says where the artifacts of a run, a logged model or a version lie, for a caller who may read it.
///
/// The stores answer; each throws `Failure.missing` in its own words.
package struct ArtifactRoots: Sendable {
    package let run: @Sendable (_ id: String, Caller) async throws -> String
    package let loggedModel: @Sendable (_ id: String, Caller) async throws -> String
    package let modelVersion: @Sendable (_ name: String, _ version: String, Caller) async throws -> String

    package init(
        run: @escaping @Sendable (_ id: String, Caller) async throws -> String,
        loggedModel: @escaping @Sendable (_ id: String, Caller) async throws -> String,
        modelVersion: @escaping @Sendable (_ name: String, _ version: String, Caller) async throws -> String
    ) {
        self.run = run
        self.loggedModel = loggedModel
        self.modelVersion = modelVersion
    }

    /// The folder in this server's store that a root names; nil where the artifacts are elsewhere.
    ///
    /// Whatever host an address names, it is read as a path of our store and of nothing else.
    ///
    /// - Source: MLflow 3, `_get_proxied_run_artifact_destination_path`.
    package static func path(of root: String) -> ArtifactPath? {
        guard let colon = root.firstIndex(of: ":") else { return nil }
        var path = root[root.index(after: colon)...]
        if path.hasPrefix("//") {
            path = path.dropFirst(2).drop { $0 != "/" }
        }
        switch root[..<colon] {
        case "mlflow-artifacts":
            break
        case "http", "https":
            guard let anchor = path.firstRange(of: proxy) else { return nil }
            path = path[anchor.upperBound...]
        default:
            return nil
        }
        while path.hasPrefix("/") { path.removeFirst() }
        return try? ArtifactPath(String(path))
    }

    /// The run that an address of the form `runs:/id/path` names, and the path in it; nil for other addresses.
    package static func run(in address: String) -> (id: String, path: String)? {
        let scheme = "runs:/"
        guard address.hasPrefix(scheme) else { return nil }
        let steps = address.dropFirst(scheme.count).split(separator: "/", maxSplits: 1)
        guard let id = steps.first else { return nil }
        return (String(id), steps.count == 2 ? String(steps[1]) : "")
    }

    private static let proxy = "/api/2.0/mlflow-artifacts/artifacts/"
}
