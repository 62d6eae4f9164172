package import Core

/// That the content of a new repository has not come whole: it is on its way, or something went wrong.
package struct Arrival: Sendable, Hashable {
    package enum Origin: Sendable, Hashable {
        /// A repository of another server.
        case address(String)
        /// The one that this is a fork of.
        case parent(WorkspaceID)
    }

    /// Reasons are in words for a person.
    package enum State: Sendable, Hashable {
        case underWay
        case failed(String)
        /// The branches and tags are there, and some of the large files are not.
        case incomplete(String)
    }

    package let origin: Origin
    /// When it began last.
    package let startedMs: Int64
    package let state: State
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
