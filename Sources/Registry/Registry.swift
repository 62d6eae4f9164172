package import Core
package import Database
package import Webhooks

/// The model registry on one database: the stores of its features are opened here, each for a caller.
package struct Registry: Sendable {
    let database: any Database
    let rights: ApprovalRights
    /// Signs new versions; nil where nothing is signed.
    let signer: SigningKey?
    /// What the source of a new version must match; nil for anything.
    package let sourcePattern: SourcePattern?
    let webhookMeans: WebhookMeans
    /// Keeps what other rooms hold of a model with its name, in the transaction that renames or, where there is no new name,
    /// deletes it.
    let follow: @Sendable (_ name: String, _ newName: String?, Caller, any Connection) throws -> Void

    package init(
        database: any Database,
        rights: ApprovalRights = .everybody,
        signer: SigningKey? = nil,
        sourcePattern: SourcePattern? = nil,
        webhooks: WebhookMeans = WebhookMeans(),
        follow: @escaping @Sendable (String, String?, Caller, any Connection) throws -> Void = { _, _, _, _ in
        }
    ) {
        self.database = database
        self.rights = rights
        self.signer = signer
        self.sourcePattern = sourcePattern
        webhookMeans = webhooks
        self.follow = follow
    }

    /// The keys are those of the server, whoever asks.
    package var signingKeys: SigningKeyStore { SigningKeyStore(database: database) }

    /// - Parameters:
    ///   - caller: Who asks.
    ///   - reason: Why they change something, for the history.
    /// - Returns: The store.
    package func registeredModels(for caller: Caller, because reason: String? = nil) -> RegisteredModelStore {
        RegisteredModelStore(registry: self, caller: caller, reason: reason)
    }

    /// - Parameters:
    ///   - caller: Who asks.
    ///   - reason: Why they change something, for the history.
    /// - Returns: The store.
    package func modelVersions(for caller: Caller, because reason: String? = nil) -> ModelVersionStore {
        ModelVersionStore(registry: self, caller: caller, reason: reason)
    }

    package func imports(for caller: Caller) -> RegistryImportStore {
        RegistryImportStore(registry: self, caller: caller)
    }

    package func approvals(for caller: Caller) -> ApprovalStore {
        ApprovalStore(registry: self, caller: caller)
    }

    package func signatures(for caller: Caller) -> SignatureStore {
        SignatureStore(registry: self, caller: caller)
    }

    package func history(for caller: Caller) -> HistoryStore {
        HistoryStore(registry: self, caller: caller)
    }

    package func webhooks(for caller: Caller) -> WebhookStore {
        WebhookStore(registry: self, caller: caller)
    }

    package func deliveries(for caller: Caller) -> DeliveryStore {
        DeliveryStore(registry: self, caller: caller)
    }
}
