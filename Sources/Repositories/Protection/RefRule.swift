package import Core

/// Protects the branches or tags of a repository that a pattern fits.
package struct RefRule: Sendable, Hashable {
    package let kind: Kind
    package let pattern: RefPattern
    /// Who may do what; a deed that is not named is open to nobody.
    package let allowed: [Deed: Permission]

    package init(_ kind: Kind, _ pattern: RefPattern, allowed: [Deed: Permission]) {
        self.kind = kind
        self.pattern = pattern
        self.allowed = allowed
    }

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case branch
        case tag

        var folder: String { self == .branch ? RefName.branches : RefName.tags }
    }

    /// What is done to a ref.
    package enum Deed: String, Sendable, Hashable, CaseIterable {
        /// Making it, and adding to it.
        case push
        /// Merging a pull request into it.
        case merge
        /// Moving it so that it loses commits, or moving a tag.
        case force
        case removal
    }

    /// Who may do something.
    package struct Permission: Sendable, Hashable {
        package let level: Level
        /// Who may beside them.
        package let accounts: Set<AccountID>

        package init(_ level: Level, accounts: Set<AccountID> = []) {
            self.level = level
            self.accounts = accounts
        }

        package static let nobody = Permission(.nobody)
    }

    package enum Level: String, Sendable, Hashable, CaseIterable {
        case writers
        case admins
        case nobody
    }

    package func allows(_ deed: Deed, for pusher: Pusher) -> Bool {
        let permission = allowed[deed] ?? .nobody
        if let account = pusher.caller.account, permission.accounts.contains(account) { return true }
        switch permission.level {
        case .writers: return true
        case .admins: return pusher.isAdmin
        case .nobody: return false
        }
    }
}

/// Who pushes to a repository, and may write into it.
package struct Pusher: Sendable, Hashable {
    package let caller: Caller
    /// Whether they are an admin of the repository.
    package let isAdmin: Bool

    package init(_ caller: Caller, isAdmin: Bool) {
        self.caller = caller
        self.isAdmin = isAdmin
    }
}
