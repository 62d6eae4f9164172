import Core
import Database
import Events

/// What another server says of somebody.
struct OutsideVisitor: Sendable {
    let issuer: String
    let subject: String
    /// What they would be called here, the best first.
    let names: [String]
    let fullName: String
    /// Only one that the other server has verified.
    let email: String
    let groups: Set<String>

    init(_ claims: JSON, _ settings: OpenIDSettings) throws {
        func text(_ key: String) -> String {
            if case .string(let text)? = claims[key] { text } else { "" }
        }
        issuer = settings.issuer
        subject = text("sub")
        guard !subject.isEmpty, subject.utf8.count <= 255 else {
            throw Failure.invalid("The id_token names nobody.")
        }
        let address = text("email")
        names = [text("preferred_username"), String(address.prefix { $0 != "@" }), text("name"), "user"]
        fullName = String(text("name").filter { !$0.isNewline }.prefix(NewPerson.textLimit))
        email = claims["email_verified"] == .boolean(true) ? address : ""
        if case .array(let all)? = claims[settings.groupsClaim] {
            groups = Set(all.compactMap { if case .string(let name) = $0 { name } else { nil } })
        } else {
            groups = text(settings.groupsClaim).isEmpty ? [] : [text(settings.groupsClaim)]
        }
    }
}

/// The accounts of people who sign in at another server, within one transaction.
struct OutsideAccounts {
    let database: any Database
    let connection: any Connection
    let settings: OpenIDSettings

    /// The account of somebody; made at their first sign-in.
    ///
    /// Security: an account is found by issuer and subject alone. A name or an address for mail that is like that of an
    /// account here is no reason to give it to them.
    func account(of visitor: OutsideVisitor) throws -> AccountID {
        try connection.lock("outside \(visitor.issuer) \(visitor.subject)")
        let found = try connection.first(
            """
            SELECT account_id FROM outside_identities
            WHERE issuer = \(visitor.issuer) AND subject = \(visitor.subject)
            """
        ) { AccountID(key: $0.int(0)) }
        let account = try found ?? make(visitor)
        try follow(visitor, account)
        return account
    }

    // MARK: First sign-in

    private func make(_ visitor: OutsideVisitor) throws -> AccountID {
        let login = try freeName(visitor)
        let caller = Caller(name: login.text, workspace: .server)
        let people = PersonStore(database: database, caller: caller)
        let person = try people.create(
            NewPerson(login: login, fullName: visitor.fullName, email: freeEmail(visitor.email)),
            in: connection
        )
        try connection.execute(
            """
            INSERT INTO outside_identities (issuer, subject, account_id, linked_ms)
            VALUES (\(visitor.issuer), \(visitor.subject), \(person.id.key), \(connection.nowMs))
            """
        )
        try people.log(
            .accountLinked,
            person.id,
            person.login,
            [
                JSON.Member(key: "issuer", value: .string(visitor.issuer)),
                JSON.Member(key: "subject", value: .string(visitor.subject)),
            ],
            in: connection
        )
        return person.id
    }

    private func freeName(_ visitor: OutsideVisitor) throws -> AccountName {
        for name in visitor.names {
            let letters = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
            let base = String(String(letters).drop { $0 == "-" || $0 == "_" }.prefix(AccountName.limit - 5))
            for number in 1...999 {
                let text = number == 1 ? base : "\(base)-\(number)"
                guard let login = try? AccountName(text).ofNewAccount() else {
                    // A name that is kept for the server is free with a number behind it.
                    if number == 1, !base.isEmpty { continue }
                    break
                }
                let isTaken = try connection.first("SELECT 1 FROM accounts WHERE login_key = \(login.key)") {
                    _ in true
                }
                if isTaken == nil { return login }
            }
        }
        throw Failure(.invalidState, "No name is free for the account: ask who looks after this server.")
    }

