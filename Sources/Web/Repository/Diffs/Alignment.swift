/// Two lists beside each other: what is the same in both, and what stands in the one where something else stands in the
/// other.
enum Alignment {
    enum Step: Sendable, Hashable {
        /// By the places in both.
        case same(Int, Int)
        case changed(old: Range<Int>, new: Range<Int>)
    }

    /// Where an element that stays is in both lists.
    struct Pair: Sendable, Hashable {
        let old: Int
        let new: Int
    }

    /// What stays and what changed, in their order; where the budget is spent, only what both begin and end with stays.
    static func steps<Element: Hashable>(
        _ old: [Element],
        _ new: [Element],
        within budget: DiffBudget
    ) -> [Step] {
        var steps: [Step] = []
        var (i, j) = (0, 0)
        for pair in pairs(old, new, within: budget) + [Pair(old: old.count, new: new.count)] {
            if pair.old > i || pair.new > j { steps.append(.changed(old: i..<pair.old, new: j..<pair.new)) }
            if pair.old < old.count { steps.append(.same(pair.old, pair.new)) }
            (i, j) = (pair.old + 1, pair.new + 1)
        }
        return steps
    }

    /// As many elements as can stay, in their order; where the budget is spent, those that both begin and end with.
    static func pairs<Element: Hashable>(
        _ old: [Element],
        _ new: [Element],
        within budget: DiffBudget
    ) -> [Pair] {
        let start = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - start
        let end = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let middle = common(
            old[start..<old.count - end],
            new[start..<new.count - end],
            within: budget
        )
        return (0..<start).map { Pair(old: $0, new: $0) } + middle
            + (0..<end).map { Pair(old: old.count - end + $0, new: new.count - end + $0) }
    }

    /// Elements become numbers, which are told apart in one step however long the elements are; those that only one side
    /// has cannot stay, so that two lists without anything in common cost nothing.
    private static func common<Element: Hashable>(
        _ old: ArraySlice<Element>,
        _ new: ArraySlice<Element>,
        within budget: DiffBudget
    ) -> [Pair] {
        var numbers: [Element: Int] = [:]
        for element in old where numbers[element] == nil { numbers[element] = numbers.count }
        let newKept = new.indices.compactMap { place in
            numbers[new[place]].map { (place: place, number: $0) }
        }
        let shared = Set(newKept.map(\.number))
        let oldKept = old.indices.compactMap { place in
            numbers[old[place]].flatMap { shared.contains($0) ? (place: place, number: $0) : nil }
        }
        return longest(oldKept.map(\.number), newKept.map(\.number), within: budget).map {
            Pair(old: oldKept[$0.old].place, new: newKept[$0.new].place)
        }
    }

    /// The longest common subsequence; nothing where the budget is spent.
    ///
    /// - Source: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986: round by round it notes how far
    ///   along the old list each diagonal comes with so many changes, and then goes the way back.
    private static func longest(_ old: [Int], _ new: [Int], within budget: DiffBudget) -> [Pair] {
        guard !old.isEmpty, !new.isEmpty else { return [] }
        let middle = old.count + new.count + 1
        var reached = [Int](repeating: 0, count: 2 * middle + 1)
        var rounds: [[Int]] = []
        for distance in 0..<middle {
            rounds.append(Array(reached[middle - distance - 1...middle + distance + 1]))
            for diagonal in stride(from: -distance, through: distance, by: 2) {
                let start =
                    isInsertion(diagonal, distance, reached, middle)
                    ? reached[middle + diagonal + 1] : reached[middle + diagonal - 1] + 1
                var place = start
                while place < old.count, place - diagonal < new.count, old[place] == new[place - diagonal] {
                    place += 1
                }
                guard budget.take(1 + place - start) else { return [] }
                reached[middle + diagonal] = place
                if place >= old.count, place - diagonal >= new.count {
                    return way(back: rounds, old.count, new.count)
                }
            }
        }
        preconditionFailure("as many changes as there are elements lead from any list to any other")
    }

    /// Whether a diagonal goes on in a round from the one above it, which is by an insertion; from the one below where not.
    private static func isInsertion(
        _ diagonal: Int,
        _ distance: Int,
        _ reached: [Int],
        _ middle: Int
    ) -> Bool {
        diagonal == -distance
            || diagonal != distance && reached[middle + diagonal - 1] < reached[middle + diagonal + 1]
    }

    private static func way(back rounds: [[Int]], _ oldCount: Int, _ newCount: Int) -> [Pair] {
        var pairs: [Pair] = []
        var (old, diagonal) = (oldCount, oldCount - newCount)
        for (distance, reached) in rounds.enumerated().reversed() {
            let middle = distance + 1
            let isInsertion = Self.isInsertion(diagonal, distance, reached, middle)
            let before = isInsertion ? diagonal + 1 : diagonal - 1
            let start = isInsertion ? reached[middle + before] : reached[middle + before] + 1
            while old > start {
                old -= 1
                pairs.append(Pair(old: old, new: old - diagonal))
            }
            (old, diagonal) = (reached[middle + before], before)
        }
        return pairs.reversed()
    }
}
