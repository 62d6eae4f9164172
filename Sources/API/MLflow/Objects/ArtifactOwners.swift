package import Core
import HTTP
package import ObjectStore
package import Registry
package import Tracking

/// Says whose files lie at a path, for those who have permissions for single experiments and models.
///
/// Security: a path is a name that a client wrote, and the location of an experiment is whatever its maker wrote, such as a
/// folder within another's. All experiments that have a part in a path count; a path in which none has is nobody's.
package struct ArtifactOwners: Sendable {
    let tracking: Tracking
    let registry: Registry

    package init(_ tracking: Tracking, _ registry: Registry) {
        self.tracking = tracking
        self.registry = registry
    }

    /// Holds a caller to what they may do with the files at and below a path.
    ///
    /// Files of a version are read by whoever may read its model, as in the original: the model says who may have them.
    ///
    /// - Throws: `Failure.missing` for what is not there for them, `.permissionDenied` for what is.
    package func require(_ action: ObjectAction, _ path: ArtifactPath, for caller: Caller) async throws {
        guard caller.reach != nil else { return }
        do {
            try await requireExperiments(action, path, for: caller)
        } catch let failure as Failure where failure.code == .missing || failure.code == .permissionDenied {
            let folders = path.folders + [path.text]
            guard action == .read,
                try await registry.modelVersions(for: caller).isAny(
                    of: folders.map { "mlflow-artifacts:/\($0)" }
                )
            else { throw failure }
        }
    }

    private func requireExperiments(
        _ action: ObjectAction,
        _ path: ArtifactPath,
        for caller: Caller
    ) async throws {
        let experiments = tracking.experiments(for: caller)
        let folders = try await experiments.artifactLocations().compactMap { experiment, location in
            ArtifactPath(address: location).map { (experiment: experiment, folder: $0) }
        }
        let around = folders.filter { path.isAt(orBelow: $0.folder) }
        let nearest = around.map(\.folder.text.utf8.count).max()
        var owners = Set(around.filter { $0.folder.text.utf8.count == nearest }.map(\.experiment))
        guard !owners.isEmpty else { throw Failure.missing("No such artifact: '\(path)'") }
        owners.formUnion(folders.filter { $0.folder.isAt(orBelow: path) }.map(\.experiment))
        owners.formUnion(
            try await tracking.runs(for: caller).experiments(
                ofAny: path.text.split(separator: "/").map(String.init)
            )
        )
        let readable = caller.reachedExperiments.map(Set.init)
        guard readable.map(owners.isSubset) ?? true else {
            throw Failure.missing("No such artifact: '\(path)'")
        }
        for owner in owners { try caller.require(action, onExperiment: owner) }
    }
}

extension ArtifactPath {
    /// Whether it is a folder, or lies in it.
    fileprivate func isAt(orBelow folder: ArtifactPath) -> Bool {
        text.utf8.elementsEqual(folder.text.utf8) || text.utf8.starts(with: (folder.text + "/").utf8)
    }
}

extension Touches {
    /// The files at the path of the address.
    static func files(_ action: ObjectAction, _ owners: ArtifactOwners) -> Touches {
        .objects(readsBody: false) { call in
            try await owners.require(action, ArtifactPath(call.rest), for: call.caller)
        }
    }
}
