package import Core
import Database

/// What others see of a person or an organization.
package struct Profile: Sendable, Hashable {
    package let id: AccountID
    package let kind: AccountKind
    package let login: String
    package let fullName: String
    /// Nil where who asks may not know it.
    package let email: String?
    package let description: String
    package let website: String
    package let location: String
    package let isServerAdmin: Bool
    package let createdMs: Int64

    /// The columns of the row `a` of `accounts` that `init(_:from:for:)` reads.
    static let columns: SQL =
        """
        a.account_id, a.kind, a.login, a.full_name, a.email, a.description, a.website, a.location, a.is_server_admin,
        a.created_ms
        """
    /// How many they are.
    static let columnCount = 10

    /// - Parameters:
    ///   - row: A row with `columns`.
    ///   - first: The position of the first of them.
    ///   - identity: Who asks.
    init(_ row: borrowing Row, from first: Int = 0, for identity: Identity) {
        id = AccountID(key: row.int(first))
        kind = AccountKind(rawValue: row.text(first + 1)) ?? .user
        login = row.text(first + 2)
        fullName = row.text(first + 3)
        // Security: addresses are for their owners and those who look after the server, not for whoever collects them.
        let maySeeEmail = id == identity.account && identity.reachesAccount || identity.isServerAdmin
        email = maySeeEmail && !row.text(first + 4).isEmpty ? row.text(first + 4) : nil
        description = row.text(first + 5)
        website = row.text(first + 6)
        location = row.text(first + 7)
        isServerAdmin = row.bool(first + 8)
        createdMs = row.int(first + 9)
    }
}

/// What is to change in a profile; what is nil stays.
package struct ProfileChange: Sendable {
    package static let nameLimit = 100
    package static let descriptionLimit = 1_000

    let fullName: String?
    let description: String?
    let website: Website?
    let location: String?

    /// - Throws: `Failure.invalid` for a text that is too long, or a website that is none.
    package init(
        fullName: String? = nil,
        description: String? = nil,
        website: String? = nil,
        location: String? = nil
    ) throws(Failure) {
        self.fullName = try Self.checked(fullName, "full_name", limit: Self.nameLimit)
        self.description = try Self.checked(description, "description", limit: Self.descriptionLimit)
        if let website { self.website = try Website(website) } else { self.website = nil }
        self.location = try Self.checked(location, "location", limit: Self.nameLimit)
    }

    private static func checked(_ text: String?, _ field: String, limit: Int) throws(Failure) -> String? {
        guard let text else { return nil }
        return try Words.checked(text, field, limit: limit)
    }

    /// The names of what it makes other than it is; the log tells these, and not what somebody says of themselves.
    func fields(otherThanOf profile: Profile) -> [String] {
        let fields: [(name: String, old: String, new: String?)] = [
            ("full_name", profile.fullName, fullName), ("description", profile.description, description),
            ("website", profile.website, website?.text), ("location", profile.location, location),
        ]
        return fields.compactMap { field in
            guard let new = field.new, ExactText(new) != ExactText(field.old) else { return nil }
            return field.name
        }
    }

    /// Writes what is to change into the row of an account.
    func apply(to account: AccountID, in connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE accounts
            SET full_name = COALESCE(\(fullName), full_name), description = COALESCE(\(description), description),
                website = COALESCE(\(website?.text), website), location = COALESCE(\(location), location),
                updated_ms = \(connection.nowMs)
            WHERE account_id = \(account.key)
            """
        )
    }
}
