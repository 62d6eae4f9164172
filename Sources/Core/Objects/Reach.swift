/// What somebody reaches of a workspace by permissions for single experiments and registered models, where their role in
/// it is not enough for what they ask.
package struct Reach: Sendable, Hashable {
    /// What the role gives for everything in the workspace.
    package let base: ObjectPermission
    package let experiments: [Int64: ObjectPermission]
    /// By the name of the model, compared by its bytes as the database does.
    package let models: [ExactText: ObjectPermission]

    package init(
        base: ObjectPermission,
        experiments: [Int64: ObjectPermission],
        models: [ExactText: ObjectPermission]
    ) {
        self.base = base
        self.experiments = experiments
        self.models = models
    }
}

extension Caller {
    /// The same somebody where the server does of its own accord what follows from what they did.
    package var unheld: Caller { Caller(name: name, account: account, workspace: workspace) }

    /// The numbers of the experiments that are there for the caller; nil for all of the workspace.
    package var reachedExperiments: [Int64]? {
        guard let reach, !reach.base.allows(.read) else { return nil }
        return reach.experiments.filter { $0.value.allows(.read) }.keys.sorted()
    }

    /// The names of the registered models that are there for the caller; nil for all of the workspace.
    package var reachedModels: [String]? {
        guard let reach, !reach.base.allows(.read) else { return nil }
        return reach.models.filter { $0.value.allows(.read) }.keys.sorted().map(\.text)
    }

    /// Holds the caller to what a role, or a permission for the experiment, lets them do.
    ///
    /// - Throws: `Failure.permissionDenied` in MLflow's words.
    package func require(_ action: ObjectAction, onExperiment id: Int64) throws(Failure) {
        guard let reach else { return }
        try check(action, max(reach.base, reach.experiments[id] ?? .none))
    }

    /// Holds the caller to what a role, or a permission for the registered model, lets them do.
    ///
    /// - Throws: `Failure.permissionDenied` in MLflow's words.
    package func require(_ action: ObjectAction, onModel name: String) throws(Failure) {
        guard let reach else { return }
        try check(action, max(reach.base, reach.models[ExactText(name)] ?? .none))
    }

    private func check(_ action: ObjectAction, _ permission: ObjectPermission) throws(Failure) {
        guard permission.allows(action) else { throw Failure(.permissionDenied, "Permission denied") }
    }
}
