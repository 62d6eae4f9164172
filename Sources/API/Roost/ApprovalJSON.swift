package import Core
package import Registry

extension JSONWriter {
    package mutating func value(_ rule: ApprovalRule) {
        object { json in
            json.key(rule.target.kind)
            json.value(rule.target.name)
            json.field("approvals", rule.approvals)
            json.field("allow_own", rule.allowsOwn)
        }
    }

    package mutating func value(_ request: ApprovalRequest) {
        object { json in
            json.field("id", request.id)
            json.field("name", request.name)
            json.field("deed", request.deed.kind)
            if let alias = request.deed.alias { json.field("alias", alias) }
            if let stage = request.deed.stage { json.field("stage", stage.rawValue) }
            if let version = request.deed.version { json.field("version", quoting: version) }
            if request.deed.archivesOthers { json.field("archive_existing_versions", true) }
            json.field("requested_by", request.requestedBy)
            if let comment = request.comment, !comment.isEmpty { json.field("comment", comment) }
            json.field("creation_timestamp", request.createdMs)
            json.field("state", request.state.rawValue)
            if let closedMs = request.closedMs { json.field("closed_timestamp", closedMs) }
            json.field("approvals", request.approvals)
            if let needed = request.needed { json.field("needed", needed) }
            json.array("votes") { json in
                for vote in request.votes { json.value(vote) }
            }
        }
    }

    private mutating func value(_ vote: ApprovalRequest.Vote) {
        object { json in
            json.field("actor", vote.actor)
            json.field("approves", vote.approves)
            if let comment = vote.comment, !comment.isEmpty { json.field("comment", comment) }
            json.field("timestamp", vote.atMs)
            if !vote.counts { json.field("counts", false) }
        }
    }
}
