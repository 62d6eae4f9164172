import Accounts
import Core
import Database
import Events
import TestSupport

/// Runs a test on accounts of their own; workspaces are noted in a table in place of what other rooms make for them.
func withAccounts<T>(
    on backend: Backend,
    clock: TestClock = TestClock(),
    _ body: (Cast) async throws -> T
) async throws -> T {
    try await withDatabase(
        on: backend,
        migrations: EventMigrations.all + AccountMigrations.all,
        clock: clock.clock
    ) { database in
        try await body(Cast(accounts: Accounts(database: database) { _, _ in }, database: database))
    }
}

/// Accounts with people in them, made as a test needs them.
struct Cast {
    let accounts: Accounts
    let database: any Database

    func person(_ login: String, isServerAdmin: Bool = false) async throws -> Identity {
        let id = try await account(login, .user, isServerAdmin: isServerAdmin)
        return Identity(account: id, login: login, isServerAdmin: isServerAdmin, means: .password)
    }

    @discardableResult
    func organization(
        _ login: String,
        _ members: KeyValuePairs<AccountID, OrganizationRole> = [:]
    ) async throws -> AccountID {
        let id = try await account(login, .organization, isServerAdmin: false)
        let rows = members.map { ($0.key.key, $0.value.rawValue) }
        try await database.write { connection in
            for (member, role) in rows {
                try connection.execute(
                    """
                    INSERT INTO organization_members (organization_id, account_id, role, joined_ms)
                    VALUES (\(id.key), \(member), \(role), 0)
                    """
                )
            }
        }
        return id
    }

    func give(_ role: Role, to account: AccountID, in place: RepositoryPlace) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                INSERT INTO collaborators (workspace_id, account_id, role, added_ms)
                VALUES (\(place.workspace.key), \(account.key), \(role.rawValue), 0)
                """
            )
        }
    }

    func team(
        of organization: AccountID,
        _ role: Role,
        member: AccountID,
        in place: RepositoryPlace
    ) async throws {
        try await database.write { connection in
            let team = try connection.first(
                """
                INSERT INTO teams (organization_id, name, name_key, description, role, reaches_all, created_ms)
                VALUES (\(organization.key), 'vision', 'vision', '', \(role.rawValue), \(false), 0)
                RETURNING team_id
                """
            ) { $0.int(0) }
            try connection.execute(
                "INSERT INTO team_members (team_id, account_id) VALUES (\(team), \(member.key))"
            )
            try connection.execute(
                "INSERT INTO team_repositories (team_id, workspace_id) VALUES (\(team), \(place.workspace.key))"
            )
        }
    }

    func repository(
        _ name: String,
        of owner: String? = nil,
        by identity: Identity,
        _ visibility: Visibility = .private
    ) async throws -> RepositoryPlace {
        try await accounts.repositories(for: identity).create(
            NewRepository(name: RepositoryName(name), visibility: visibility),
            ownedBy: owner.map { try AccountName($0) }
        )
    }

    /// What somebody is told who asks for a right in a repository: their role, or how they are refused.
    func answer(_ identity: Identity, _ place: RepositoryPlace, _ right: Right = .read) async throws -> String
    {
        do {
            let target = Target.repository(owner: place.owner, name: place.name)
            let access = try await accounts.admission.admit(identity, to: target, needing: right)
            return access.role?.rawValue ?? "none"
        } catch Refusal.signIn {
            return "401"
        } catch Refusal.nothingHere {
            return "404"
        } catch Refusal.mayNot {
            return "403"
        }
    }

    private func account(_ login: String, _ kind: AccountKind, isServerAdmin: Bool) async throws -> AccountID
    {
        let key = try await database.write { connection in
            try connection.first(
                """
                INSERT INTO accounts (kind, login, login_key, full_name, email, description, website, location,
                    is_server_admin, state, credentials_changed_ms, created_ms, updated_ms)
                VALUES (\(kind.rawValue), \(login), \(login.lowercased()), '', '', '', '', '', \(isServerAdmin), 'active',
                    0, 0, 0)
                RETURNING account_id
                """
            ) { $0.int(0) }
        }
        return AccountID(key: key ?? 0)
    }
}

extension Identity {
    /// The account of somebody who has one.
    var id: AccountID { account ?? AccountID(key: 0) }

    /// The same person with a token that may do less.
    func withToken(_ ceiling: Role, for workspace: WorkspaceID? = nil) -> Identity {
        Identity(
            account: account,
            login: login,
            isServerAdmin: isServerAdmin,
            means: .token,
            ceiling: ceiling,
            reachesAccount: false,
            workspace: workspace
        )
    }
}

/// Runs a test on accounts of their own, with the means to come in and a clock that it moves.
func withDoor<T>(on backend: Backend, _ body: (Door) async throws -> T) async throws -> T {
    let clock = TestClock()
    return try await withDatabase(
        on: backend,
        migrations: EventMigrations.all + AccountMigrations.all,
        clock: clock.clock
    ) { database in
        let accounts = Accounts(database: database) { _, _ in }
        let authentication = Authentication(accounts, cost: .small)
        return try await body(
            Door(accounts: accounts, database: database, authentication: authentication, clock: clock)
        )
    }
}

/// Where people come in.
struct Door {
    let accounts: Accounts
    let database: any Database
    let authentication: Authentication
    let clock: TestClock

    var server: Caller { Caller(name: "root", workspace: .server) }
    var people: PersonStore { accounts.people(for: server) }
    var signIn: SignIn { SignIn(authentication) }

    func person(_ login: String, password: String? = nil) async throws -> Person {
        if try await people.find("keeper") == nil {
            _ = try await people.create(NewPerson(login: AccountName("keeper"), isServerAdmin: true))
        }
        let new = try NewPerson(login: AccountName(login))
        guard let password else { return try await people.create(new) }
        return try await signIn.passwords(for: server).create(new, NewPassword(password, for: login))
    }

    func identify(_ credentials: Credentials) async throws -> Identity {
        try await authentication.identify(credentials)
    }

    func password(_ login: String, _ password: String, from address: String = "192.0.2.9") -> Credentials {
        .password(PasswordAttempt(login: login, password: password, address: address))
    }

    /// Whether credentials show nobody.
    func refuses(_ credentials: Credentials) async -> Bool {
        do {
            _ = try await identify(credentials)
            return false
        } catch {
            return error as? Refusal == .signIn
        }
    }

    func session(_ login: String, _ password: String) async throws -> String {
        let attempt = PasswordAttempt(login: login, password: password, address: "192.0.2.9")
        guard let secret = try await signIn.begin(attempt, client: "Firefox") else { throw Refusal.signIn }
        return secret.text
    }

    func events() async throws -> [Event] {
        try await database.read { connection in
            try EventLog.read(for: server, after: 0, limit: 1_000, in: connection)
        }
    }
}
