package import Core
package import Database

/// One line of what happened: who, when, what, to which thing; never changed afterwards.
package struct Event: Sendable, Hashable {
    /// Grows with time within a database.
    package let id: Int64
    package let atMs: Int64
    package let actor: String
    package let kind: Kind
    /// The thing it happened to, such as `run/8f0c…` or `experiment/3`.
    package let subject: String
    /// What else is to be known, as the text of a JSON object.
    package let details: String

    /// What happened; the raw value is what is stored and sent.
    package enum Kind: String, Sendable, CaseIterable {
        case accountEdited = "account.edited"
        case organizationCreated = "organization.created"
        case organizationEdited = "organization.edited"
        case organizationDeleted = "organization.deleted"
        case memberSet = "organization.member_set"
        case memberRemoved = "organization.member_removed"
        case teamCreated = "team.created"
        case teamEdited = "team.edited"
        case teamDeleted = "team.deleted"
        case teamMemberAdded = "team.member_added"
        case teamMemberRemoved = "team.member_removed"
        case teamRepositoryAdded = "team.repository_added"
        case teamRepositoryRemoved = "team.repository_removed"
        case collaboratorSet = "collaborator.set"
        case collaboratorRemoved = "collaborator.removed"
        case permissionGiven = "permission.given"
        case permissionTaken = "permission.taken"
        case objectRoleCreated = "object_role.created"
        case objectRoleEdited = "object_role.edited"
        case objectRoleDeleted = "object_role.deleted"
        case objectRoleGiven = "object_role.given"
        case objectRoleTaken = "object_role.taken"
        case keyAdded = "key.added"
        case keyRemoved = "key.removed"
        case repositoryEdited = "repository.edited"
        case repositoryRenamed = "repository.renamed"
        case repositoryTransferred = "repository.transferred"
        case repositoryDeleted = "repository.deleted"
        case repositoryRestored = "repository.restored"
        case repositoryPurged = "repository.purged"
        case experimentCreated = "experiment.created"
        case experimentRenamed = "experiment.renamed"
        case experimentDeleted = "experiment.deleted"
        case experimentRestored = "experiment.restored"
        case experimentPurged = "experiment.purged"
        case experimentImported = "experiment.imported"
        case runCreated = "run.created"
        case runUpdated = "run.updated"
        case runDeleted = "run.deleted"
        case runRestored = "run.restored"
        case runPurged = "run.purged"
        case runImported = "run.imported"
        case loggedModelCreated = "logged_model.created"
        case loggedModelFinalized = "logged_model.finalized"
        case loggedModelDeleted = "logged_model.deleted"
        case loggedModelPurged = "logged_model.purged"
        case loggedModelImported = "logged_model.imported"
        case registeredModelCreated = "registered_model.created"
        case registeredModelRenamed = "registered_model.renamed"
        case registeredModelDescribed = "registered_model.described"
        case registeredModelDeleted = "registered_model.deleted"
        case registeredModelTagSet = "registered_model.tag_set"
        case registeredModelTagDeleted = "registered_model.tag_deleted"
        case registeredModelImported = "registered_model.imported"
        case aliasSet = "registered_model.alias_set"
        case aliasRemoved = "registered_model.alias_removed"
        case aliasRolledBack = "registered_model.alias_rolled_back"
        case modelVersionCreated = "model_version.created"
        case modelVersionDescribed = "model_version.described"
        case modelVersionStageChanged = "model_version.stage_changed"
        case modelVersionDeleted = "model_version.deleted"
        case modelVersionTagSet = "model_version.tag_set"
        case modelVersionTagDeleted = "model_version.tag_deleted"
        case modelVersionImported = "model_version.imported"
        case webhookCreated = "webhook.created"
        case webhookUpdated = "webhook.updated"
        case webhookDeleted = "webhook.deleted"
        case modelVersionSigned = "model_version.signed"
        case approvalRuleSet = "registered_model.approval_rule_set"
        case approvalRuleRemoved = "registered_model.approval_rule_removed"
        case approvalRequested = "approval.requested"
        case approvalGiven = "approval.given"
        case approvalRefused = "approval.refused"
        case approvalWithdrawn = "approval.withdrawn"
        case approvalLapsed = "approval.lapsed"
        case accountCreated = "account.created"
        case accountSuspended = "account.suspended"
        case accountResumed = "account.resumed"
        case accountDeleted = "account.deleted"
        case accountLinked = "account.linked"
        case serverAdminGiven = "account.server_admin_given"
        case serverAdminTaken = "account.server_admin_taken"
        case passwordSet = "account.password_set"
        case linkCreated = "account.link_created"
        case groupJoined = "account.group_joined"
        case groupLeft = "account.group_left"
        case signedIn = "session.signed_in"
        case signInFailed = "session.sign_in_failed"
        case signedOut = "session.signed_out"
        case sessionsEnded = "session.all_ended"
        case tokenCreated = "token.created"
        case tokenRevoked = "token.revoked"
        case repositoryCreated = "repository.created"
        case gitPushed = "git.pushed"
        case gitBranchCreated = "git.branch_created"
        case gitBranchDeleted = "git.branch_deleted"
        case gitTagCreated = "git.tag_created"
        case gitTagMoved = "git.tag_moved"
        case gitTagDeleted = "git.tag_deleted"
        case gitNotesChanged = "git.notes_changed"
        case gitRuleSet = "git.rule_set"
        case gitRuleRemoved = "git.rule_removed"
        case lfsLocked = "lfs.locked"
        case lfsUnlocked = "lfs.unlocked"
        case gitImported = "git.imported"
        case mirrorSet = "mirror.set"
        case mirrorRemoved = "mirror.removed"
        case mirrorSynced = "mirror.synced"
        case mirrorFailed = "mirror.failed"
        case releaseDrafted = "release.drafted"
        case releasePublished = "release.published"
        case releaseUpdated = "release.updated"
        case releaseDeleted = "release.deleted"
        case releaseAssetAdded = "release.asset_added"
        case releaseAssetRemoved = "release.asset_removed"
    }
}

