package import Core
package import Database

/// Who may have a say in approvals: the one place at which accounts come in.
///
/// It is asked in the transaction that does the thing, so that a right which was taken away a moment ago is gone.
package struct ApprovalRights: Sendable {
    package enum Deed: Sendable {
        case setRules
        /// Also to refuse.
        case approve
    }

    package typealias Allow = @Sendable (Caller, Deed, ModelName, any Connection) throws -> Bool
    /// Takes a name as events carry it, when they approved in epoch milliseconds, and the workspace.
    package typealias Counts = @Sendable (String, Int64, WorkspaceID, any Connection) throws -> Bool

    package let allow: Allow
    /// Whether what somebody approved earlier still counts: it does not once they have lost the right.
    package let counts: Counts

    package init(allow: @escaping Allow, counts: @escaping Counts = { _, _, _, _ in true }) {
        self.allow = allow
        self.counts = counts
    }

    /// Whoever may write: for a server without accounts.
    package static let everybody = ApprovalRights(allow: { _, _, _, _ in true })
}
