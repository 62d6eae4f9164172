import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Merges of branches, and what comes into a fork from the repository that it was made of; each is judged as a push is.
///
/// - Source: GitHub, `POST /repos/{owner}/{repo}/merges` and `…/merge-upstream`; of the latter `ff_only` is Gitea's.
extension Hub {
    private static let mergeFields: [EndpointDescription.Field] = [
        .init("base", isRequired: true, "The branch that something comes into."),
        .init("head", isRequired: true, "What comes into it: a branch, a tag or a commit."),
        .init("commit_message", "What the commit says that joins them."),
    ]

    private static let upstreamFields: [EndpointDescription.Field] = [
        .init("branch", "The branch of the fork; the default one where it is left out."),
        .init("ff_only", .boolean, "Whether a branch that has commits of its own is left alone."),
    ]

    var mergeEndpoints: [Endpoint] {
        [
            Self.row(
                .post,
                "repos/:owner/:repo/merges",
                needs: .write,
                .init(
                    "Merges something into a branch by a commit with both as its parents. Where there is nothing to merge the answer is "
                        + "204; where both have changed the same, 409 with the files in 'conflicts'.",
                    body: Self.mergeFields,
                    success: .created
                )
            ) { try await merge($0) },
            Self.row(
                .post,
                "repos/:owner/:repo/merge-upstream",
                needs: .write,
                .init(
                    "Brings what is new in the repository that a fork was made of into a branch of the fork: merge_type is fast-forward, "
                        + "merge or none. Where both have changed the same, the answer is 409 with the files in 'conflicts'.",
                    body: Self.upstreamFields
                )
            ) { try await mergeUpstream($0) },
        ]
    }

    private func merge(_ call: Call) async throws -> Answer {
        let fields = try await call.fields()
        let base = try BranchName(fields.requiredString("base"))
        let head = try Revision(fields.requiredString("head"))
        let content = try await changing(call)
        let request = MergeRequest(
            head,
            into: base,
            by: .merge,
            message: try fields.nonEmpty("commit_message") ?? "Merge \(head) into \(base)",
            author: try await signature(of: call)
        )
        switch try await content.merge(request) {
        case .conflicts(let paths): return .conflicts(in: paths, of: head.text, into: base)
        case .merged(let change) where change.updates.isEmpty: return .noContent
        case .merged(let change):
            let commit = try await content.commit(Revision(change.commit))
            let places = places(for: call)
            var json = JSONWriter(capacityBytes: 2_048)
            json.value(commit, places.api, page: places.page)
            return Answer(json: json, status: .created)
        }
    }

    private func mergeUpstream(_ call: Call) async throws -> Answer {
        let fields = try await call.fields(mayBeLeftOut: true)
        let (parent, content) = (try await parent(of: call), try await content(of: call))
        let branch: BranchName
        if let name = try fields.nonEmpty("branch") {
            branch = try BranchName(name)
        } else {
            branch = try await content.defaultBranch() ?? BranchName("main")
        }
        let outcome = try await git.upstream(parent.workspace, of: call.caller).bring(
            into: branch,
            for: Pusher(call.caller, isAdmin: call.access.role == .admin),
            isFastForwardOnly: try fields.boolean("ff_only") ?? false,
            from: parent.fullName,
            by: try await signature(of: call)
        )
        switch outcome {
        case .conflicts(let name, let paths):
            return .conflicts(in: paths, of: "\(parent.owner):\(name)", into: branch)
        case .upToDate(let name):
            return .brought("none", "'\(branch)' has all that is in", name, parent)
        case .fastForwarded(let name, _):
            return .brought("fast-forward", "'\(branch)' has moved on to", name, parent)
        case .merged(let name, _):
            return .brought("merge", "'\(branch)' was merged with", name, parent)
        }
    }

    /// The repository that the one of the address was made of.
    private func parent(of call: Call) async throws -> RepositoryPlace {
        let store = repositories(call)
        let fork = try await store.get(call.repository.workspace)
        guard let key = fork.forkedFrom else {
            throw Failure.invalid("'\(fork.place.fullName)' is no fork.")
        }
        guard let parent = try await store.find(key) else {
            throw Failure.missing(
                "The repository that '\(fork.place.fullName)' was made of is not here any more, or not for you."
            )
        }
        return parent.place
    }
}

extension Answer {
    /// Says which files a person must look at.
    fileprivate static func conflicts(in paths: [TreePath], of head: String, into base: BranchName) -> Answer
    {
        let failure = Failure.conflicts(in: paths, of: head, into: base.text)
        var answer = Answer.json(status: .conflict, capacityBytes: 1_024) { json in
            json.field("error_code", failure.code.rawValue)
            json.field("message", failure.message)
            json.array("conflicts") { json in
                for path in paths { json.value("\(path)") }
            }
        }
        answer.failure = failure
        return answer
    }

    fileprivate static func brought(
        _ type: String,
        _ words: String,
        _ branch: BranchName,
        _ parent: RepositoryPlace
    ) -> Answer {
        .json { json in
            json.field("merge_type", type)
            json.field("base_branch", "\(parent.owner):\(branch)")
            json.field("message", "\(words) '\(branch)' of \(parent.fullName).")
        }
    }
}
