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
    package static func path(of root: String) -> ArtifactPath? { ArtifactPath(address: root) }

    /// The run that an address of the form `runs:/id/path` names, and the path in it; nil for other addresses.
    package static func run(in address: String) -> (id: String, path: String)? {
        let scheme = "runs:/"
        guard address.hasPrefix(scheme) else { return nil }
        let steps = address.dropFirst(scheme.count).split(separator: "/", maxSplits: 1)
        guard let id = steps.first else { return nil }
        return (String(id), steps.count == 2 ? String(steps[1]) : "")
    }
}
