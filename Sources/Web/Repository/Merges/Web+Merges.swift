import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Merges that people ask for on pages; each is judged as a push is.
extension Web {
    /// Branches that have parted by more commits are offered without a look at whether they can be merged.
    private static let mostTried = 1_000

    var mergeEndpoints: [Endpoint] {
        [
            Endpoint(.post, "merge", in: .repositoryPages, needs: .write) { call in
                try call.checkForm()
                let (repository, form) = (try await enter(visit(call)), try await call.form())
                do {
                    return .redirect(to: try await merge(form, repository).text)
                } catch let failure as Failure where failure.isOfPerson {
                    var page = try await refComparisonPage(
                        repository,
                        "\(form.text("base"))...\(form.text("head"))"
                    )
                    page.refusal = failure.message
                    return await answer(page, for: repository.visit, status: Answer(failure).status)
                }
            },
            form("sync-fork", in: .repositoryPages, needs: .write) { visit, form in
                try await syncFork(form, visit)
            },
        ]
    }

    private func merge(_ form: Query, _ repository: RepositoryVisit) async throws -> Address {
        let (base, head) = (try BranchName(form.text("base")), try BranchName(form.text("head")))
        var request = MergeRequest(
            Revision(head),
            into: base,
            by: .merge,
            message: form.word("message").isEmpty ? "Merge \(head) into \(base)" : form.word("message"),
            author: try await signature(of: repository.visit)
        )
        guard let tip = ObjectID(form.text("tip")) else {
            throw Failure.invalid("'tip' is no id of a commit.")
        }
        request.expectedHead = tip
        switch try await changing(repository.visit).merge(request) {
        case .conflicts(let paths): throw Failure.conflicts(in: paths, of: head.text, into: base.text)
        case .merged(let change): return repository.addresses.commit(change.commit)
        }
    }

    private func syncFork(_ form: Query, _ visit: Visit) async throws -> Address {
        let (repository, branch) = (try await enter(visit), try BranchName(form.text("branch")))
        let store = accounts.repositories(for: visit.identity)
        guard let key = try await store.get(repository.place.workspace).forkedFrom,
            let parent = try await store.find(key)
        else { throw Failure.missing("What this repository was made of is not here, or not for you.") }
        let outcome = try await repositories.upstream(parent.id, of: visit.caller).bring(
            into: branch,
            for: Pusher(visit.caller, isAdmin: visit.mayAdmin),
            from: parent.place.fullName,
            by: try await signature(of: visit)
        )
        if case .conflicts(let name, let paths) = outcome {
            throw Failure.conflicts(in: paths, of: "\(name) of \(parent.place.fullName)", into: branch.text)
        }
        return visit.base
    }

    /// What can be merged of two revisions that are compared, by who looks.
    ///
    /// - Parameters:
    ///   - found: How they compare.
    ///   - tips: Their commits.
    ///   - head: What one of them is called, of which something could come.
    ///   - base: What the other is called.
    ///   - repository: Where they are.
    /// - Returns: Nil where they are no branches, there is nothing to merge, or a rule forbids it.
    /// - Throws: `Failure.missing` where one of them has gone meanwhile.
    func mergeOffer(
        of found: RefComparisonPage.Found,
        at tips: (base: ObjectID, head: ObjectID),
        from head: String,
        into base: String,
        _ repository: RepositoryVisit
    ) async throws -> MergeOffer? {
        let (visit, content) = (repository.visit, repository.content)
        guard visit.mayWrite, found.divergence.ahead > 0, found.haveCommonCommit,
            let into = try await content.resolve(Revision(base)).branch,
            let from = try await content.resolve(Revision(head)).branch
        else { return nil }
        let pusher = Pusher(visit.caller, isAdmin: visit.mayAdmin)
        let rules = try await repositories.refRules(for: visit.caller).pushRules(for: pusher)
        guard rules.refusal(of: .push, to: into.ref) == nil else { return nil }
        var conflicts: [TreePath] = []
        // What has parted far is tried only when somebody asks for it: nothing limits how long that takes.
        if found.divergence.ahead + found.divergence.behind <= Self.mostTried,
            case .conflicts(let paths) = try await content.mergeability(
                of: Revision(tips.head),
                into: Revision(tips.base)
            )
        {
            conflicts = paths
        }
        return MergeOffer(
            base: into,
            head: from,
            tip: tips.head,
            conflicts: conflicts,
            action: visit.base["merge"]
        )
    }
}
