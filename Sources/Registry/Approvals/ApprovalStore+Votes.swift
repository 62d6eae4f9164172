import Core
import Database
import Events

extension ApprovalStore {
    /// Approves a request; the last approval that it needs carries it out, in the same transaction.
    ///
    /// So nothing lies between what was approved and what is done, and nobody has to come back for it.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - comment: Why.
    /// - Returns: The request after it.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is not open or that the caller has approved,
    ///   `.permissionDenied` for who may not, or who asked for it.
    package func approve(_ id: Int64, comment: String? = nil) async throws -> ApprovalRequest {
        try await database.write { connection in
            let (request, key) = try openRequest(id, in: connection)
            let name = ModelName(stored: request.name)
            try check(.approve, of: name, in: connection)
            let rows = ApprovalRows(connection: connection)
            guard let demand = try rows.demand(request.deed, of: key) else {
                throw Failure(.invalidState, "Approval request \(id) needs no approval any more.")
            }
            guard try registry.rights.counts(caller.name, connection.nowMs, caller.workspace, connection)
            else {
                throw Failure(
                    .permissionDenied,
                    "An approval of \(caller.name), who may not write here, counts for nothing."
                )
            }
            guard demand.allowsOwn || !request.requestedBy.isLogin(caller.name) else {
                throw Failure(
                    .permissionDenied,
                    "Approval request \(id) is your own: the rule wants somebody else to approve it."
                )
            }
            let earlier = request.votes.first { $0.counts && $0.actor.isLogin(caller.name) }
            guard earlier == nil else {
                throw Failure(.invalidState, "You have approved request \(id) already.")
            }
            try vote(true, on: request, comment, in: connection)
            if try rows.approvals(of: id, demand, by: registry.rights) >= demand.approvals {
                try registry.carryOut(
                    request.deed,
                    of: name,
                    key,
                    for: caller,
                    request: id,
                    request.comment,
                    in: connection
                )
            }
            return try get(id, in: connection)
        }
    }

    /// Refuses a request, which closes it; asked for again, it is a new one.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - comment: Why.
    /// - Returns: The request after it.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is not open, `.permissionDenied`.
    package func refuse(_ id: Int64, comment: String? = nil) async throws -> ApprovalRequest {
        try await database.write { connection in
            let request = try openRequest(id, in: connection).request
            try check(.approve, of: ModelName(stored: request.name), in: connection)
            try vote(false, on: request, comment, in: connection)
            try close(id, as: .refused, in: connection)
            return try get(id, in: connection)
        }
    }

    /// Takes a request back; only who asked for it may.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - comment: Why.
    /// - Returns: The request after it.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is not open, `.permissionDenied` for somebody else's.
    package func withdraw(_ id: Int64, comment: String? = nil) async throws -> ApprovalRequest {
        try await database.write { connection in
            let request = try openRequest(id, in: connection).request
            guard request.requestedBy == caller.name else {
                throw Failure(
                    .permissionDenied,
                    "Approval request \(id) is of \(request.requestedBy), who alone may withdraw it."
                )
            }
            try RegistryLog(caller: caller, connection: connection).append(
                .approvalWithdrawn,
                to: .request(request.name, id),
                ["request": .integer(id)],
                comment: comment
            )
            try close(id, as: .withdrawn, in: connection)
            return try get(id, in: connection)
        }
    }

    /// The request with the key of its model, whose row is locked before the request is read.
    ///
    /// Only the row of the model, and first, as by every deed: two that lock in another order would wait for each other.
    private func openRequest(
        _ id: Int64,
        in connection: any Connection
    ) throws -> (request: ApprovalRequest, modelKey: Int64) {
        let model = try connection.first(
            """
            SELECT model_key FROM approval_requests
            WHERE workspace_id = \(caller.workspace.key) AND request_id = \(id)
            """
        ) { $0.int(0) }
        let key = try connection.first(
            "SELECT model_key FROM registered_models WHERE model_key = \(model) \(.forUpdate)"
        ) { $0.int(0) }
        let request = try get(id, in: connection)
        guard let key, request.state == .open else {
            throw Failure(.invalidState, "Approval request \(id) is not open: it is \(request.state.words).")
        }
        return (request, key)
    }

    private func vote(
        _ approves: Bool,
        on request: ApprovalRequest,
        _ comment: String?,
        in connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO approval_votes (request_id, actor, approves, comment, at_ms)
            VALUES (\(request.id), \(caller.name), \(approves), \(comment), \(connection.nowMs))
            ON CONFLICT (request_id, actor)
            DO UPDATE SET approves = excluded.approves, comment = excluded.comment, at_ms = excluded.at_ms
            """
        )
        try RegistryLog(caller: caller, connection: connection).append(
            approves ? .approvalGiven : .approvalRefused,
            to: .request(request.name, request.id),
            ["request": .integer(request.id)],
            comment: comment
        )
    }

    private func close(_ id: Int64, as state: ApprovalRequest.State, in connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE approval_requests SET state = \(state.rawValue), closed_ms = \(connection.nowMs)
            WHERE request_id = \(id)
            """
        )
    }
}

extension ApprovalRequest.State {
    fileprivate var words: String { self == .carriedOut ? "carried out" : rawValue }
}
