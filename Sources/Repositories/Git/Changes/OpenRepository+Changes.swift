import CGit2
import Core

extension OpenRepository {
    /// Writes the objects of a commit; what is left to do is to move the ref.
    func prepare(_ request: CommitRequest) throws -> ChangeOutcome {
        let tip = try target(of: request.branch.ref)
        guard try tip != nil || isEmpty() else { throw Failure.missing("No branch '\(request.branch)'") }
        let target = RefUpdate(
            ref: (request.newBranch ?? request.branch).ref,
            before: request.newBranch == nil ? tip : nil,
            after: nil
        )
        if let expected = request.expectedTip, expected != tip {
            throw Self.overtaken(RefUpdate(ref: request.branch.ref, before: expected, after: nil))
        }
        if let new = request.newBranch, try self.target(of: new.ref) != nil {
            throw Failure.alreadyExists("A branch '\(new)' exists already")
        }
        let base = try tip.map { try links(of: $0).tree }
        let tree = EditableTree(base, in: self)
        for change in request.changes { try tree.apply(change) }
        let written = try tree.write()
        if let tip, written == base { return ChangeOutcome(commit: tip, updates: []) }
        guard tip != nil || !request.changes.isEmpty else {
            throw Failure.invalid("The first commit needs a file")
        }
        let commit = try writeCommit(
            tree: written,
            parents: tip.map { [$0] } ?? [],
            message: request.message,
            author: request.author,
            committer: request.committer
        )
        let update = RefUpdate(ref: target.ref, before: target.before, after: commit)
        return ChangeOutcome(commit: commit, updates: [update])
    }

    func setDefaultBranch(_ name: BranchName) throws {
        guard try target(of: name.ref) != nil || isEmpty() else {
            throw Failure.missing("No branch '\(name)'")
        }
        try GitLibrary.check(git_repository_set_head(pointer, name.ref))
    }

    func writeTag(
        _ name: TagName,
        of commit: ObjectID,
        message: String,
        by tagger: Signature
    ) throws -> ObjectID {
        let text = try
            "object \(commit)\ntype commit\ntag \(name)\ntagger \(tagger.line)\n\n\(Self.clean(message))"
        return try writeObject(Array(text.utf8), as: GIT_OBJECT_TAG)
    }
}
