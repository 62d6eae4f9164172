import Core
import Database
import Events
import NIOPosix

/// The rules for the refs of a caller's repository.
///
/// Whether the caller may change them is asked before.
package struct RefRuleStore: Sendable {
    let repositories: Repositories
    let caller: Caller

    /// All rules of one push fit into its environment.
    package static let countLimit = 100
    private static let accountLimit = 500

    private var database: any Database { repositories.database }

    package func list() async throws -> [RefRule] {
        try await database.read { connection in try list(in: connection) }
    }

    /// The rules as they hold for somebody.
    package func pushRules(for pusher: Pusher) async throws -> PushRules {
        let (rules, origin) = try await database.read { connection in
            (try list(in: connection), try filling(in: connection))
        }
        let path = repositories.path(of: caller.workspace)
        let head = try await NIOThreadPool.singleton.runIfActive { GitShape.head(of: path) }
        return PushRules(
            rules,
            for: pusher,
            closed: origin?.refusal(for: pusher),
            head: head.map { RefName.branches + $0 }
        )
    }

    /// Sets the rule for a pattern, in place of the one that there is.
    ///
    /// - Throws: `Failure.tooLarge` where there are too many.
    package func set(_ rule: RefRule) async throws {
        guard rule.allowed.values.allSatisfy({ $0.accounts.count <= Self.accountLimit }) else {
            throw Failure(.tooLarge, "A rule may name \(Self.accountLimit) accounts for each deed.")
        }
        try await database.write { connection in
            try connection.lock("ref rules of \(caller.workspace.key)")
            try remove(rule.kind, rule.pattern, in: connection)
            let others = try connection.first(
                "SELECT COUNT(*) FROM ref_rules WHERE workspace_id = \(caller.workspace.key)"
            ) { $0.int(0) }
            guard others ?? 0 < Self.countLimit else {
                throw Failure(.tooLarge, "A repository may have \(Self.countLimit) rules.")
            }
            try insert(rule, in: connection)
            try log(.gitRuleSet, rule.kind, rule.pattern, in: connection)
        }
    }

    /// Lets the rule for one branch alone follow it to its new name, unless that has one.
    func follow(_ branch: BranchName, to new: BranchName) async throws {
        // What can be no pattern is the name of no rule.
        guard let old = try? RefPattern(branch.text), let pattern = try? RefPattern(new.text) else { return }
        try await database.write { connection in
            try connection.lock("ref rules of \(caller.workspace.key)")
            let rules = try list(in: connection).filter { $0.kind == .branch }
            guard let rule = rules.first(where: { $0.pattern == old }),
                !rules.contains(where: { $0.pattern == pattern })
            else { return }
            try remove(.branch, old, in: connection)
            try insert(RefRule(.branch, pattern, allowed: rule.allowed), in: connection)
            try log(.gitRuleRemoved, .branch, old, in: connection)
            try log(.gitRuleSet, .branch, pattern, in: connection)
        }
    }

    /// Whether there is a rule for a branch of this name alone.
    func hasOwnRule(_ branch: BranchName) async throws -> Bool {
        guard let pattern = try? RefPattern(branch.text) else { return false }
        return try await list().contains { $0.kind == .branch && $0.pattern == pattern }
    }

    /// - Throws: `Failure.missing` where there is none for the pattern.
    package func delete(_ kind: RefRule.Kind, _ pattern: RefPattern) async throws {
        try await database.write { connection in
            guard try remove(kind, pattern, in: connection) else {
                throw Failure.missing("There is no \(kind.rawValue) rule '\(pattern.text)'.")
            }
            try log(.gitRuleRemoved, kind, pattern, in: connection)
        }
    }

    /// What makes a repository what another is, so that what somebody pushes would be gone.
    private enum Filling: Sendable {
        case mirror(address: String)
        case arrival

        /// Why nobody pushes; where the other is, only admins may see.
        func refusal(for pusher: Pusher) -> String {
            switch self {
            case .mirror(let address):
                "This repository follows \(pusher.isAdmin ? address : "another repository") and takes no pushes: "
                    + "what is pushed there comes here."
            case .arrival:
                "What this repository begins with has not come yet, and until then it takes no pushes: "
                    + "see its page, or ask an admin of the repository."
            }
        }
    }

    private func filling(in connection: any Connection) throws -> Filling? {
        let address = try connection.first(
            """
            SELECT address FROM mirrors
            WHERE workspace_id = \(caller.workspace.key) AND direction = \(Mirror.Direction.pull.rawValue)
            """
        ) { $0.text(0) }
        if let address { return .mirror(address: address) }
        let isArriving = try connection.first(
            "SELECT 1 FROM arrivals WHERE workspace_id = \(caller.workspace.key) AND lacking IS NULL"
        ) { _ in true }
        return isArriving == true ? .arrival : nil
    }

    private func list(in connection: any Connection) throws -> [RefRule] {
        let accounts = try accounts(in: connection)
        return try connection.rows(
            """
            SELECT rule_key, kind, pattern, push, merge, force, removal
            FROM ref_rules
            WHERE workspace_id = \(caller.workspace.key)
            ORDER BY kind, pattern
            """
        ) { row in
            let key = row.int(0)
            guard let kind = RefRule.Kind(rawValue: row.text(1)) else { throw Self.unknown(row.text(1)) }
            var allowed: [RefRule.Deed: RefRule.Permission] = [:]
            for (column, deed) in [(3, RefRule.Deed.push), (4, .merge), (5, .force), (6, .removal)] {
                guard let level = RefRule.Level(rawValue: row.text(column)) else {
                    throw Self.unknown(row.text(column))
                }
                allowed[deed] = RefRule.Permission(level, accounts: accounts[key]?[deed] ?? [])
            }
            return RefRule(kind, try RefPattern(row.text(2)), allowed: allowed)
        }
    }

    private func accounts(in connection: any Connection) throws -> [Int64: [RefRule.Deed: Set<AccountID>]] {
        var accounts: [Int64: [RefRule.Deed: Set<AccountID>]] = [:]
        try connection.forEach(
            """
            SELECT a.rule_key, a.deed, a.account_id
            FROM ref_rule_accounts a JOIN ref_rules r ON r.rule_key = a.rule_key
            WHERE r.workspace_id = \(caller.workspace.key)
            """
        ) { row in
            guard let deed = RefRule.Deed(rawValue: row.text(1)) else { throw Self.unknown(row.text(1)) }
            accounts[row.int(0), default: [:]][deed, default: []].insert(AccountID(key: row.int(2)))
        }
        return accounts
    }

    private func insert(_ rule: RefRule, in connection: any Connection) throws {
        func level(_ deed: RefRule.Deed) -> String { (rule.allowed[deed] ?? .nobody).level.rawValue }
        let key = try connection.first(
            """
            INSERT INTO ref_rules (workspace_id, kind, pattern, push, merge, force, removal)
            VALUES (\(caller.workspace.key), \(rule.kind.rawValue), \(rule.pattern.text), \(level(.push)),
                \(level(.merge)), \(level(.force)), \(level(.removal)))
            RETURNING rule_key
            """
        ) { $0.int(0) }
        guard let key else { preconditionFailure("an inserted rule has no key") }
        let values = rule.allowed.flatMap { deed, permission in
            permission.accounts.flatMap { account in
                [.integer(key), .text(deed.rawValue), .integer(account.key)] as [Value]
            }
        }
        try connection.insert(into: "ref_rule_accounts", ["rule_key", "deed", "account_id"], values: values)
    }

    @discardableResult
    private func remove(
        _ kind: RefRule.Kind,
        _ pattern: RefPattern,
        in connection: any Connection
    ) throws -> Bool {
        // The rows of accounts that go with it are counted by SQLite too.
        try connection.execute(
            """
            DELETE FROM ref_rules
            WHERE workspace_id = \(caller.workspace.key) AND kind = \(kind.rawValue) AND pattern = \(pattern.text)
            """
        ) > 0
    }

    private func log(
        _ event: Event.Kind,
        _ kind: RefRule.Kind,
        _ pattern: RefPattern,
        in connection: any Connection
    ) throws {
        try EventLog.append(event, to: "\(kind.rawValue)/\(pattern.text)", by: caller, in: connection)
    }

    private static func unknown(_ word: String) -> Failure {
        Failure(.internalError, "The rules hold the unknown word '\(word)'.")
    }
}

extension Repositories {
    /// Gives a branch another name; the rule for it alone, and that people see it first, go with it.
    ///
    /// - Parameters:
    ///   - name: The branch.
    ///   - new: What it is to be called.
    ///   - pusher: Who wishes it: who may push to the new name and delete the old one. Rules, and which branch is shown first,
    ///     are for admins to change.
    /// - Returns: The branch.
    /// - Throws: As `Git.renameBranch`; `Failure.permissionDenied` where a rule forbids it, or only an admin may.
    package func renameBranch(
        _ name: BranchName,
        to new: BranchName,
        for pusher: Pusher
    ) async throws -> Branch {
        let (git, rules) = (git(for: pusher), refRules(for: pusher.caller))
        if !pusher.isAdmin {
            guard try await git.defaultBranch() != name else {
                throw Failure(.permissionDenied, "Only admins rename the default branch '\(name)'.")
            }
            for ruled in [name, new] where try await rules.hasOwnRule(ruled) {
                throw Failure(
                    .permissionDenied,
                    "Only admins give a branch a name, or take one, that has a rule: '\(ruled)'."
                )
            }
        }
        let branch = try await git.renameBranch(name, to: new)
        try await rules.follow(name, to: new)
        return branch
    }
}
