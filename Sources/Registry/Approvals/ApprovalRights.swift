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

    package let allow: @Sendable (Caller, Deed, ModelName, any Connection) throws -> Bool

    package init(allow: @escaping @Sendable (Caller, Deed, ModelName, any Connection) throws -> Bool) {
        self.allow = allow
    }

    /// Whoever may write: for a server without accounts.
    package static let everybody = ApprovalRights { _, _, _, _ in true }
}
