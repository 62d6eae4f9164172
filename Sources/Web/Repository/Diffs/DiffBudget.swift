/// How much may be done to find out what two things have in common, over all the parts of a comparison.
///
/// Security: what is compared is anybody's, and finding what stays of it can cost the product of both sides. Once too
/// much is asked for, all that follows does without, and the page says so.
final class DiffBudget {
    private var left: Int
    /// Whether somebody had to do without.
    private(set) var isSpent = false

    /// - Parameter steps: How many elements may be looked at; a million takes some hundredths of a second.
    init(steps: Int = 1_000_000) { left = steps }

    /// Takes steps out of it.
    ///
    /// - Returns: False where not so many are left; then nobody gets any more.
    func take(_ steps: Int) -> Bool {
        guard !isSpent, steps <= left else {
            isSpent = true
            return false
        }
        left -= steps
        return true
    }
}
