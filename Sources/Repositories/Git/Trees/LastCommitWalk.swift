import Core

/// Finds the last commit of each entry of a folder, all in one walk through the history.
///
/// An entry's last commit is what `git log -1 -- path` shows: the commit itself if no parent has the same entry, else that
/// of the first parent which has. So a walk takes groups of entries from a commit to its parents, parts them where
/// trees differ, and joins them where lines meet; and where the answers for a commit are known already, it ends.
final class LastCommitWalk {
    let path: TreePath
    let tree: RawTree
    /// The commit that the walk began at.
    let start: ObjectID
    /// The first commit whose folder differs from its first parent's; it has the same answers.
    private(set) var origin: ObjectID
    /// By the indices of the entries.
    private(set) var found: [ObjectID?]
    /// By the indices of the entries, where an answer that was known already told it: the size, or that there is none.
    private(set) var sizes: [Int??]
    /// What was known already of a commit and answered some.
    private(set) var summaries: [ObjectID: CommitSummary] = [:]

    private let known: (ObjectID) throws -> LastCommits?
    private var groups: [ObjectID: Group]
    private var waiting = Heap<Step>()
    private var hasParted = false

    private struct Group {
        let links: CommitLinks
        let tree: ObjectID
        var indices: [Int32]
    }

    private struct Step: Comparable {
        let seconds: Int64
        let id: ObjectID

        static func < (first: Step, second: Step) -> Bool { first.seconds > second.seconds }
    }

    /// `known` gives the answers for the same folder at another commit, if somebody has them.
    init(
        of tree: RawTree,
        at path: TreePath,
        from commit: ObjectID,
        in repository: OpenRepository,
        known: @escaping (ObjectID) throws -> LastCommits?
    ) throws {
        self.path = path
        self.tree = tree
        self.known = known
        start = commit
        origin = commit
        found = Array(repeating: nil, count: tree.entries.count)
        sizes = Array(repeating: nil, count: tree.entries.count)
        let links = try repository.links(of: commit)
        groups = [commit: Group(links: links, tree: tree.id, indices: tree.entries.indices.map { Int32($0) })]
        waiting.insert(Step(seconds: links.committedSeconds, id: commit))
    }

    var isDone: Bool { waiting.isEmpty }

    /// Goes on until all are found, or until `isLate` says so; it is asked after every commit.
    func run(in repository: OpenRepository, until isLate: () -> Bool) throws {
        while !isLate(), let step = waiting.removeFirst() {
            guard let group = groups.removeValue(forKey: step.id) else { continue }
            try visit(step.id, group, in: repository)
        }
    }

    private func visit(_ commit: ObjectID, _ group: Group, in repository: OpenRepository) throws {
        if let known = try known(commit), known.tree == group.tree {
            try answer(group.indices, by: known, in: repository)
            return
        }
        var rest = group.indices
        for (number, parent) in group.links.parents.enumerated() where !rest.isEmpty {
            guard let links = try repository.findLinks(of: parent),
                let parentTree = try repository.folder(at: path, of: links.tree)
            else { continue }
            if parentTree == group.tree {
                if number == 0, !hasParted, groups.isEmpty { origin = parent }
                hand(rest, to: parent, links, parentTree)
                return
            }
            hasParted = true
            let (same, different) = tree.part(rest, by: try RawTree(parentTree, in: repository))
            if !same.isEmpty { hand(same, to: parent, links, parentTree) }
            rest = different
        }
        hasParted = true
        for index in rest { found[Int(index)] = commit }
    }

    private func hand(_ indices: [Int32], to commit: ObjectID, _ links: CommitLinks, _ tree: ObjectID) {
        if groups[commit] == nil {
            groups[commit] = Group(links: links, tree: tree, indices: indices)
            waiting.insert(Step(seconds: links.committedSeconds, id: commit))
        } else {
            groups[commit]?.indices.append(contentsOf: indices)
            groups[commit]?.indices.sort()
        }
    }

    private func answer(_ indices: [Int32], by known: LastCommits, in repository: OpenRepository) throws {
        // It is the folder of another commit, so that its entries may lie at other indices.
        let other = try RawTree(known.tree, in: repository)
        var place = 0
        for index in indices {
            let entry = tree.entries[Int(index)]
            while place < other.entries.count, other.isBefore(other.entries[place], entry, of: tree) {
                place += 1
            }
            precondition(place < other.entries.count, "a walk came to a folder without its entry")
            let summary = known.commits[known.places[place]]
            found[Int(index)] = summary.id
            sizes[Int(index)] = .some(known.sizes[place])
            summaries[summary.id] = summary
        }
        hasParted = true
    }
}
