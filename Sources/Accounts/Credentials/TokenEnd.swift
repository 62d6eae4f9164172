import Core

/// When a token ends, as its maker says it.
package enum TokenEnd: Sendable, Hashable {
    /// In how many days a token ends at the latest, where it ends.
    package static let mostDays: Int64 = 3_650
    private static let dayMs: Int64 = 24 * 3_600_000

    case never
    /// At a time in epoch milliseconds.
    case at(ms: Int64)
    case afterDays(Int64)

    /// In epoch milliseconds, for a token that is made now; nil for never.
    ///
    /// - Throws: `Failure.invalid` for an end that is past, or farther away than any token is made for.
    func ms(from nowMs: Int64) throws(Failure) -> Int64? {
        switch self {
        case .never: return nil
        case .at(let endMs):
            guard endMs > nowMs else { throw .invalid("The token would have ended already.") }
            guard endMs - nowMs <= Self.mostDays * Self.dayMs else {
                throw .invalid("A token ends within \(Self.mostDays) days, or never.")
            }
            return endMs
        case .afterDays(let days):
            guard 1...Self.mostDays ~= days else {
                throw .invalid("A token ends in 1 to \(Self.mostDays) days, or never.")
            }
            return nowMs + days * Self.dayMs
        }
    }
}
