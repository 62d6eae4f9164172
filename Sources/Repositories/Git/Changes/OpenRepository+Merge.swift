import CGit2
import Core
import Glibc

extension OpenRepository {
    /// What a merge of trees came to: the tree, or the files in conflict.
    enum MergedTree {
        case clean(ObjectID)
        case conflicts([TreePath])
    }

    func mergeability(of head: ObjectID, into base: ObjectID) throws -> Mergeability {
        guard let ancestor = try mergeBase(of: base, and: head) else { return .unrelated }
        if ancestor == head { return .upToDate }
        if ancestor == base { return .fastForward }
        return switch try mergedTree(of: head, into: base) {
        case .clean: .clean
        case .conflicts(let paths): .conflicts(paths)
        }
    }

    /// Writes the objects of a merge; what is left to do is to move the ref.
    func prepare(_ request: MergeRequest) throws -> MergeOutcome {
        guard let base = try target(of: request.base.ref) else {
            throw Failure.missing("No branch '\(request.base)'")
        }
        let head = try resolve(request.head).commit
        for (expected, found, name) in [
            (request.expectedBase, base, request.base.text), (request.expectedHead, head, request.head.text),
        ] where expected ?? found != found {
            throw Self.overtaken(RefUpdate(ref: name, before: expected, after: nil))
        }
        guard let ancestor = try mergeBase(of: base, and: head) else {
            throw Failure.invalid("'\(request.base)' and '\(request.head)' have no history in common")
        }
        if ancestor == head { return .merged(ChangeOutcome(commit: base, updates: [])) }
        let tip: MergedTip =
            switch request.method {
            case .fastForward:
                try fastForward(request, from: base, to: head, ancestor: ancestor)
            case .merge:
                try joined(request, head, base, parents: [base, head])
            case .squash:
                try joined(request, head, base, parents: [base])
            case .rebase:
                ancestor == base ? .commit(head) : try rebase(request, head, onto: base)
            }
        switch tip {
        case .conflicts(let paths):
            return .conflicts(paths)
        case .commit(let commit) where commit == base:
            return .merged(ChangeOutcome(commit: base, updates: []))
        case .commit(let commit):
            let update = RefUpdate(ref: request.base.ref, before: base, after: commit)
            return .merged(ChangeOutcome(commit: commit, updates: [update]))
        }
    }

    private enum MergedTip {
        case commit(ObjectID)
        case conflicts([TreePath])
    }

    private func fastForward(
        _ request: MergeRequest,
        from base: ObjectID,
        to head: ObjectID,
        ancestor: ObjectID
    ) throws -> MergedTip {
        guard ancestor == base else {
            throw Failure(
                .invalidState,
                "'\(request.base)' cannot move on to '\(request.head)': both have gone on"
            )
        }
        return .commit(head)
    }

    private func joined(
        _ request: MergeRequest,
        _ head: ObjectID,
        _ base: ObjectID,
        parents: [ObjectID]
    ) throws -> MergedTip {
        switch try mergedTree(of: head, into: base) {
        case .conflicts(let paths):
            return .conflicts(paths)
        case .clean(let tree):
            return .commit(
                try writeCommit(
                    tree: tree,
                    parents: parents,
                    message: request.message,
                    author: request.author,
                    committer: request.committer
                )
            )
        }
    }

    private func rebase(_ request: MergeRequest, _ head: ObjectID, onto base: ObjectID) throws -> MergedTip {
        let mostCommits = 1_000
        let ids = try commitsInOrder(of: head, without: base, limit: mostCommits + 1)
        guard ids.count <= mostCommits else {
            throw Failure(.tooLarge, "'\(request.head)' has more than \(mostCommits) commits to rebase")
        }
        var (tip, budget) = (base, PathBudget(most: Self.mostMerged))
        for id in ids {
            let commit = try commit(id)
            guard commit.parents.count == 1 else { continue }
            switch try pickedTree(of: id, onto: tip, &budget) {
            case .conflicts(let paths):
                return .conflicts(paths)
            case .clean(let tree):
                // What the base has already brings no commit.
                guard try tree != links(of: tip).tree else { continue }
                tip = try writeCommit(
                    tree: tree,
                    parents: [tip],
                    message: commit.message,
                    author: commit.author,
                    committer: request.committer
                )
            }
        }
        return .commit(tip)
    }

