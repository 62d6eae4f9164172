import Accounts
import Core
import HTTP

/// The workspaces that somebody is shown at home: the default one, their repositories, and those that they gave a star.
struct Places: Sendable {
    let hasDefault: Bool
    let repositories: ListPage<Repository>
    let starred: ListPage<Repository>
    private let named: [WorkspaceID: Place]

    /// A workspace, and where its pages are.
    struct Place: Sendable {
        /// Nil for the default workspace.
        let name: String?
        let base: Address
    }

    private static let mostRepositories = 50

    static func load(_ visit: Visit, _ accounts: Accounts) async throws -> Places {
        let store = accounts.repositories(for: visit.identity)
        guard let account = visit.identity.account else {
            let none = ListPage<Repository>([], total: 0)
            return Places(visit, hasDefault: false, repositories: none, starred: none)
        }
        let page = try PageRequest(limit: mostRepositories)
        async let reached = store.list(
            RepositorySearch(.reachedBy(account), order: .updated, isDescending: true),
            page
        )
        async let starred = store.list(
            RepositorySearch(.starredBy(account), order: .updated, isDescending: true),
            page
        )
        return try await Places(
            visit,
            hasDefault: mayReadDefault(visit, accounts),
            repositories: reached,
            starred: starred
        )
    }

    private static func mayReadDefault(_ visit: Visit, _ accounts: Accounts) async throws -> Bool {
        do {
            _ = try await accounts.admission.admit(visit.identity, to: .standard, needing: .read)
            return true
        } catch is Refusal {
            return false
        }
    }

    private init(
        _ visit: Visit,
        hasDefault: Bool,
        repositories: ListPage<Repository>,
        starred: ListPage<Repository>
    ) {
        self.hasDefault = hasDefault
        self.repositories = repositories
        self.starred = starred
        var named: [WorkspaceID: Place] = [:]
        if hasDefault { named[.standard] = Place(name: nil, base: visit.root) }
        for repository in repositories.elements + starred.elements {
            let place = repository.place
            named[place.workspace] = Place(
                name: place.fullName,
                base: visit.root[place.owner][place.name]
            )
        }
        self.named = named
    }

    subscript(workspace: WorkspaceID) -> Place? { named[workspace] }

    /// Whoever looks, once for each of the workspaces.
    func callers(_ visit: Visit) -> [Caller] { named.keys.map { visit.identity.caller(in: $0) } }
}
