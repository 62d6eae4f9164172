/// Two lists beside each other: what is the same in both, and what stands in the one where something else stands in the
/// other.
enum Alignment {
    enum Step: Sendable, Hashable {
        /// By the places in both.
        case same(Int, Int)
        case changed(old: Range<Int>, new: Range<Int>)
    }

    static func steps<Element: Hashable>(_ old: [Element], _ new: [Element]) -> [Step] {
        var (removed, inserted): (Set<Int>, Set<Int>) = ([], [])
        for change in new.difference(from: old) {
            switch change {
            case .remove(let place, _, _): removed.insert(place)
            case .insert(let place, _, _): inserted.insert(place)
            }
        }
        var steps: [Step] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            let (oldStart, newStart) = (i, j)
            while removed.contains(i) { i += 1 }
            while inserted.contains(j) { j += 1 }
            if i > oldStart || j > newStart {
                steps.append(.changed(old: oldStart..<i, new: newStart..<j))
            } else {
                steps.append(.same(i, j))
                (i, j) = (i + 1, j + 1)
            }
        }
        return steps
    }
}
