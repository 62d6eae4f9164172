/// What somebody may do in a repository; each includes those before it.
package enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    case read
    case write
    case admin

    package static func < (left: Role, right: Role) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .read: 0
        case .write: 1
        case .admin: 2
        }
    }
}
