import Core
import Database

/// Reads rules and requests.
struct ApprovalRows {
    let connection: any Connection

    func rules(of modelKey: Int64) throws -> [ApprovalRule] {
        try connection.rows(
            """
            SELECT kind, target, approvals, allows_own
            FROM approval_rules
            WHERE model_key = \(modelKey)
            ORDER BY kind, target
            """
        ) {
            ApprovalRule(
                stored: ApprovalTarget(kind: $0.text(0), target: $0.text(1)),
                approvals: $0.int(2),
                allowsOwn: $0.bool(3)
            )
        }
    }

    /// What the rules ask for before a deed; nil where they ask for nothing, or where the deed changes nothing.
    ///
    /// Where two rules meet, as when a version goes from one stage to another, the stricter word of each counts.
    func demand(_ deed: ProtectedDeed, of modelKey: Int64) throws -> Demand? {
        let rules = try rules(of: modelKey)
        guard !rules.isEmpty else { return nil }
        let met = try targets(of: deed, modelKey).compactMap { target in
            rules.first { $0.target.isSame(as: target) } ?? rules.first { $0.target == target.every }
        }
        guard let most = met.map(\.approvals).max() else { return nil }
        return Demand(approvals: most, allowsOwn: met.allSatisfy(\.allowsOwn))
    }

    struct Demand {
        let approvals: Int64
        let allowsOwn: Bool
    }

    /// How many of those who approved count for a demand, and have the right to approve still.
    func approvals(of request: Int64, _ demand: Demand, by rights: ApprovalRights) throws -> Int64 {
        let votes = try connection.rows(
            """
            SELECT v.actor, v.at_ms, r.requested_by, r.workspace_id
            FROM approval_votes v JOIN approval_requests r ON r.request_id = v.request_id
            WHERE v.request_id = \(request) AND v.approves
            """
        ) { row in
            (
                actor: row.text(0), atMs: row.int(1), requestedBy: row.text(2),
                workspace: WorkspaceID(key: row.int(3))
            )
        }
        let counted = try votes.filter { vote in
            try (demand.allowsOwn || !vote.actor.isLogin(vote.requestedBy))
                && rights.counts(vote.actor, vote.atMs, vote.workspace, connection)
        }
        return Int64(Set(counted.map { $0.actor.lowercased() }).count)
    }

    /// The requests that a condition finds, in the order of their ids, with all that is known of them.
    func requests(
        where condition: SQL,
        newestFirst: Bool = false,
        limit: Int,
        by rights: ApprovalRights
    ) throws -> [ApprovalRequest] {
        let order: SQL = newestFirst ? "r.request_id DESC" : "r.request_id"
        let found = try connection.rows(
            """
            SELECT r.request_id, r.model_key, m.name, r.deed, r.target, r.version, r.restores, r.archives_others,
                r.requested_by, r.comment, r.created_ms, r.state, r.closed_ms
            FROM approval_requests r JOIN registered_models m ON m.model_key = r.model_key
            WHERE \(condition)
            ORDER BY \(order)
            LIMIT \(limit)
            """,
            Found.init
        )
        let votes = try votes(of: found.map(\.id), by: rights)
        return try found.map { found in
            let demand = found.state == .open ? try demand(found.deed, of: found.modelKey) : nil
            return ApprovalRequest(
                id: found.id,
                name: found.name,
                deed: found.deed,
                requestedBy: found.requestedBy,
                comment: found.comment,
                createdMs: found.createdMs,
                state: found.state,
                closedMs: found.closedMs,
                needed: demand?.approvals,
                votes: votes[found.id] ?? []
            )
        }
    }

    /// What a deed changes that a rule may protect.
    private func targets(of deed: ProtectedDeed, _ modelKey: Int64) throws -> Set<ApprovalTarget> {
        switch deed {
        case .setAlias(let alias, let version), .rollBack(let alias, let version, _):
            return try self.version(at: alias, of: modelKey) == version ? [] : [.alias(alias)]
        case .removeAlias(let alias):
            return [.alias(alias)]
        case .move:
            return Set(try moves(of: deed, modelKey).flatMap { [.stage($0.from), .stage($0.to)] })
        }
    }

