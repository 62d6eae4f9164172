package import Core
import Database

/// The one check of rights, for every surface.
package struct Admission: Sendable {
    let database: any Database

    /// Lets somebody in or says why not.
    ///
    /// - Parameters:
    ///   - identity: Who asks.
    ///   - target: What the address names.
    ///   - right: What they need there.
    ///   - isOfObjects: Whether what they ask for says which experiments and models it touches, so that permissions for
    ///     these are enough where the role is not. The caller of the answer is then held to them.
    /// - Returns: Where they are and what they may do.
    /// - Throws: `Refusal`, which hides what may not be seen; `Moved` for a former address of what may be seen.
    package func admit(
        _ identity: Identity,
        to target: Target,
        needing right: Right,
        isOfObjects: Bool = false
    ) async throws -> Access {
        switch target {
        case .server: return try admitToServer(identity, right)
        case .standard: return try await admitToStandard(identity, right, isOfObjects)
        case .repository(let owner, let name):
            return try await admit(identity, toRepository: name, of: owner, right, isOfObjects)
        case .workspace(let name):
            guard let (owner, repository) = name.address(for: identity) else {
                return try await admitToStandard(identity, right, isOfObjects)
            }
            return try await admit(
                identity,
                toRepository: repository,
                of: owner,
                right,
                isOfObjects,
                called: name.text
            )
        case .organization(let name): return try await admit(identity, toOrganization: name, right)
        }
    }

    private func admitToServer(_ identity: Identity, _ right: Right) throws -> Access {
        let access = Access(identity: identity, workspace: .server, role: nil)
        switch right {
        case .open: return access
        case .signedIn:
            guard identity.account != nil else { throw Refusal.signIn }
            // Security: a token for one repository is not one for the account behind it.
            guard identity.workspace == nil else { throw Refusal.outOfReach }
            return access
        case .serverAdmin:
            guard identity.isSignedIn || identity.means == .local else { throw Refusal.signIn }
            guard identity.isServerAdmin, identity.reachesAccount, identity.ceiling == .admin,
                identity.workspace == nil
            else { throw Refusal.mayNot("Only who looks after this server may do this.") }
            return access
        case .read, .write, .admin, .member, .manage:
            preconditionFailure(
                "the right \(right) needs an address that names a repository or an organization"
            )
        }
    }

    private func admitToStandard(
        _ identity: Identity,
        _ right: Right,
        _ isOfObjects: Bool
    ) async throws -> Access {
        let role = Rules.roleInDefault(of: identity)
        if right == .open { return Access(identity: identity, workspace: .standard, role: role) }
        var reach: Reach?
        if isOfObjects, isLess(role, than: right) {
            reach = try await database.glance { connection in
                try ReachReader(connection: connection).reach(of: identity, in: .standard, as: role)
            }
        }
        if reach == nil { try check(role, for: right, identity, of: "the default workspace") }
        return Access(identity: identity, workspace: .standard, role: role, reach: reach)
    }

    private func admit(
        _ identity: Identity,
        toRepository name: String,
        of owner: String,
        _ right: Right,
        _ isOfObjects: Bool,
        called workspaceName: String = WorkspaceName.standard
    ) async throws -> Access {
        // What is open to all tells nothing of the repository, not even whether it is there.
        if right == .open { return Access(identity: identity, workspace: .server, role: nil) }
        let (found, reach) = try await database.glance { connection in
            let found = try PlaceReader(connection).find(owner: owner, name: name, for: identity)
            guard isOfObjects, let found, isLess(found.role(of: identity), than: right) else {
                return (found, nil as Reach?)
            }
            let role = found.role(of: identity)
            let reader = ReachReader(connection: connection)
            return (found, try reader.reach(of: identity, in: found.place.workspace, as: role))
        }
        guard let found, found.role(of: identity) != nil || reach != nil else {
            throw identity.isSignedIn ? Refusal.absent(.repository(owner: owner, name: name)) : .signIn
        }
        // A name in a header has no address that a client could be sent on to; it leads where it always led.
        if found.isFormer, workspaceName == WorkspaceName.standard { throw Moved(to: found.place) }
        let role = found.role(of: identity)
        if reach == nil { try check(role, for: right, identity, of: "'\(found.place.fullName)'") }
        let isChange = right == .write || right == .admin && reach != nil
        guard !isChange || !found.place.isArchived else {
            throw Refusal.mayNot("The repository '\(found.place.fullName)' is archived: it is only read.")
        }
        return Access(
            identity: identity,
            workspace: found.place.workspace,
            role: role,
            workspaceName: workspaceName,
            repository: found.place,
            reach: reach
        )
    }

    /// Whether a role is not enough, while permissions for single things may be.
    private func isLess(_ role: Role?, than right: Right) -> Bool {
        switch right {
        case .read: role == nil
        case .write: role.map { $0 < .write } ?? true
        case .admin: role.map { $0 < .admin } ?? true
        case .open, .signedIn, .member, .manage, .serverAdmin: false
        }
    }

    private func admit(
        _ identity: Identity,
        toOrganization name: String,
        _ right: Right
    ) async throws -> Access {
        // Before anything is looked for, so that nobody learns which names there are.
        guard right == .open || identity.isSignedIn else { throw Refusal.signIn }
        let found = try await database.glance { connection in
            try PlaceReader(connection).findOrganization(name, for: identity)
        }
        guard let found else { throw Refusal.absent(.organization(name)) }
        let access = Access(identity: identity, workspace: .server, role: nil, organization: found.id)
        if right == .open { return access }
        guard identity.account != nil else { throw Refusal.outOfReach }
        guard identity.workspace == nil else { throw Refusal.outOfReach }
        let isAdmin = found.role == .admin || identity.isServerAdmin
        let isAllowed = right == .manage ? isAdmin : isAdmin || found.role == .member
        guard isAllowed else {
            throw Refusal.mayNot(
                right == .manage
                    ? "Only admins of the organization '\(name)' may do this."
                    : "Only members of the organization '\(name)' may see this."
            )
        }
        guard right != .manage || (identity.reachesAccount && identity.ceiling == .admin) else {
            throw Refusal.outOfReach
        }
        return access
    }

    private func check(_ role: Role?, for right: Right, _ identity: Identity, of place: String) throws {
        let needed: Role
        switch right {
        case .open: return
        case .read: needed = .read
        case .write: needed = .write
        case .admin: needed = .admin
        case .signedIn:
            guard identity.account != nil else { throw Refusal.signIn }
            guard role != nil else { throw Refusal.outOfReach }
            return
        case .member, .manage, .serverAdmin:
            preconditionFailure("the right \(right) is none in a repository")
        }
        guard let role else { throw identity.isSignedIn ? Refusal.outOfReach : .signIn }
        guard role >= needed else {
            guard identity.isSignedIn else { throw Refusal.signIn }
            throw Refusal.mayNot(
                "You may \(role.rawValue) \(place); this needs the right to \(needed == .admin ? "administer" : needed.rawValue) it."
            )
        }
    }
}

/// Why somebody is not let in.
package enum Refusal: Error, Sendable, Hashable {
    /// Nobody is known to ask; whether there is anything is not told.
    case signIn
    /// There is nothing that they may see.
    case nothingHere(String)
    /// They may see it, and not do this.
    case mayNot(String)

    /// What is told of what does not exist, or not for who asks.
    package static func absent(_ target: Target) -> Refusal {
        switch target {
        case .repository(let owner, let name): .nothingHere("No repository '\(owner)/\(name)' is here.")
        case .organization(let name): .nothingHere("No organization '\(name)' is here.")
        case .workspace(let name): .nothingHere("Workspace '\(name.text)' not found")
        case .standard, .server: .nothingHere("Nothing is here.")
        }
    }

    /// What a token does not reach.
    static let outOfReach = Refusal.mayNot(
        "The token does not reach this: make one that does in your settings."
    )
}

/// What was asked for has another address now.
package struct Moved: Error, Sendable, Hashable {
    package let place: RepositoryPlace

    init(to place: RepositoryPlace) {
        self.place = place
    }
}
