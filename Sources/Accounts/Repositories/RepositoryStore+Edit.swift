package import Core
import Database
import Events

/// What is to change in a repository; what is nil stays.
package struct RepositoryChange: Sendable {
    let name: RepositoryName?
    let description: String?
    let website: Website?
    let visibility: Visibility?
    let isArchived: Bool?

    /// - Throws: `Failure.invalid` for a name or a website that is none, or a text that is too long.
    package init(
        name: String? = nil,
        description: String? = nil,
        website: String? = nil,
        visibility: Visibility? = nil,
        isArchived: Bool? = nil
    ) throws(Failure) {
        if let name { self.name = try RepositoryName(name) } else { self.name = nil }
        if let website { self.website = try Website(website) } else { self.website = nil }
        if let description {
            self.description = try Words.checked(
                description,
                "description",
                limit: NewRepository.descriptionLimit
            )
        } else {
            self.description = nil
        }
        self.visibility = visibility
        self.isArchived = isArchived
    }

    /// What it makes other than it is, by name and new value.
    ///
    /// - Parameters:
    ///   - place: The repository as it is.
    ///   - description: What is said of it now.
    ///   - website: Its website now.
    /// - Returns: What the log tells; empty where nothing changes.
    fileprivate func members(
        otherThanOf place: RepositoryPlace,
        _ description: String,
        _ website: String
    ) -> [JSON.Member] {
        let oldVisibility: Visibility = place.isPublic ? .public : .private
        let values: [(key: String, old: JSON, new: JSON?)] = [
            ("name", .string(place.name), name.map { JSON.string($0.text) }),
            ("description", .string(description), self.description.map(JSON.string)),
            ("website", .string(website), self.website.map { JSON.string($0.text) }),
            ("visibility", .string(oldVisibility.rawValue), visibility.map { JSON.string($0.rawValue) }),
            ("archived", .boolean(place.isArchived), isArchived.map(JSON.boolean)),
        ]
        return values.compactMap { value in
            guard let new = value.new, new != value.old else { return nil }
            return JSON.Member(key: value.key, value: new)
        }
    }
}

extension RepositoryStore {
    /// Changes what is said of a repository, its name, and who may see it.
    ///
    /// A new name leaves the old address to lead to the new one, until somebody makes something else there.
    ///
    /// - Parameters:
    ///   - workspace: The repository.
    ///   - change: What is to change.
    /// - Throws: `Refusal` where somebody may not; `Failure.alreadyExists` for a name that the owner has given already.
    package func edit(_ workspace: WorkspaceID, _ change: RepositoryChange) async throws {
        try await namingOnce(change.name?.text ?? "") { connection in
            let place = try self.place(workspace, needing: .admin, in: connection)
            if change.visibility == .public, !place.isPublic {
                try refuseToPublish(workspace, in: connection)
            }
            if let name = change.name, name.text != place.name {
                let owner = Owner(id: place.ownerID, login: place.owner)
                try move(place, to: owner, name, in: connection)
                try note(
                    .repositoryRenamed,
                    place,
                    ["to": .string("\(place.owner)/\(name.text)")],
                    connection
                )
            }
            let said = try connection.first(
                "SELECT description, website FROM repositories WHERE workspace_id = \(workspace.key)"
            ) { ($0.text(0), $0.text(1)) }
            let changed = change.members(otherThanOf: place, said?.0 ?? "", said?.1 ?? "")
            try connection.execute(
                """
                UPDATE repositories
                SET description = COALESCE(\(change.description), description),
                    website = COALESCE(\(change.website?.text), website),
                    visibility = COALESCE(\(change.visibility?.rawValue), visibility),
                    is_archived = \(change.isArchived ?? place.isArchived), updated_ms = \(connection.nowMs)
                WHERE workspace_id = \(workspace.key)
                """
            )
            if !changed.isEmpty { try note(.repositoryEdited, place, .object(changed), connection) }
        }
    }

