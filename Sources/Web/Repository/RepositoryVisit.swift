import Accounts
import Core
import HTTP
import Repositories

/// Somebody who looks at a repository, with what each of its pages begins from.
struct RepositoryVisit: Sendable {
    let visit: Visit
    let place: RepositoryPlace
    /// Its Git content, to read it.
    let content: Git

    var addresses: RepositoryAddresses { RepositoryAddresses(base: visit.base) }

    /// The way to the repository; pages add what comes after it.
    var crumbs: [Crumb] {
        [Crumb(place.owner, visit.root[place.owner]), Crumb(place.name, visit.base)]
    }

    /// The address of the repository for `git`.
    var cloneAddress: String { "\(visit.origin)/\(place.fullName).git" }

    /// The address of the repository in the interface for programs.
    var api: Address { visit.root.below("api/v1/repos")[place.owner][place.name] }

    /// Takes what follows a view's name in an address apart: a branch, a tag or a commit, a slash and a path.
    ///
    /// - Throws: `Failure.missing` where it begins with nothing that there is.
    func split(_ rest: String) async throws -> (revision: ResolvedRevision, path: TreePath) {
        try await content.split(Array(rest.utf8))
    }

    /// What people see first: the default branch, else the first that there is; nil where nothing was pushed.
    func start() async throws -> ResolvedRevision? {
        if let branch = try await content.defaultBranch(),
            let found = try? await content.resolve(Revision(branch))
        {
            return found
        }
        guard let first = try await content.branches(limit: 1).first else { return nil }
        return ResolvedRevision(kind: .branch(first.name), commit: first.commit)
    }
}

extension Web {
    func enter(_ visit: Visit) async throws -> RepositoryVisit {
        guard let place = visit.repository else {
            preconditionFailure("a row of a repository's pages names a repository")
        }
        try await repositories.storage.ensure(place.workspace)
        return RepositoryVisit(
            visit: visit,
            place: place,
            content: repositories.reading(for: visit.caller)
        )
    }

    /// A row whose answer is a page of a repository.
    func repositoryPage(
        _ path: String,
        needs right: Right = .read,
        _ page: @escaping @Sendable (RepositoryVisit) async throws -> any Page
    ) -> Endpoint {
        self.page(path, in: .repositoryPages, needs: right) { visit in try await page(enter(visit)) }
    }

    /// The content of the repository that somebody looks at, for changes under its rules.
    func changing(_ visit: Visit) -> Git {
        repositories.git(for: Pusher(visit.caller, isAdmin: visit.mayAdmin))
    }
}
