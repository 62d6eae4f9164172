import Core
import HTTP
import HTTPTypes
import Repositories

extension Web {
    /// Security: a list of refs is read whole to know how long it is.
    private static let mostRefs = 10_000
    /// So long a page counts how far its branches have parted.
    private static let divergenceLimit = Duration.seconds(2)

    var refEndpoints: [Endpoint] {
        [
            repositoryPage("branches") { try await branchesPage($0) },
            repositoryPage("tags") { try await tagsPage($0) },
            refForm("branches", showing: { try await branchesPage($0, refusal: $1) }) { visit, form in
                let name = try BranchName(form["name"] ?? "")
                let start = try Revision(form["from"].flatMap { $0.isEmpty ? nil : $0 } ?? "HEAD")
                _ = try await changing(visit).createBranch(name, at: start)
                return visit.base["src"].below(name.text)
            },
            refForm("branches/delete", showing: { try await branchesPage($0, refusal: $1) }) { visit, form in
                let (name, content) = (try BranchName(form["name"] ?? ""), changing(visit))
                let now = try await content.branch(name).commit
                let tip = form["tip"].flatMap { ObjectID($0) } ?? now
                try await content.deleteBranch(name, expectedTip: tip)
                return visit.base["branches"].with("deleted", name.text).with("was", "\(tip)")
            },
            refForm("tags", showing: { try await tagsPage($0, refusal: $1) }) { visit, form in
                let target = try Revision(form["target"].flatMap { $0.isEmpty ? nil : $0 } ?? "HEAD")
                _ = try await changing(visit).createTag(
                    TagName(form["name"] ?? ""),
                    at: target,
                    message: form["message"].flatMap { $0.isEmpty ? nil : $0.replacing("\r\n", with: "\n") },
                    by: signature(of: visit)
                )
                return visit.base["tags"]
            },
            refForm("tags/delete", showing: { try await tagsPage($0, refusal: $1) }) { visit, form in
                try await changing(visit).deleteTag(TagName(form["name"] ?? ""))
                return visit.base["tags"]
            },
        ]
    }

    /// A form that changes a ref; where the rules of the repository or its state refuse, the page says why.
    private func refForm(
        _ path: String,
        showing page: @escaping @Sendable (RepositoryVisit, String) async throws -> some Page,
        _ act: @escaping @Sendable (Visit, Query) async throws -> Address
    ) -> Endpoint {
        Endpoint(.post, path, in: .repositoryPages, needs: .write) { call in
            try call.checkForm()
            let visit = visit(call)
            do {
                return .redirect(to: try await act(visit, try await call.form()).text)
            } catch let failure as Failure where failure.isOfPerson {
                let shown = try await page(enter(visit), failure.message)
                return await answer(shown, for: visit, status: Answer(failure).status)
            }
        }
    }

    private func branchesPage(
        _ repository: RepositoryVisit,
        refusal: String? = nil
    ) async throws -> BranchesPage {
        let (content, visit) = (repository.content, repository.visit)
        let search = visit.query("q") ?? ""
        let page = visit.pageNumber()
        async let rules = repositories.refRules(for: visit.caller).list()
        let all = try await content.branches(limit: Self.mostRefs)
        let found = all.filter { search.isEmpty || $0.name.text.lowercased().contains(search.lowercased()) }
            .sorted { $0.isDefault && !$1.isDefault }
        let size = BranchesPage.rowsPerPage
        let shown = Array(found.dropFirst((page - 1) * size).prefix(size))
        let commits = try await content.commits(shown.map(\.commit))
        let main = all.first { $0.isDefault }?.commit
        let parted = shown.filter { !$0.isDefault }
        let counts =
            if let main {
                try await content.divergences(
                    of: parted.map(\.commit),
                    from: main,
                    within: Self.divergenceLimit
                )
            } else {
                parted.map { _ in Divergence?.none }
            }
        let divergences = Dictionary(uniqueKeysWithValues: zip(parted.map(\.name), counts))
        let protections = try await rules.filter { $0.kind == .branch }
        let rows = zip(shown, commits).map { branch, commit in
            BranchesPage.Row(
                branch: branch,
                commit: commit,
                divergence: divergences[branch.name] ?? nil,
                isProtected: protections.contains { $0.pattern.fits(branch.name.text) }
            )
        }
        return try await BranchesPage(
            repository: repository,
            rows: rows,
            isCounted: main == nil || !counts.contains(nil),
            total: found.count,
            isCut: all.count == Self.mostRefs,
            search: search,
            page: page,
            refusal: refusal,
            deleted: deletedBranch(repository)
        )
    }

    /// What the address says was deleted, for somebody who could make it again.
    private func deletedBranch(_ repository: RepositoryVisit) async throws -> BranchesPage.Deleted? {
        let (content, visit) = (repository.content, repository.visit)
        guard visit.mayWrite, let name = visit.query("deleted").flatMap({ try? BranchName($0) }),
            let commit = visit.query("was").flatMap({ ObjectID($0) }),
            (try? await content.branch(name)) == nil, (try? await content.commit(Revision(commit))) != nil
        else { return nil }
        return BranchesPage.Deleted(name: name, commit: commit)
    }

    private func tagsPage(
        _ repository: RepositoryVisit,
        refusal: String? = nil
    ) async throws -> TagsPage {
        let content = repository.content
        let page = repository.visit.pageNumber()
        let tags = try await content.tags(limit: Self.mostRefs)
        let found = try await content.commits(Array(Set(tags.compactMap(\.commit))))
        let commits = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let times = tags.map { tag in
            tag.tagger?.seconds ?? tag.commit.flatMap { commits[$0]?.committer.seconds } ?? 0
        }
        let sorted = zip(tags, times).sorted { $0.1 > $1.1 }.map(\.0)
        let size = TagsPage.rowsPerPage
        return TagsPage(
            repository: repository,
            tags: Array(sorted.dropFirst((page - 1) * size).prefix(size)),
            total: tags.count,
            isCut: tags.count == Self.mostRefs,
            page: page,
            commits: commits,
            refusal: refusal
        )
    }
}

extension Failure {
    /// Whether a person can mend it, so that a page says it beside what they wrote.
    var isOfPerson: Bool {
        switch code {
        case .invalidParameter, .missing, .alreadyExists, .invalidState, .permissionDenied, .tooLarge,
            .featureDisabled:
            true
        default: false
        }
    }
}