    /// Merges in memory; criss-cross histories have their merge bases merged first.
    private func mergedTree(of head: ObjectID, into base: ObjectID) throws -> MergedTree {
        var budget = PathBudget(most: Self.mostMerged)
        var looksLeft = 100
        for commit in [base, head] { try budget.require(links(of: commit).tree, in: self) }
        try requireBases(of: [base, head], &budget, &looksLeft)
        let base = try lookup(base)
        let head = try lookup(head)
        var options = try mergeOptions()
        let index = try Owned(freedBy: git_index_free) {
            git_merge_commits(&$0, pointer, base.pointer, head.pointer, &options)
        }
        return try tree(of: index.pointer)
    }

    /// More files and folders are not merged, since all of them are held in memory.
    private static let mostMerged = 500_000

    /// Looks at all that a merge of commits reads: their merge bases, which are merged first where there are several, and so on.
    private func requireBases(
        of commits: [ObjectID],
        _ budget: inout PathBudget,
        _ looksLeft: inout Int
    ) throws {
        guard let first = commits.first else { return }
        for other in commits.dropFirst() {
            guard looksLeft > 0 else {
                throw Failure(.tooLarge, "The histories cross too often to be merged here.")
            }
            looksLeft -= 1
            let bases = try mergeBases(of: first, and: other)
            for base in bases { try budget.require(links(of: base).tree, in: self) }
            try requireBases(of: bases, &budget, &looksLeft)
        }
    }

    private func mergeBases(of first: ObjectID, and second: ObjectID) throws -> [ObjectID] {
        var (first, second, found) = (first.raw, second.raw, git_oidarray())
        let result = git_merge_bases(&found, pointer, &first, &second)
        if result == GIT_ENOTFOUND.rawValue { return [] }
        try GitLibrary.check(result)
        defer { git_oidarray_dispose(&found) }
        return UnsafeBufferPointer(start: found.ids, count: found.count).map { ObjectID($0) }
    }

    private func pickedTree(
        of commit: ObjectID,
        onto tip: ObjectID,
        _ budget: inout PathBudget
    ) throws -> MergedTree {
        for id in try [commit, tip] + links(of: commit).parents {
            try budget.require(links(of: id).tree, in: self)
        }
        let commit = try lookup(commit)
        let tip = try lookup(tip)
        var options = try mergeOptions()
        let index = try Owned(freedBy: git_index_free) {
            git_cherrypick_commit(&$0, pointer, commit.pointer, tip.pointer, 0, &options)
        }
        return try tree(of: index.pointer)
    }

    private func lookup(_ id: ObjectID) throws -> Owned {
        var raw = id.raw
        return try Owned(freedBy: git_commit_free) { git_commit_lookup(&$0, pointer, &raw) }
    }

    private func mergeOptions() throws -> git_merge_options {
        var options = git_merge_options()
        try GitLibrary.check(git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION)))
        options.flags = GIT_MERGE_FIND_RENAMES.rawValue
        options.target_limit = 400
        options.recursion_limit = 50
        return options
    }

    private func tree(of index: OpaquePointer) throws -> MergedTree {
        guard git_index_has_conflicts(index) == 0 else { return .conflicts(try conflicts(in: index)) }
        var id = git_oid()
        try GitLibrary.check(git_index_write_tree_to(&id, index, pointer))
        return .clean(ObjectID(id))
    }

    private func conflicts(in index: OpaquePointer) throws -> [TreePath] {
        let iterator = try Owned(freedBy: git_index_conflict_iterator_free) {
            git_index_conflict_iterator_new(&$0, index)
        }
        var paths: Set<TreePath> = []
        while true {
            var (ancestor, ours, theirs): (Entry, Entry, Entry) = (nil, nil, nil)
            let result = git_index_conflict_next(&ancestor, &ours, &theirs, iterator.pointer)
            if result == GIT_ITEROVER.rawValue { return paths.sorted() }
            try GitLibrary.check(result)
            guard let name = (ours ?? theirs ?? ancestor)?.pointee.path else { continue }
            let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
            paths.insert(TreePath(trusted: bytes.split(separator: UInt8(ascii: "/")).map { Array($0) }))
        }
    }

    private typealias Entry = UnsafePointer<git_index_entry>?

    /// The commits that a history has and another has not, parents before children.
    private func commitsInOrder(of head: ObjectID, without base: ObjectID, limit: Int) throws -> [ObjectID] {
        try walk(
            of: head,
            without: base,
            order: GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue,
            limit: limit
        )
    }
}
