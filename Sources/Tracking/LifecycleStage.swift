/// Whether a thing is in use or in the bin; the raw value is what is stored and sent.
package enum LifecycleStage: String, Sendable, Hashable {
    case active
    case deleted
}

/// Which stages a search looks at; the raw value is MLflow's number.
///
/// Source: `service.proto`, enum `ViewType`.
package enum ViewType: Int, Sendable, Hashable, CaseIterable {
    case activeOnly = 1
    case deletedOnly = 2
    case all = 3

    package var stages: [LifecycleStage] {
        switch self {
        case .activeOnly: [.active]
        case .deletedOnly: [.deleted]
        case .all: [.active, .deleted]
        }
    }
}
