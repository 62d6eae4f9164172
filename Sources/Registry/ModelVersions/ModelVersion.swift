package import Core

/// A version of a registered model: which files it is, and what was said about it.
package struct ModelVersion: Sendable, Hashable {
    /// Shared by all copies, which are made by the thousand where versions are sorted and shown.
    private let shared: Shared
    package internal(set) var tags: [Tag] = []
    /// The aliases that point at it, where they were asked for.
    package internal(set) var aliases: [String] = []

    init(_ facts: Facts) {
        shared = Shared(facts)
    }

    /// What its row in the database says.
    struct Facts: Sendable, Hashable {
        let name: String
        let version: Int64
        let creationTime: Int64
        let lastUpdateTime: Int64
        let description: String?
        let stage: ModelStage
        let source: String
        let storageLocation: String
        let runID: String
        let runLink: String
        let status: ModelVersionStatus
        let statusMessage: String?
    }

    private final class Shared: Sendable, Hashable {
        let facts: Facts

        init(_ facts: Facts) {
            self.facts = facts
        }

        static func == (first: Shared, second: Shared) -> Bool { first.facts == second.facts }

        func hash(into hasher: inout Hasher) { hasher.combine(facts) }
    }
}

extension ModelVersion {
    package var name: String { shared.facts.name }
    /// From 1, in the order of creation; the number of a deleted version is not given again.
    package var version: Int64 { shared.facts.version }
    /// Epoch milliseconds, as all times.
    package var creationTime: Int64 { shared.facts.creationTime }
    package var lastUpdateTime: Int64 { shared.facts.lastUpdateTime }
    package var description: String? { shared.facts.description }
    package var stage: ModelStage { shared.facts.stage }
    /// Where its files were said to lie, as it was written.
    package var source: String { shared.facts.source }
    /// Where its files lie; another than the source where that names a model of this server.
    package var storageLocation: String { shared.facts.storageLocation }
    /// The run that made it; empty for none, and never checked.
    package var runID: String { shared.facts.runID }
    package var runLink: String { shared.facts.runLink }
    package var status: ModelVersionStatus { shared.facts.status }
    package var statusMessage: String? { shared.facts.statusMessage }
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
