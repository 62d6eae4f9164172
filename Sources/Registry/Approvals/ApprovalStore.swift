import Core
import Database
import Events

/// The approval rules and requests of a caller's workspace.
package struct ApprovalStore: Sendable {
    let registry: Registry
    let caller: Caller

    var database: any Database { registry.database }

    /// The rules of a model.
    ///
    /// - Parameter name: The model.
    /// - Returns: The rules, aliases first.
    /// - Throws: `Failure.missing` for the model.
    package func rules(of name: ModelName) async throws -> [ApprovalRule] {
        try await database.read { connection in
            let key = try RegistryRows(caller: caller, connection: connection).model(name)
            return try ApprovalRows(connection: connection).rules(of: key)
        }
    }

    /// Sets a rule of a model; an earlier one for the same thing is replaced.
    ///
    /// Requests that are open stay so, and are measured by the new rule from now on.
    ///
    /// - Parameters:
    ///   - rule: The rule.
    ///   - name: The model.
    ///   - comment: Why.
    /// - Throws: `Failure.missing` for the model, `.permissionDenied`.
    package func set(_ rule: ApprovalRule, of name: ModelName, comment: String? = nil) async throws {
        try await database.write { connection in
            let key = try RegistryRows(caller: caller, connection: connection).model(name, lock: true)
            try check(.setRules, of: name, in: connection)
            let old = try ApprovalRows(connection: connection).rules(of: key).first {
                $0.target == rule.target
            }
            try connection.execute(
                """
                INSERT INTO approval_rules (model_key, kind, target, approvals, allows_own)
                VALUES (\(key), \(rule.target.kind), \(rule.target.name), \(rule.approvals), \(rule.allowsOwn))
                ON CONFLICT (model_key, kind, target)
                DO UPDATE SET approvals = excluded.approvals, allows_own = excluded.allows_own
                """
            )
            try RegistryLog(caller: caller, connection: connection).append(
                .approvalRuleSet,
                to: .model(name.text),
                [
                    "alias": rule.target.kind == "alias" ? .string(rule.target.name) : nil,
                    "stage": rule.target.kind == "stage" ? .string(rule.target.name) : nil,
                    "from": old.map { .integer($0.approvals) }, "to": .integer(rule.approvals),
                    "allow_own": .boolean(rule.allowsOwn),
                ],
                comment: comment
            )
        }
    }

    /// Removes a rule of a model; requests that no other rule asks for lapse.
    ///
    /// - Parameters:
    ///   - target: What it protects.
    ///   - name: The model.
    ///   - comment: Why.
    /// - Throws: `Failure.missing` for the model or the rule, `.permissionDenied`.
    package func removeRule(
        of target: ApprovalTarget,
        of name: ModelName,
        comment: String? = nil
    ) async throws {
        try await database.write { connection in
            let key = try RegistryRows(caller: caller, connection: connection).model(name, lock: true)
            try check(.setRules, of: name, in: connection)
            let old = try connection.first(
                """
                DELETE FROM approval_rules
                WHERE model_key = \(key) AND kind = \(target.kind) AND target = \(target.name)
                RETURNING approvals
                """
            ) { $0.int(0) }
            guard let old else {
                throw Failure.missing("\(name) has no approval rule for the \(target.kind) '\(target.name)'.")
            }
            try RegistryLog(caller: caller, connection: connection).append(
                .approvalRuleRemoved,
                to: .model(name.text),
                [
                    "alias": target.kind == "alias" ? .string(target.name) : nil,
                    "stage": target.kind == "stage" ? .string(target.name) : nil,
                    "from": .integer(old),
                ],
                comment: comment
            )
            let open = try ApprovalRows(connection: connection).requests(
                where: "r.model_key = \(key) AND r.state = 'open'",
                limit: .max,
                by: registry.rights
            )
            let free = open.filter { $0.needed == nil }.map(\.id)
            let gate = ApprovalGate(caller: caller, connection: connection)
            try gate.lapse("request_id \(anyOf: free)", of: name)
        }
    }

    /// Requests, newest first.
    ///
    /// - Parameters:
    ///   - name: Of this model; nil for all.
    ///   - states: In these states; empty for all.
    ///   - before: The id before which to begin; nil for the newest.
    ///   - limit: How many at the most.
    /// - Returns: The requests.
    /// - Throws: `Failure.missing` for the model.
    package func requests(
        of name: ModelName? = nil,
        in states: [ApprovalRequest.State] = [],
        before: Int64? = nil,
        limit: Int
    ) async throws -> [ApprovalRequest] {
        try await database.read { connection in
            var conditions: [SQL] = ["r.workspace_id = \(caller.workspace.key)"]
            if let name {
                let key = try RegistryRows(caller: caller, connection: connection).model(name)
                conditions.append("r.model_key = \(key)")
            }
            if let before { conditions.append("r.request_id < \(before)") }
            if !states.isEmpty {
                let words = states.map { "\($0.rawValue)" as SQL }
                conditions.append("r.state IN (\(words.joined(separator: ", ")))")
            }
            return try ApprovalRows(connection: connection).requests(
                where: conditions.joined(separator: " AND "),
                newestFirst: true,
                limit: limit,
                by: registry.rights
            )
        }
    }

    /// The request with this id.
    ///
    /// - Parameter id: Its id.
    /// - Returns: The request.
    /// - Throws: `Failure.missing`.
    package func get(_ id: Int64) async throws -> ApprovalRequest {
        try await database.read { try get(id, in: $0) }
    }

    func get(_ id: Int64, in connection: any Connection) throws -> ApprovalRequest {
        let found = try ApprovalRows(connection: connection).requests(
            where: "r.workspace_id = \(caller.workspace.key) AND r.request_id = \(id)",
            limit: 1,
            by: registry.rights
        )
        guard let request = found.first else { throw ApprovalRequest.missing(id) }
        return request
    }

    func check(_ deed: ApprovalRights.Deed, of name: ModelName, in connection: any Connection) throws {
        guard try registry.rights.allow(caller, deed, name, connection) else {
            let words = deed == .approve ? "approve or refuse changes" : "change the approval rules"
            throw Failure(.permissionDenied, "\(caller.name) may not \(words) of \(name).")
        }
    }
}
