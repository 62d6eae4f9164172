import Core

/// Who may do what: the whole table, and the only place that decides it.
///
///     in a repository             public      private     what decides
///     -------------------------   ---------   ---------   -----------------------------
///     anybody                     read        -           visibility
///     member of the organization  read        read        organization_members
///     collaborator                as given    as given    collaborators.role
///     member of a team            as given    as given    teams.role
///     owner; organization admin   admin       admin       repositories.owner_id
///     server admin                admin       admin       accounts.is_server_admin
///
///     in the default workspace                            what decides
///     -------------------------   ---------   ---------   -----------------------------
///     anybody                     -                       no account, no rights
///     whoever has an account      write                   accounts
///     server admin                admin                   accounts.is_server_admin
///
///     with one experiment or registered model                 what decides
///     --------------------------------------------------      -----------------------------
///     whoever was given a permission for it, if higher        object_permissions.permission
///
/// The highest row counts. The last table adds to the others, and takes nothing away; it counts for MLflow's calls alone,
/// whose rows say which things they touch. Then what was asked with takes away: a token has a role that it does not
/// exceed and may be bound to one repository; an archived repository is only read, and changed by its admins alone.
/// Suspended accounts are nobody.
package enum Rules {
    /// What is known of somebody in a repository.
    package struct Standing: Sendable, Hashable {
        package var hasAccount = false
        package var isServerAdmin = false
        package var isOwner = false
        package var isOrganizationAdmin = false
        package var isOrganizationMember = false
        /// Of the collaborator.
        package var givenRole: Role?
        /// The highest of the teams.
        package var teamRole: Role?

        package init() {}
    }

    /// The role of somebody in a repository; nil where it does not exist for them.
    package static func role(of standing: Standing, inPublic isPublic: Bool) -> Role? {
        [
            isPublic ? .read : nil,
            standing.isOrganizationMember ? .read : nil,
            standing.givenRole,
            standing.teamRole,
            standing.isOwner || standing.isOrganizationAdmin ? .admin : nil,
            standing.isServerAdmin ? .admin : nil,
        ].compactMap { $0 }.max()
    }

    /// The role of somebody in the workspace of addresses that name no repository.
    package static func roleInDefault(of standing: Standing) -> Role? {
        if standing.isServerAdmin { return .admin }
        return standing.hasAccount ? .write : nil
    }

    /// The same, with what they ask with.
    static func roleInDefault(of identity: Identity) -> Role? {
        guard identity.workspace == nil || identity.workspace == .standard else { return nil }
        var standing = Standing()
        standing.hasAccount = identity.account != nil
        standing.isServerAdmin = identity.isServerAdmin
        return roleInDefault(of: standing).map { min($0, identity.ceiling) }
    }
}
