import Core
import Database
import Events

/// Lets a deed through, or says what is missing, within the transaction that would do it.
///
/// Whoever uses it holds the row of the model, so that two deeds of a model never pass it at once.
struct ApprovalGate {
    let caller: Caller
    let connection: any Connection

    enum Passage {
        /// Go on; with the request that was approved, where one was needed.
        case open(request: Int64?)
        /// What the caller is to be told, once the request that was opened is stored.
        case closed(Failure)
    }

    /// Finds or opens the request for a deed that a rule protects.
    ///
    /// - Parameters:
    ///   - deed: What is to be done.
    ///   - name: The model.
    ///   - modelKey: The key of the model.
    ///   - comment: Why; kept with a request that is opened.
    ///   - rights: Whose approvals count.
    /// - Returns: Whether it may be done now.
    /// - Throws: `DatabaseError` where the database fails.
    func pass(
        _ deed: ProtectedDeed,
        of name: ModelName,
        _ modelKey: Int64,
        comment: String?,
        by rights: ApprovalRights
    ) throws -> Passage {
        let rows = ApprovalRows(connection: connection)
        guard let demand = try rows.demand(deed, of: modelKey) else { return .open(request: nil) }
        let request =
            try find(deed, of: modelKey) ?? open(deed, of: name, modelKey, needs: demand.approvals, comment)
        let approvals = try rows.approvals(of: request, demand, by: rights)
        guard approvals < demand.approvals else { return .open(request: request) }
        let noun = demand.approvals == 1 ? "approval" : "approvals"
        return .closed(
            Failure(
                .permissionDenied,
                "\(deed.sentence(of: name.text)) needs \(demand.approvals) \(noun) and has \(approvals); "
                    + "request \(request) is open."
            )
        )
    }

    /// What a deed is about to change, read before it is done.
    enum Change {
        case nothing
        case alias(String)
        case stages([ApprovalRows.Move])
    }

    func change(by deed: ProtectedDeed, of modelKey: Int64) throws -> Change {
        let rows = ApprovalRows(connection: connection)
        guard try !rows.isIdle(deed, modelKey) else { return .nothing }
        if let alias = deed.alias { return .alias(alias) }
        return .stages(try rows.moves(of: deed, modelKey))
    }

    /// Closes the request that was carried out, and what others had asked for in a world that is no more.
    ///
    /// Approvals were given to a change from one state to another; after any change they would be approvals of something
    /// else. A call that changed nothing leaves what is open as it is.
    func settle(_ change: Change, of name: ModelName, _ modelKey: Int64, request: Int64?) throws {
        if let request {
            try connection.execute(
                """
                UPDATE approval_requests
                SET state = \(ApprovalRequest.State.carriedOut.rawValue), closed_ms = \(connection.nowMs)
                WHERE request_id = \(request)
                """
            )
        }
        switch change {
        case .nothing:
            break
        case .alias(let alias):
            try lapse("model_key = \(modelKey) AND deed <> 'move' AND target = \(alias)", of: name)
        case .stages(let moves):
            try lapse(
                "model_key = \(modelKey) AND deed = 'move' AND version \(anyOf: moves.map(\.version))",
                of: name
            )
            try lapseArchiving(Set(moves.flatMap { [$0.from, $0.to] }), of: name, modelKey)
        }
    }

    /// Closes the requests that would archive the versions of a stage, since others are in it now than when they were approved.
    func lapseArchiving(_ stages: Set<ModelStage>, of name: ModelName, _ modelKey: Int64) throws {
        for stage in stages.sorted(by: { $0.rawValue < $1.rawValue }) {
            try lapse(
                "model_key = \(modelKey) AND deed = 'move' AND archives_others AND target = \(stage.rawValue)",
                of: name
            )
        }
    }

    /// Closes the open requests that a condition finds, because nothing can come of them any more.
    func lapse(_ condition: SQL, of name: ModelName) throws {
        let lapsed = try connection.rows(
            """
            UPDATE approval_requests
            SET state = \(ApprovalRequest.State.lapsed.rawValue), closed_ms = \(connection.nowMs)
            WHERE \(condition) AND state = 'open'
            RETURNING request_id
            """
        ) { $0.int(0) }
        let log = RegistryLog(caller: caller, connection: connection)
        for request in lapsed.sorted() {
            try log.append(.approvalLapsed, to: .request(name.text, request), ["request": .integer(request)])
        }
    }

    /// Refuses to delete a version by which a protected alias or stage would lose it.
    func checkDeletion(of version: ModelVersion, _ modelKey: Int64) throws {
        let rows = ApprovalRows(connection: connection)
        let lead = "Model Version (name=\(version.name), version=\(version.version)) cannot be deleted: "
        for alias in version.aliases where try rows.demand(.removeAlias(alias), of: modelKey) != nil {
            throw Failure(
                .permissionDenied,
                lead
                    + "the alias '\(alias)', whose changes need approval, points at it. Move the alias first."
            )
        }
        let rules = try rows.rules(of: modelKey).map(\.target)
        let isProtected = rules.contains(.stage(version.stage)) || rules.contains(.everyStage)
        guard version.stage == .none || !isProtected else {
            throw Failure(
                .permissionDenied,
                lead + "it is in \(version.stage.rawValue), and leaving that needs approval. "
                    + "Move it to another stage first."
            )
        }
    }

    /// Refuses to take a name from a model with rules, because another that takes the name would have none.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - modelKey: The key of the model.
    ///   - verb: What is about to happen to the model, such as `delete`.
    /// - Throws: `Failure.permissionDenied`.
    func checkName(_ name: ModelName, _ modelKey: Int64, to verb: String) throws {
        guard try ApprovalRows(connection: connection).rules(of: modelKey).isEmpty else {
            throw Failure(
                .permissionDenied,
                "Registered Model (name=\(name)) has approval rules. Remove them before you \(verb) it."
            )
        }
    }

    private func find(_ deed: ProtectedDeed, of modelKey: Int64) throws -> Int64? {
        let columns = deed.columns
        return try connection.first(
            """
            SELECT request_id FROM approval_requests
            WHERE model_key = \(modelKey) AND state = 'open' AND deed = \(columns.kind)
                AND target = \(columns.target) AND version = \(columns.version)
                AND archives_others = \(columns.archivesOthers)
            """
        ) { $0.int(0) }
    }

    private func open(
        _ deed: ProtectedDeed,
        of name: ModelName,
        _ modelKey: Int64,
        needs approvals: Int64,
        _ comment: String?
    ) throws -> Int64 {
        let columns = deed.columns
        let request = try connection.first(
            """
            INSERT INTO approval_requests (workspace_id, model_key, deed, target, version, restores, archives_others,
                requested_by, comment, created_ms, state)
            VALUES (\(caller.workspace.key), \(modelKey), \(columns.kind), \(columns.target), \(columns.version),
                \(columns.restores), \(columns.archivesOthers), \(caller.name), \(comment), \(connection.nowMs), 'open')
            RETURNING request_id
            """
        ) { $0.int(0) }
        guard let request else { preconditionFailure("an inserted request has no id") }
        try RegistryLog(caller: caller, connection: connection).append(
            .approvalRequested,
            to: .request(name.text, request),
            [
                "request": .integer(request), "deed": .string(columns.kind),
                "alias": deed.alias.map(JSON.string), "stage": deed.stage.map { .string($0.rawValue) },
                "version": deed.version.map(JSON.integer),
                "archives_others": deed.archivesOthers ? .boolean(true) : nil, "needs": .integer(approvals),
            ],
            comment: comment
        )
        return request
    }
}
