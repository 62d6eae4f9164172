import Core

/// The commits of a history, the latest first, each read only when it is asked for.
///
/// The order is git's own: of the commits whose children were given, the one that was committed last.
struct History {
    private let repository: OpenRepository
    private let isFirstParentOnly: Bool
    private var waiting: Heap<Step>
    private var seen: Set<ObjectID>
    private var count = 0

    private struct Step: Comparable {
        let seconds: Int64
        /// Among equals the one that was found first comes first.
        let number: Int
        let id: ObjectID
        let links: CommitLinks

        static func < (first: Step, second: Step) -> Bool {
            first.seconds == second.seconds ? first.number < second.number : first.seconds > second.seconds
        }

        static func == (first: Step, second: Step) -> Bool { first.number == second.number }
    }

    init(of tip: ObjectID, isFirstParentOnly: Bool, in repository: OpenRepository) throws {
        self.repository = repository
        self.isFirstParentOnly = isFirstParentOnly
        waiting = Heap()
        seen = [tip]
        try add(tip)
    }

    mutating func next() throws -> (id: ObjectID, links: CommitLinks)? {
        guard let step = waiting.removeFirst() else { return nil }
        for parent in step.links.parents.prefix(isFirstParentOnly ? 1 : .max)
        where seen.insert(parent).inserted {
            try add(parent)
        }
        return (step.id, step.links)
    }

    private mutating func add(_ id: ObjectID) throws {
        // A shallow repository ends where its parents are not.
        guard let links = try repository.findLinks(of: id) else { return }
        waiting.insert(Step(seconds: links.committedSeconds, number: count, id: id, links: links))
        count += 1
    }
}

/// A collection that gives its least element first.
struct Heap<Element: Comparable> {
    private var elements: [Element] = []

    var isEmpty: Bool { elements.isEmpty }

    mutating func insert(_ element: Element) {
        elements.append(element)
        var index = elements.count - 1
        while index > 0, elements[index] < elements[(index - 1) / 2] {
            elements.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() -> Element? {
        guard let first = elements.first else { return nil }
        let last = elements.removeLast()
        guard !elements.isEmpty else { return first }
        elements[0] = last
        var index = 0
        while true {
            let left = 2 * index + 1
            guard left < elements.count else { return first }
            let least = left + 1 < elements.count && elements[left + 1] < elements[left] ? left + 1 : left
            guard elements[least] < elements[index] else { return first }
            elements.swapAt(index, least)
            index = least
        }
    }
}
