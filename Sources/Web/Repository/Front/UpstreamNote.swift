import Accounts
import Repositories

/// How far the first branch of a fork and its parent have parted, and the button that brings what is new there.
struct UpstreamNote: Sendable {
    let branch: BranchName
    let standing: Upstream.Standing
    let parent: RepositoryPlace
    let visit: Visit

    var html: HTML {
        """
        <div class="note row between upstream"><p>\(words)</p>\(button)</div>
        """
    }

    private var words: HTML {
        let theirs = visit.root[parent.owner][parent.name]
        let name: HTML =
            """
            <a href="\(theirs["src"].below(standing.branch.text))">\(standing.branch.text) of \(parent.fullName)</a>
            """
        let own: HTML = "<strong>\(branch.text)</strong>"
        guard let divergence = standing.divergence else {
            return "\(own) and \(name) have parted so far that their commits were not counted."
        }
        let (ahead, behind) = (divergence.ahead, divergence.behind)
        return switch (ahead, behind) {
        case (0, 0): "\(own) has all that is in \(name)."
        case (_, 0): "\(own) is \(commits(ahead)) ahead of \(name)."
        case (0, _): "\(own) is \(commits(behind)) behind \(name)."
        default: "\(own) is \(commits(ahead)) ahead of \(name) and \(commits(behind)) behind."
        }
    }

    private func commits(_ count: Int) -> String { "\(count) \(count == 1 ? "commit" : "commits")" }

    private var button: HTML? {
        guard visit.mayWrite, standing.divergence?.behind != 0 else { return nil }
        return """
            <form method="post" action="\(visit.base["sync-fork"])"><input type="hidden" name="branch" value="\(branch.text)">\
            <button class="button">\(Icon.fork.html) Sync fork</button></form>
            """
    }
}

extension Web {
    /// - Parameters:
    ///   - repository: A repository that somebody looks at.
    ///   - start: What they see of it.
    ///   - parent: What it was forked from, where they may see that.
    /// - Returns: Nil where it is no fork, or the parent has no branch to go with.
    /// - Throws: `Failure.missing` where the branch has gone meanwhile.
    func upstreamNote(
        of repository: RepositoryVisit,
        at start: ResolvedRevision?,
        _ parent: Repository?
    ) async throws -> UpstreamNote? {
        guard let parent, let branch = start?.branch else { return nil }
        let upstream = repositories.upstream(parent.id, of: repository.visit.caller)
        guard let standing = try await upstream.standing(of: branch) else { return nil }
        return UpstreamNote(branch: branch, standing: standing, parent: parent.place, visit: repository.visit)
    }
}
