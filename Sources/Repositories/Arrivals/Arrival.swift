package import Core

/// That the content of a new repository has not come whole: it is on its way, or something went wrong.
package struct Arrival: Sendable, Hashable {
    package enum Origin: Sendable, Hashable {
        /// A repository of another server.
        case address(String)
        /// The one that this is a fork of.
        case parent(WorkspaceID)
    }

    package let origin: Origin
    /// When it began last.
    package let startedMs: Int64
    /// Why it has not come, in words for a person; nil while it is on its way.
    package let failure: String?

    package var isUnderWay: Bool { failure == nil }
}

/// Where the content of a new repository is to come from.
package enum NewArrival: Sendable {
    case copy(of: RemoteSource)
    case fork(of: WorkspaceID)
}

extension Repositories {
    /// What comes into a caller's repository.
    package func arrivals(for caller: Caller) -> ArrivalStore {
        ArrivalStore(repositories: self, caller: caller)
    }
}
