package import Core

/// A change that waits, or waited, for approvals.
package struct ApprovalRequest: Sendable, Hashable {
    package let id: Int64
    /// The registered model.
    package let name: String
    package let deed: ProtectedDeed
    package let requestedBy: String
    package let comment: String?
    package let createdMs: Int64
    package let state: State
    /// Nil while it is open.
    package let closedMs: Int64?
    /// What the rules ask for today; nil where they ask for nothing.
    package let needed: Int64?
    /// Who said what, in the order in which it was said.
    package let votes: [Vote]

    /// Those that count.
    package var approvals: Int { votes.count { $0.approves && $0.counts } }

    package static func missing(_ id: Int64) -> Failure { .missing("Approval request \(id) not found") }

    package enum State: String, Sendable, Hashable, CaseIterable {
        case open
        case carriedOut = "carried_out"
        case refused
        case withdrawn
        /// The change was made otherwise, another one came before it, or its version or rule is gone.
        case lapsed
    }

    package struct Vote: Sendable, Hashable {
        package let actor: String
        /// False for the one who refused.
        package let approves: Bool
        package let comment: String?
        package let atMs: Int64
        /// False in an open request for somebody who has lost the right since then.
        package let counts: Bool
    }
}
