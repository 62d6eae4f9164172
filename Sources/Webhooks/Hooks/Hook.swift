package import Core

/// An address that is told what happens in a repository; its secret is never shown.
package struct Hook: Sendable, Hashable {
    package let id: Int64
    package let kind: WebhookKind
    package let url: String
    package let contentType: WebhookContentType
    package let hasSecret: Bool
    package let events: HookEvents
    package let branches: BranchFilter
    package let isActive: Bool
    /// Epoch milliseconds, as all times.
    package let createdMs: Int64
    package let updatedMs: Int64
}

/// What a new hook is made of; the initialiser is the validation but for where its host is.
package struct NewHook: Sendable {
    package static let secretLimitBytes = 1_024

    let kind: WebhookKind
    let url: String
    let contentType: WebhookContentType
    let secret: String
    let events: HookEvents
    let branches: BranchFilter
    let isActive: Bool

    /// - Throws: `Failure.invalid` for a kind that is no repository's, or a secret that is too long.
    package init(
        _ kind: WebhookKind,
        url: String,
        contentType: WebhookContentType = .json,
        secret: String = "",
        events: HookEvents = .standard,
        branches: BranchFilter = .all,
        isActive: Bool = true
    ) throws(Failure) {
        guard kind != .mlflow else {
            throw .invalid("Webhooks of the registry are made by MLflow's own calls.")
        }
        self.kind = kind
        self.url = url
        self.contentType = contentType
        self.secret = try Self.checked(secret)
        self.events = events
        self.branches = branches
        self.isActive = isActive
    }

    fileprivate static func checked(_ secret: String) throws(Failure) -> String {
        guard secret.utf8.count <= secretLimitBytes else {
            throw .invalid("A secret has at most \(secretLimitBytes) bytes.")
        }
        return secret
    }
}

/// What is to be another in a hook; what is nil stays.
package struct HookChange: Sendable {
    let url: String?
    let contentType: WebhookContentType?
    let secret: String?
    let events: HookEvents?
    let branches: BranchFilter?
    let isActive: Bool?

    /// - Throws: `Failure.invalid` for a secret that is too long.
    package init(
        url: String? = nil,
        contentType: WebhookContentType? = nil,
        secret: String? = nil,
        events: HookEvents? = nil,
        branches: BranchFilter? = nil,
        isActive: Bool? = nil
    ) throws(Failure) {
        self.url = url
        self.contentType = contentType
        if let secret { self.secret = try NewHook.checked(secret) } else { self.secret = nil }
        self.events = events
        self.branches = branches
        self.isActive = isActive
    }
}
