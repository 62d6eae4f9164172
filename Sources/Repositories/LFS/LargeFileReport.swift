/// What became of the large files that belong to what went from one server to another.
package struct LargeFileReport: Sendable, Hashable {
    /// How many went over.
    package internal(set) var moved = 0
    /// How many should have gone over and did not.
    package internal(set) var missing = 0
    /// Why the first of them did not.
    private var reason: String?

    /// What is missing and why, for a person; nil where nothing is.
    package var lacking: String? {
        reason.map { "Large files: \(missing) of \(moved + missing) did not go over. \($0)" }
    }

    var isWhole: Bool { missing == 0 }

    mutating func miss(_ count: Int = 1, because words: String) {
        guard count > 0 else { return }
        missing += count
        if reason == nil { reason = words }
    }
}