    /// Security: a copy of what is private, or a copy of a copy, is not made public by who may only read the original.
    ///
    /// An original that is deleted can be taken back, and is as private as before.
    private func refuseToPublish(_ workspace: WorkspaceID, in connection: any Connection) throws {
        let sources = try connection.rows(
            """
            WITH RECURSIVE sources (workspace_id) AS (
                SELECT r.forked_from FROM repositories r
                WHERE r.workspace_id = \(workspace.key) AND r.forked_from IS NOT NULL
                UNION
                SELECT r.forked_from FROM repositories r
                JOIN sources s ON s.workspace_id = r.workspace_id
                WHERE r.forked_from IS NOT NULL
            )
            SELECT r.workspace_id
            FROM repositories r
            JOIN sources s ON s.workspace_id = r.workspace_id
            WHERE r.visibility = \(Visibility.private.rawValue)
            """
        ) { WorkspaceID(key: $0.int(0)) }
        let reader = PlaceReader(connection)
        for source in sources {
            let role = try reader.find(source, for: identity, evenDeleted: true)?.role(of: identity)
            guard role == .admin else {
                throw Refusal.mayNot(
                    "It comes from a private repository: only who administers that one may publish it."
                )
            }
        }
    }

    /// Gives a repository to another owner; who was given a right in it keeps it.
    ///
    /// - Parameters:
    ///   - workspace: The repository.
    ///   - owner: An organization whose admin asks, or the person who asks; anybody, where the server's admin asks.
    /// - Throws: `Refusal` or `Failure.permissionDenied` where somebody may not; `Failure.alreadyExists` where the new
    ///   owner has one of that name.
    package func transfer(_ workspace: WorkspaceID, to owner: AccountName) async throws {
        try await namingOnce("") { connection in
            let place = try placeOfOwner(workspace, in: connection)
            let account = try identity.ownAccount()
            let new = try self.owner(owner, in: connection)
            guard new.id != place.ownerID else {
                throw Failure.invalid("'\(place.fullName)' is of '\(new.login)' already.")
            }
            try move(place, to: new, RepositoryName(place.name), in: connection)
            // What the teams of the old owner were given does not follow.
            try connection.execute("DELETE FROM team_repositories WHERE workspace_id = \(workspace.key)")
            try connection.execute(
                "DELETE FROM collaborators WHERE workspace_id = \(workspace.key) AND account_id = \(new.id.key)"
            )
            try note(
                .repositoryTransferred,
                place,
                ["to": .string("\(new.login)/\(place.name)"), "by": .integer(account.key)],
                connection
            )
        }
    }

    /// Gives a repository another address; the old one leads to it from now on.
    private func move(
        _ place: RepositoryPlace,
        to owner: Owner,
        _ name: RepositoryName,
        in connection: any Connection
    ) throws {
        let (oldOwner, oldName) = (place.owner.lowercased(), place.name.lowercased())
        if let other = try holder(of: name, ownedBy: owner, in: connection),
            other.workspace != place.workspace
        {
            throw other.deletion.map(kept) ?? Self.taken("\(owner.login)/\(name.text)")
        }
        try connection.execute(
            """
            UPDATE repositories
            SET owner_id = \(owner.id.key), name = \(name.text), name_key = \(name.key), updated_ms = \(connection.nowMs)
            WHERE workspace_id = \(place.workspace.key)
            """
        )
        try connection.execute(
            """
            DELETE FROM former_addresses
            WHERE owner_key = \(owner.login.lowercased()) AND name_key = \(name.key)
            """
        )
        guard oldOwner != owner.login.lowercased() || oldName != name.key else { return }
        try connection.execute(
            """
            INSERT INTO former_addresses (owner_key, name_key, workspace_id)
            VALUES (\(oldOwner), \(oldName), \(place.workspace.key))
            ON CONFLICT (owner_key, name_key) DO UPDATE SET workspace_id = excluded.workspace_id
            """
        )
    }

    /// Runs a transaction that gives a name, which another may give at the same moment.
    private func namingOnce(
        _ name: String,
        _ body: @escaping @Sendable (any Connection) throws -> Void
    ) async throws {
        do {
            try await database.write(body)
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            throw Self.taken(name)
        }
    }

    private static func taken(_ name: String) -> Failure {
        .alreadyExists("There is a repository '\(name)' already.")
    }

    /// Writes what happened to a repository into its own log.
    func note(
        _ kind: Event.Kind,
        _ place: RepositoryPlace,
        _ details: JSON = [:],
        _ connection: any Connection
    ) throws {
        try EventLog.append(
            kind,
            to: "repository",
            details: details.text,
            by: identity.caller(in: place.workspace),
            in: connection
        )
    }
}
