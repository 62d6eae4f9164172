package import Core
import Database

/// What a token is made of.
package struct NewToken: Sendable {
    package static let nameLimit = 100
    private static let markLimit = 64

    let name: String
    let role: Role
    let reachesAccount: Bool
    let workspace: WorkspaceID?
    let end: TokenEnd
    let formMark: String?

    /// - Parameters:
    ///   - name: What its owner calls it.
    ///   - role: What is not exceeded with it anywhere.
    ///   - reachesAccount: Whether it changes the account itself: its keys, tokens and repositories.
    ///   - workspace: The only repository that it reaches; nil for all that its owner does.
    ///   - end: When it ends.
    ///   - formMark: Marks a form, which makes one token however often it is sent; nil for what is no form.
    /// - Throws: `Failure.invalid` for a name that is blank or too long, for a mark that is none of `newFormMark`, and for
    ///   one repository together with the account.
    package init(
        name: String,
        role: Role = .write,
        reachesAccount: Bool = false,
        workspace: WorkspaceID? = nil,
        end: TokenEnd = .never,
        formMark: String? = nil
    ) throws(Failure) {
        guard !name.allSatisfy(\.isWhitespace), name.count <= Self.nameLimit else {
            throw .invalid("A token has a name of 1 to \(Self.nameLimit) characters, not all of them blank.")
        }
        try NewPerson.check(name, "name")
        guard formMark.map({ 1...Self.markLimit ~= $0.utf8.count }) ?? true else {
            throw .invalid("The form is not one of this page: load the page again.")
        }
        guard workspace == nil || !reachesAccount else {
            throw .invalid("A token for one repository cannot reach the account.")
        }
        self.name = name
        self.role = role
        self.reachesAccount = reachesAccount
        self.workspace = workspace
        self.end = end
        self.formMark = formMark
    }

    /// What marks a form that is shown now, and no other.
    package static func newFormMark() -> String {
        (0..<2).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined(separator: "-")
    }
}

/// A token as it is listed: everything but what it is.
package struct Token: Sendable, Hashable {
    package let id: Int64
    package let owner: AccountID
    package let ownerLogin: String
    package let name: String
    /// Its last characters.
    package let hint: String
    package let role: Role
    package let reachesAccount: Bool
    package let workspace: WorkspaceID?
    /// `owner/name` of the only repository that it reaches.
    package let repository: String?
    package let createdMs: Int64
    package let expiresMs: Int64?
    /// To the minute.
    package let lastUsedMs: Int64?

    /// What `init` reads; `a` is its owner, `r` its repository and `o` the owner of that.
    static let selection: SQL =
        """
        SELECT t.token_id, t.account_id, a.login, t.name, t.hint, t.role, t.reaches_account, t.workspace_id, o.login, r.name,
            t.created_ms, t.expires_ms, t.last_used_ms
        FROM tokens t
        JOIN accounts a ON a.account_id = t.account_id
        LEFT JOIN repositories r ON r.workspace_id = t.workspace_id
        LEFT JOIN accounts o ON o.account_id = r.owner_id
        """

    init(_ row: borrowing Row) throws {
        guard let role = Role(rawValue: row.text(5)) else {
            throw Failure(.internalError, "A token has the unknown role '\(row.text(5))'.")
        }
        id = row.int(0)
        owner = AccountID(key: row.int(1))
        ownerLogin = row.text(2)
        name = row.text(3)
        hint = row.text(4)
        self.role = role
        reachesAccount = row.bool(6)
        workspace = row.optionalInt(7).map(WorkspaceID.init(key:))
        repository = row.isNull(8) || row.isNull(9) ? nil : "\(row.text(8))/\(row.text(9))"
        createdMs = row.int(10)
        expiresMs = row.optionalInt(11)
        lastUsedMs = row.optionalInt(12)
    }
}

/// A token that was just made, with the secret that is never shown again.
package struct MadeToken: Sendable {
    package let token: Token
    package let secret: Secret
}
