package import Core

/// A version of a registered model: which files it is, and what was said about it.
package struct ModelVersion: Sendable, Hashable {
    package let name: String
    /// From 1, in the order of creation; the number of a deleted version is not given again.
    package let version: Int64
    /// Epoch milliseconds, as all times.
    package let creationTime: Int64
    package let lastUpdateTime: Int64
    package let description: String?
    package let stage: ModelStage
    /// Where its files were said to lie, as it was written.
    package let source: String
    /// Where its files lie; another than the source where that names a model of this server.
    package let storageLocation: String
    /// The run that made it; empty for none, and never checked.
    package let runID: String
    package let runLink: String
    package let status: ModelVersionStatus
    package let statusMessage: String?
    package internal(set) var tags: [Tag]
    /// The aliases that point at it, where they were asked for.
    package internal(set) var aliases: [String]
}

/// Whether the files of a version are there; versions made here always are.
///
/// - Source: `model_registry.proto`, enum `ModelVersionStatus`.
package enum ModelVersionStatus: String, Sendable, Hashable, CaseIterable {
    case pendingRegistration = "PENDING_REGISTRATION"
    case failedRegistration = "FAILED_REGISTRATION"
    case ready = "READY"
}

extension ModelVersion {
    /// About how much it adds to a page.
    var textBytes: Int {
        tags.reduce(source.utf8.count + runLink.utf8.count + (description?.utf8.count ?? 0)) {
            $0 + $1.key.utf8.count + $1.value.utf8.count
        }
    }
}
