import Core
import Database

extension Rules {
    /// The condition that somebody may read the row `r` of `repositories`: the table of `Rules` as it is for lists.
    ///
    /// Teams need no line of their own: their members are members of the organization.
    static func isReadable(by identity: Identity) -> SQL {
        let isInReach: SQL =
            identity.workspace.map { "r.workspace_id = \($0.key)" } ?? "r.owner_id IS NOT NULL"
        if identity.isServerAdmin || (identity.account == nil && identity.workspace != nil) {
            return isInReach
        }
        guard let me = identity.account?.key else {
            return "r.visibility = 'public' AND r.owner_id IS NOT NULL"
        }
        return """
            \(isInReach) AND (
                r.visibility = 'public'
                OR r.owner_id = \(me)
                OR EXISTS (
                    SELECT 1 FROM organization_members m WHERE m.organization_id = r.owner_id AND m.account_id = \(me)
                )
                OR EXISTS (
                    SELECT 1 FROM collaborators c WHERE c.workspace_id = r.workspace_id AND c.account_id = \(me)
                )
            )
            """
    }
}