/// The append-only log of a workspace.
package enum EventLog {
    /// Writes an event into the transaction that does the thing.
    ///
    /// - Parameters:
    ///   - kind: What happened.
    ///   - subject: To which thing.
    ///   - details: What else is to be known, as the text of a JSON object.
    ///   - earliestMs: The time that it has at the least: that of the event before, where time is to run forward.
    ///   - caller: Who did it, and in which workspace.
    ///   - connection: The transaction.
    /// - Throws: `DatabaseError` where the database fails.
    package static func append(
        _ kind: Event.Kind,
        to subject: String,
        details: String = "{}",
        earliestMs: Int64 = 0,
        by caller: Caller,
        in connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO events (workspace_id, at_ms, actor, kind, subject, details, is_audited)
            VALUES (\(caller.workspace.key), \(max(connection.nowMs, earliestMs)), \(caller.name), \(kind.rawValue),
                \(subject), \(details), \(kind.isAudited))
            """
        )
    }

    /// The events of a workspace in the order in which they happened.
    ///
    /// - Parameters:
    ///   - caller: Whose workspace is read.
    ///   - after: The id behind which to begin; 0 for the first.
    ///   - subject: Only the events of this thing; nil for all.
    ///   - limit: How many at the most.
    ///   - connection: The transaction to read in.
    /// - Returns: At most `limit` events.
    /// - Throws: `DatabaseError` where the database fails.
    package static func read(
        for caller: Caller,
        after: Int64,
        subject: String? = nil,
        limit: Int,
        in connection: any Connection
    ) throws -> [Event] {
        let ofSubject: SQL = subject.map { "AND subject = \($0)" } ?? ""
        return try connection.rows(
            """
            SELECT event_id, at_ms, actor, kind, subject, details
            FROM events
            WHERE workspace_id = \(caller.workspace.key) AND event_id > \(after) \(ofSubject)
            ORDER BY event_id
            LIMIT \(limit)
            """,
            event
        )
    }

    /// An event from its columns, in the order of their names above.
    static func event(_ row: borrowing Row) throws -> Event {
        guard let kind = Event.Kind(rawValue: row.text(3)) else {
            throw Failure(.internalError, "The event log holds the unknown kind '\(row.text(3))'.")
        }
        return Event(
            id: row.int(0),
            atMs: row.int(1),
            actor: row.text(2),
            kind: kind,
            subject: row.text(4),
            details: row.text(5)
        )
    }
}