    /// A version that leaves a stage for another.
    struct Move {
        let version: Int64
        let from: ModelStage
        let to: ModelStage
    }

    /// Which versions a deed moves: the one that it names unless it is there already, and those that it archives.
    func moves(of deed: ProtectedDeed, _ modelKey: Int64) throws -> [Move] {
        guard case .move(let version, let stage, let archivesOthers) = deed else { return [] }
        let others: SQL = archivesOthers ? "OR current_stage = \(stage.rawValue)" : ""
        let found = try connection.rows(
            """
            SELECT version, current_stage FROM model_versions
            WHERE model_key = \(modelKey) AND (version = \(version) \(others))
            ORDER BY version
            """
        ) { (version: $0.int(0), stage: ModelStage(rawValue: $0.text(1)) ?? .none) }
        return found.map {
            Move(version: $0.version, from: $0.stage, to: $0.version == version ? stage : .archived)
        }.filter { $0.from != $0.to }
    }

    /// Whether a rule is about a change of this target.
    func isProtected(_ target: ApprovalTarget, of modelKey: Int64) throws -> Bool {
        try rules(of: modelKey).contains { $0.target.isSame(as: target) || $0.target == target.every }
    }

    /// Whether a deed leaves its alias as it is.
    func isIdle(_ deed: ProtectedDeed, _ modelKey: Int64) throws -> Bool {
        try targets(of: deed, modelKey).isEmpty
    }

    private func version(at alias: String, of modelKey: Int64) throws -> Int64? {
        try connection.first(
            "SELECT version FROM registered_model_aliases WHERE model_key = \(modelKey) AND alias = \(alias)"
        ) { $0.int(0) }
    }

    private func votes(
        of requests: [Int64],
        by rights: ApprovalRights
    ) throws -> [Int64: [ApprovalRequest.Vote]] {
        guard !requests.isEmpty else { return [:] }
        var votes: [Int64: [ApprovalRequest.Vote]] = [:]
        try connection.forEach(
            """
            SELECT v.request_id, v.actor, v.approves, v.comment, v.at_ms, r.workspace_id, r.state
            FROM approval_votes v JOIN approval_requests r ON r.request_id = v.request_id
            WHERE v.request_id \(oneOf: requests)
            ORDER BY v.request_id, v.at_ms, v.actor
            """
        ) { row in
            let workspace = WorkspaceID(key: row.int(5))
            let isOpen = row.text(6) == ApprovalRequest.State.open.rawValue
            votes[row.int(0), default: []].append(
                ApprovalRequest.Vote(
                    actor: row.text(1),
                    approves: row.bool(2),
                    comment: row.optionalText(3),
                    atMs: row.int(4),
                    counts: try !isOpen || rights.counts(row.text(1), row.int(4), workspace, connection)
                )
            )
        }
        return votes
    }
}

/// A row of `approval_requests` with the name of its model.
private struct Found {
    let id: Int64
    let modelKey: Int64
    let name: String
    let deed: ProtectedDeed
    let requestedBy: String
    let comment: String?
    let createdMs: Int64
    let state: ApprovalRequest.State
    let closedMs: Int64?

    init(_ row: borrowing Row) throws {
        id = row.int(0)
        modelKey = row.int(1)
        name = row.text(2)
        deed = ProtectedDeed(
            kind: row.text(3),
            target: row.text(4),
            version: row.int(5),
            restores: row.int(6),
            archivesOthers: row.bool(7)
        )
        requestedBy = row.text(8)
        comment = row.optionalText(9)
        createdMs = row.int(10)
        guard let state = ApprovalRequest.State(rawValue: row.text(11)) else {
            throw Failure(.internalError, "An approval request has the unknown state '\(row.text(11))'.")
        }
        self.state = state
        closedMs = row.optionalInt(12)
    }
}

extension String {
    /// Whether two logins are of one account, whatever case they are written in.
    func isLogin(_ other: String) -> Bool { lowercased() == other.lowercased() }
}