    private func freeEmail(_ email: String) throws -> String {
        guard !email.isEmpty, (try? NewPerson.checkEmail(email)) != nil else { return "" }
        let isTaken = try connection.first(
            "SELECT 1 FROM accounts WHERE email_key = \(email.lowercased())"
        ) { _ in true }
        return isTaken == nil ? email : ""
    }

    // MARK: Groups

    /// Brings what groups give to what they are now.
    private func follow(_ visitor: OutsideVisitor, _ account: AccountID) throws {
        let caller = Caller(name: "openid", workspace: .server)
        if let group = settings.adminGroup {
            do {
                try PersonStore(database: database, caller: caller)
                    .setServerAdmin(visitor.groups.contains(group), of: account, in: connection)
            } catch let failure as Failure where failure.code == .invalidState {
                // The last who looks after the server goes on to do so, until another does.
            }
        }
        var organizations: [Int64: (name: String, isMember: Bool)] = [:]
        var teams: [Int64: [String: Bool]] = [:]
        for rule in settings.rules {
            guard let organization = try key(ofOrganization: rule.organization) else { continue }
            let isMember = visitor.groups.contains(rule.group)
            organizations[organization, default: (rule.organization, false)].isMember =
                organizations[organization]?.isMember == true || isMember
            if let team = rule.team?.lowercased() {
                teams[organization, default: [:]][team] = teams[organization]?[team] == true || isMember
            }
        }
        for (organization, wish) in organizations.sorted(by: { $0.key < $1.key }) {
            try setMember(of: organization, wish.name, account, wish.isMember, caller)
            for (team, isMember) in (teams[organization] ?? [:]).sorted(by: { $0.key < $1.key }) {
                try setTeam(team, of: organization, account, isMember)
            }
        }
    }

    private func key(ofOrganization name: String) throws -> Int64? {
        try connection.first(
            """
            SELECT account_id FROM accounts
            WHERE login_key = \(name.lowercased()) AND kind = \(AccountKind.organization.rawValue)
            """
        ) { $0.int(0) }
    }

    /// Admins of an organization are made here, and stay.
    private func setMember(
        of organization: Int64,
        _ name: String,
        _ account: AccountID,
        _ isMember: Bool,
        _ caller: Caller
    ) throws {
        let changed =
            isMember
            ? try connection.execute(
                """
                INSERT INTO organization_members (organization_id, account_id, role, joined_ms)
                VALUES (\(organization), \(account.key), \(OrganizationRole.member.rawValue), \(connection.nowMs))
                ON CONFLICT (organization_id, account_id) DO NOTHING
                """
            )
            : try connection.execute(
                """
                DELETE FROM organization_members
                WHERE organization_id = \(organization) AND account_id = \(account.key)
                    AND role = \(OrganizationRole.member.rawValue)
                """
            )
        guard changed > 0 else { return }
        if !isMember {
            // Who comes back one day begins anew.
            try connection.execute(
                """
                DELETE FROM team_members
                WHERE account_id = \(account.key)
                    AND team_id IN (SELECT team_id FROM teams WHERE organization_id = \(organization))
                """
            )
        }
        try EventLog.append(
            isMember ? .groupJoined : .groupLeft,
            to: "account/\(account.key)",
            details: JSON.object([JSON.Member(key: "organization", value: .string(name))]).text,
            by: caller,
            in: connection
        )
    }

    private func setTeam(
        _ name: String,
        of organization: Int64,
        _ account: AccountID,
        _ isMember: Bool
    ) throws {
        let team = try connection.first(
            "SELECT team_id FROM teams WHERE organization_id = \(organization) AND name_key = \(name)"
        ) { $0.int(0) }
        guard let team else { return }
        if isMember {
            try connection.execute(
                """
                INSERT INTO team_members (team_id, account_id) VALUES (\(team), \(account.key))
                ON CONFLICT (team_id, account_id) DO NOTHING
                """
            )
        } else {
            try connection.execute(
                "DELETE FROM team_members WHERE team_id = \(team) AND account_id = \(account.key)"
            )
        }
    }
}
