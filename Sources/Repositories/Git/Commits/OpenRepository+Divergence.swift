extension OpenRepository {
    /// How far two histories have parted; nil where that cannot be counted in time.
    ///
    /// libgit2 counts the same and cannot be stopped, and how long it takes is up to whoever pushed.
    func divergence(of head: ObjectID, from base: ObjectID, within time: SearchTime) throws -> Divergence? {
        var walk = DivergenceWalk(self)
        return try walk.run(from: head, and: base, within: time)
    }
}

/// Goes back from two commits, the latest first, until all that is left belongs to both histories.
private struct DivergenceWalk {
    /// Whose histories a commit is in.
    private struct Sides: OptionSet {
        let rawValue: UInt8

        static let head = Sides(rawValue: 1)
        static let base = Sides(rawValue: 2)
        static let both: Sides = [.head, .base]
    }

    private struct Step: Comparable {
        let seconds: Int64
        let id: ObjectID
        let parents: [ObjectID]

        static func < (first: Step, second: Step) -> Bool { first.seconds > second.seconds }
        static func == (first: Step, second: Step) -> Bool { first.id == second.id }
    }

    private let repository: OpenRepository
    private var sides: [ObjectID: Sides] = [:]
    private var waiting = Heap<Step>()
    private var waitingIDs: Set<ObjectID> = []
    /// How many of those that wait are in one history alone.
    private var oneSidedCount = 0

    init(_ repository: OpenRepository) { self.repository = repository }

    mutating func run(
        from head: ObjectID,
        and base: ObjectID,
        within time: SearchTime
    ) throws -> Divergence? {
        try mark(head, .head)
        try mark(base, .base)
        while oneSidedCount > 0, let step = waiting.removeFirst() {
            guard !time.isOver else { return nil }
            waitingIDs.remove(step.id)
            let known = sides[step.id] ?? []
            if known != .both { oneSidedCount -= 1 }
            for parent in step.parents { try mark(parent, known) }
        }
        return Divergence(
            ahead: sides.values.count { $0 == .head },
            behind: sides.values.count { $0 == .base }
        )
    }

    private mutating func mark(_ id: ObjectID, _ more: Sides) throws {
        let before = sides[id] ?? []
        let after = before.union(more)
        guard after != before else { return }
        if waitingIDs.contains(id) {
            // It was in one history and is in both now.
            oneSidedCount -= 1
        } else {
            // A shallow repository ends where its parents are not.
            guard let links = try repository.findLinks(of: id) else { return }
            waiting.insert(Step(seconds: links.committedSeconds, id: id, parents: links.parents))
            waitingIDs.insert(id)
            if after != .both { oneSidedCount += 1 }
        }
        sides[id] = after
    }
}
