import Core
package import HTTP
import HTTPTypes
package import Registry

/// Rules by which changes of aliases and stages ask for approvals, and the requests under them.
package enum ApprovalEndpoints {
    package static func all(_ registry: Registry) -> [Endpoint] {
        rules(registry) + requests(registry) + votes(registry)
    }

    private static func rules(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.get, "approval-rules/list", in: .roost, needs: .read, touching: .workspace) { call in
                let name = try await call.message().modelName()
                let rules = try await registry.approvals(for: call.caller).rules(of: name)
                return .json { json in
                    json.array("rules") { json in
                        for rule in rules { json.value(rule) }
                    }
                }
            },
            Endpoint(.post, "approval-rules/set", in: .roost, needs: .admin, touching: .workspace) { call in
                let message = try await call.message()
                let name = try message.modelName()
                let rule = try ApprovalRule(
                    message.approvalTarget(),
                    approvals: message.requiredInteger("approvals"),
                    allowsOwn: message.boolean("allow_own") ?? false
                )
                let comment = try message.string("comment")
                try await registry.approvals(for: call.caller).set(rule, of: name, comment: comment)
                return .json { json in
                    json.key("rule")
                    json.value(rule)
                }
            },
            Endpoint(.delete, "approval-rules/delete", in: .roost, needs: .admin, touching: .workspace) {
                call in
                let message = try await call.message()
                try await registry.approvals(for: call.caller).removeRule(
                    of: message.approvalTarget(),
                    of: message.modelName(),
                    comment: message.string("comment")
                )
                return .empty
            },
        ]
    }

    private static func requests(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(
                .get,
                "approval-requests/list",
                in: .roost,
                needs: .read,
                touching: .model(.read, registry)
            ) {
                try await list($0, registry)
            },
            Endpoint(
                .get,
                "approval-requests/get",
                in: .roost,
                needs: .read,
                touching: .request(.read, registry)
            ) { call in
                let id = try await call.message().requiredInteger("request_id")
                return .request(try await registry.approvals(for: call.caller).get(id))
            },
        ]
    }

    private static func votes(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.post, "approval-requests/approve", in: .roost, needs: .write, touching: .workspace) {
                call in
                let (id, comment) = try await call.message().vote()
                return .request(try await registry.approvals(for: call.caller).approve(id, comment: comment))
            },
            Endpoint(.post, "approval-requests/refuse", in: .roost, needs: .write, touching: .workspace) {
                call in
                let (id, comment) = try await call.message().vote()
                return .request(try await registry.approvals(for: call.caller).refuse(id, comment: comment))
            },
            Endpoint(
                .post,
                "approval-requests/withdraw",
                in: .roost,
                needs: .write,
                touching: .request(.update, registry)
            ) { call in
                let (id, comment) = try await call.message().vote()
                return .request(try await registry.approvals(for: call.caller).withdraw(id, comment: comment))
            },
        ]
    }

    private static func list(_ call: Call, _ registry: Registry) async throws -> Answer {
        let message = try await call.message()
        let limit = try message.searchLimit(standard: 100, most: 1_000)
        let requests = try await registry.approvals(for: call.caller).requests(
            of: message.nonEmptyString("name").map { try ModelName($0) },
            in: message.strings("states").map(state),
            before: message.pageID(),
            limit: limit + 1
        )
        return await .page(capacityBytes: requests.count * 512 + 64) { json in
            json.array("requests") { json in
                for request in requests.prefix(limit) { json.value(request) }
            }
            if requests.count > limit { json.field("next_page_token", "\(requests[limit - 1].id)") }
        }
    }

    private static func state(_ word: String) throws -> ApprovalRequest.State {
        guard let state = ApprovalRequest.State(rawValue: word) else {
            let words = ApprovalRequest.State.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.invalid("A request is in one of the states \(words), not '\(word)'.")
        }
        return state
    }
}

extension Answer {
    fileprivate static func request(_ request: ApprovalRequest) -> Answer {
        .json(capacityBytes: 512) { json in
            json.key("request")
            json.value(request)
        }
    }
}

extension Message {
    fileprivate func approvalTarget() throws -> ApprovalTarget {
        try ApprovalTarget(alias: nonEmptyString("alias"), stage: nonEmptyString("stage"))
    }

    fileprivate func vote() throws -> (id: Int64, comment: String?) {
        (try requiredInteger("request_id"), try string("comment"))
    }
}
