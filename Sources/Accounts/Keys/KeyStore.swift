package import Core
import Database
import Events

extension Accounts {
    /// The keys of SSH by which accounts and repositories are reached.
    package func keys(for identity: Identity) -> KeyStore {
        KeyStore(repositories: repositories(for: identity))
    }
}

/// A key that was taken.
package struct StoredKey: Sendable, Hashable {
    package let id: Int64
    package let title: String
    package let text: String
    package let fingerprint: String
    /// Whether a repository is only read with it; keys of accounts do what the account may.
    package let isReadOnly: Bool
    package let createdMs: Int64
    package let lastUsedMs: Int64?

    static let columns: SQL = "key_id, title, public_key, fingerprint, is_read_only, created_ms, last_used_ms"

    init(_ row: borrowing Row) {
        id = row.int(0)
        title = row.text(1)
        text = row.text(2)
        fingerprint = row.text(3)
        isReadOnly = row.bool(4)
        createdMs = row.int(5)
        lastUsedMs = row.optionalInt(6)
    }
}

/// Keys of accounts, which are for all that the account may, and keys of repositories, which are for that one alone.
package struct KeyStore: Sendable {
    package static let titleLimit = 100

    let repositories: RepositoryStore

    private var database: any Database { repositories.database }
    private var identity: Identity { repositories.identity }

    /// Whose a key is.
    private enum Holder {
        case account(AccountID)
        case repository(RepositoryPlace)

        var condition: SQL {
            switch self {
            case .account(let account): "account_id = \(account.key)"
            case .repository(let place): "workspace_id = \(place.workspace.key)"
            }
        }
    }

    // MARK: Keys of accounts

    /// The keys of an account; public keys are no secret among those who have an account.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - page: Which part of the list.
    /// - Returns: In the order in which they came.
    /// - Throws: `DatabaseError` where the database fails.
    package func list(of account: AccountID, _ page: PageRequest) async throws -> ListPage<StoredKey> {
        try await database.read { connection in try list(.account(account), page, in: connection) }
    }

    /// - Parameter id: One of the keys of who asks.
    /// - Returns: The key.
    /// - Throws: `Failure.missing` where they have no such.
    package func get(_ id: Int64) async throws -> StoredKey {
        guard let account = identity.account else {
            throw Failure(.unauthenticated, "Sign in: this needs an account.")
        }
        return try await database.read { connection in try get(id, .account(account), in: connection) }
    }

    /// - Parameters:
    ///   - key: A key that nobody has.
    ///   - title: How its owner calls it; the comment of the key where that is empty.
    /// - Returns: The key of who asks.
    /// - Throws: `Failure.alreadyExists` for a key that was taken; `Failure.permissionDenied` for a token that does not
    ///   reach the account.
    package func add(_ key: SSHPublicKey, title: String) async throws -> StoredKey {
        let account = try identity.ownAccount()
        return try await database.write { connection in
            try add(key, title, .account(account), isReadOnly: false, in: connection)
        }
    }

    /// - Parameter id: One of the keys of who asks.
    /// - Throws: `Failure.missing` where they have no such.
    package func delete(_ id: Int64) async throws {
        let account = try identity.ownAccount()
        try await database.write { connection in try delete(id, .account(account), in: connection) }
    }

    // MARK: Keys of repositories

    /// - Parameters:
    ///   - workspace: A repository that who asks administers.
    ///   - page: Which part of the list.
    /// - Returns: Its keys in the order in which they came.
    /// - Throws: `Refusal` where somebody may not see them.
    package func list(of workspace: WorkspaceID, _ page: PageRequest) async throws -> ListPage<StoredKey> {
        try await database.read { connection in
            let place = try repositories.place(workspace, needing: .admin, in: connection)
            return try list(.repository(place), page, in: connection)
        }
    }

    /// - Parameters:
    ///   - id: One of the keys of the repository.
    ///   - workspace: A repository that who asks administers.
    /// - Returns: The key.
    /// - Throws: `Refusal` where somebody may not see it; `Failure.missing` where the repository has no such.
    package func get(_ id: Int64, of workspace: WorkspaceID) async throws -> StoredKey {
        try await database.read { connection in
            let place = try repositories.place(workspace, needing: .admin, in: connection)
            return try get(id, .repository(place), in: connection)
        }
    }

    /// - Parameters:
    ///   - key: A key that nobody has.
    ///   - title: How it is called; the comment of the key where that is empty.
    ///   - isReadOnly: Whether the repository is only read with it.
    ///   - workspace: A repository that who asks administers.
    /// - Returns: The key.
    /// - Throws: `Refusal` where somebody may not; `Failure.alreadyExists` for a key that was taken.
    package func add(
        _ key: SSHPublicKey,
        title: String,
        isReadOnly: Bool,
        to workspace: WorkspaceID
    ) async throws -> StoredKey {
        try await database.write { connection in
            let place = try repositories.place(workspace, needing: .admin, in: connection)
            return try add(key, title, .repository(place), isReadOnly: isReadOnly, in: connection)
        }
    }

    /// - Parameters:
    ///   - id: One of the keys of the repository.
    ///   - workspace: A repository that who asks administers.
    /// - Throws: `Refusal` where somebody may not; `Failure.missing` where the repository has no such.
    package func delete(_ id: Int64, of workspace: WorkspaceID) async throws {
        try await database.write { connection in
            let place = try repositories.place(workspace, needing: .admin, in: connection)
            try delete(id, .repository(place), in: connection)
        }
    }

    // MARK: Both

    private func list(
        _ holder: Holder,
        _ page: PageRequest,
        in connection: any Connection
    ) throws -> ListPage<StoredKey> {
        let keys = try connection.rows(
            """
            SELECT \(StoredKey.columns)
            FROM ssh_keys
            WHERE \(holder.condition)
            ORDER BY key_id
            LIMIT \(page.limit) OFFSET \(page.offset)
            """
        ) { StoredKey($0) }
        let total = try connection.first("SELECT COUNT(*) FROM ssh_keys WHERE \(holder.condition)") {
            Int($0.int(0))
        }
        return ListPage(keys, total: total ?? 0)
    }

    /// Security: a key is looked for with its holder, so that the number of another's finds none.
    private func get(_ id: Int64, _ holder: Holder, in connection: any Connection) throws -> StoredKey {
        let key = try connection.first(
            "SELECT \(StoredKey.columns) FROM ssh_keys WHERE key_id = \(id) AND \(holder.condition)"
        ) { StoredKey($0) }
        guard let key else { throw Failure.missing("No key \(id) is here.") }
        return key
    }

    private func add(
        _ key: SSHPublicKey,
        _ title: String,
        _ holder: Holder,
        isReadOnly: Bool,
        in connection: any Connection
    ) throws -> StoredKey {
        let title = title.isEmpty ? key.comment : title
        guard title.count <= Self.titleLimit, title.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Failure.invalid("'title' is one line of at most \(Self.titleLimit) characters.")
        }
        let (account, workspace): (Int64?, Int64?) =
            switch holder {
            case .account(let account): (account.key, nil)
            case .repository(let place): (nil, place.workspace.key)
            }
        let id = try connection.first(
            """
            INSERT INTO ssh_keys (account_id, workspace_id, title, public_key, fingerprint, is_read_only, created_ms)
            VALUES (\(account), \(workspace), \(title), \(key.text), \(key.fingerprint), \(isReadOnly),
                \(connection.nowMs))
            ON CONFLICT (fingerprint) DO NOTHING
            RETURNING key_id
            """
        ) { $0.int(0) }
        guard let id else { throw Failure.alreadyExists("This key is in use already.") }
        let stored = try get(id, holder, in: connection)
        try note(.keyAdded, holder, stored, in: connection)
        return stored
    }

    private func delete(_ id: Int64, _ holder: Holder, in connection: any Connection) throws {
        let key = try get(id, holder, in: connection)
        try connection.execute("DELETE FROM ssh_keys WHERE key_id = \(id)")
        try note(.keyRemoved, holder, key, in: connection)
    }

    private func note(
        _ kind: Event.Kind,
        _ holder: Holder,
        _ key: StoredKey,
        in connection: any Connection
    ) throws {
        let details: JSON = [
            "key": .integer(key.id), "fingerprint": .string(key.fingerprint), "title": .string(key.title),
            "read_only": .boolean(key.isReadOnly),
        ]
        switch holder {
        case .repository(let place): try repositories.note(kind, place, details, connection)
        case .account(let account):
            try EventLog.append(
                kind,
                to: "account/\(account.key)",
                details: details.text,
                by: identity.caller(in: .server),
                in: connection
            )
        }
    }
}
