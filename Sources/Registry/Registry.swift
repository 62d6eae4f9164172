package import Core
package import Database

/// The model registry on one database: the stores of its features are opened here, each for a caller.
package struct Registry: Sendable {
    let database: any Database
    let rights: ApprovalRights

    package init(database: any Database, rights: ApprovalRights = .everybody) {
        self.database = database
        self.rights = rights
    }

    package func registeredModels(for caller: Caller) -> RegisteredModelStore {
        RegisteredModelStore(registry: self, caller: caller)
    }

    package func modelVersions(for caller: Caller) -> ModelVersionStore {
        ModelVersionStore(registry: self, caller: caller)
    }

    package func approvals(for caller: Caller) -> ApprovalStore {
        ApprovalStore(registry: self, caller: caller)
    }

    package func history(for caller: Caller) -> HistoryStore {
        HistoryStore(registry: self, caller: caller)
    }
}
