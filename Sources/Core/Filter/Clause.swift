/// A condition put together from simple ones by AND, OR and NOT.
///
/// It is as deep as the parentheses of its text, which `FilterParser` limits, so walking it by recursion is safe.
package indirect enum Clause<Leaf> {
    case leaf(Leaf)
    /// Every one of them holds; true for none.
    case all([Clause])
    /// At least one of them holds; false for none.
    case any([Clause])
    /// Holds wherever the inner one does not.
    case not(Clause)

    package func map<Other, Fault>(
        _ transform: (Leaf) throws(Fault) -> Other
    ) throws(Fault) -> Clause<Other> {
        switch self {
        case .leaf(let leaf): .leaf(try transform(leaf))
        case .all(let parts): .all(try parts.map { part throws(Fault) in try part.map(transform) })
        case .any(let parts): .any(try parts.map { part throws(Fault) in try part.map(transform) })
        case .not(let inner): .not(try inner.map(transform))
        }
    }

    package var leaves: [Leaf] {
        switch self {
        case .leaf(let leaf): [leaf]
        case .all(let parts), .any(let parts): parts.flatMap { $0.leaves }
        case .not(let inner): inner.leaves
        }
    }

    /// The parts that must all hold, as far as they stand side by side.
    package var conjuncts: [Clause] {
        // A closure: a key path of a generic type is put together anew at each use.
        if case .all(let parts) = self { parts.flatMap { $0.conjuncts } } else { [self] }
    }
}

extension Clause: Sendable where Leaf: Sendable {}
extension Clause: Equatable where Leaf: Equatable {}
extension Clause: Hashable where Leaf: Hashable {}
