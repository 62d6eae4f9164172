import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import Repositories
import Webhooks

/// Hooks of repositories.
///
/// Security: addresses of receivers may hold tokens, so that only admins of a repository see them.
///
/// - Source: Gitea 1.22, `routers/api/v1/repo/hook.go`; Gogs, `internal/route/api/v1/repo/hook.go`.
extension Hub {
    private static let typeField = EndpointDescription.Field(
        "type",
        .word(WebhookKind.ofRepositories),
        isRequired: true,
        "In whose words it is told; all are told the same."
    )

    private static let fields: [EndpointDescription.Field] = [
        .init(
            "config",
            .object,
            "'url', 'content_type' (json or form) and 'secret', which signs what it is told."
        ),
        .init("events", .texts, "What it is told of; push where it is left out."),
        .init(
            "branch_filter",
            "Of which branches it is told, such as {main,release/*}; of all where it is empty or left out."
        ),
        .init("active", .boolean, "Whether it is told anything."),
    ]

    var hookEndpoints: [Endpoint] { hookRows + deliveryRows }

    private var hookRows: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/hooks",
                needs: .admin,
                .init("The hooks of a repository.", query: .pages)
            ) { call in
                let page = try await hooks(call).list(call.page())
                return try .list(page, call, self) { json, hook in json.object { $0.fields(of: hook) } }
            },
            Self.row(
                .post,
                "repos/:owner/:repo/hooks",
                needs: .admin,
                .init(
                    "Makes a hook: an address that is told what happens.",
                    body: [Self.typeField] + Self.fields,
                    success: .created
                )
            ) { call in
                let new = try await call.fields().newHook()
                return .hook(try await hooks(call).create(new, at: addresses(for: call).server), .created)
            },
            Self.row(.get, "repos/:owner/:repo/hooks/:id", needs: .admin, .init("A hook.")) { call in
                .hook(try await hooks(call).get(call.key("id")))
            },
            Self.row(
                .patch,
                "repos/:owner/:repo/hooks/:id",
                needs: .admin,
                .init("Changes a hook.", body: Self.fields)
            ) { call in
                let change = try await call.fields().hookChange()
                let hook = try await hooks(call).edit(
                    call.key("id"),
                    change,
                    at: addresses(for: call).server
                )
                return .hook(hook)
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/hooks/:id",
                needs: .admin,
                .init("Deletes a hook; what it was to be told is given up.", success: .noContent)
            ) { call in
                try await hooks(call).delete(call.key("id"))
                return .noContent
            },
            Self.row(
                .post,
                "repos/:owner/:repo/hooks/:id/tests",
                needs: .admin,
                .init("Tells a hook of a push that brought nothing.", success: .noContent)
            ) { call in
                _ = try await call.fields(mayBeLeftOut: true)
                let store = hooks(call)
                let hook = try await store.get(call.key("id"))
                let body = try await hookPayloads.test(call.caller, addresses(for: call).server)
                try await store.post(.push, body, to: hook.id)
                return .noContent
            },
        ]
    }

    private var deliveryRows: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/hooks/:id/deliveries",
                needs: .admin,
                .init("What a hook was told and is to be told, the newest first.", query: .pages)
            ) { call in
                let page = try await hooks(call).deliveries(of: call.key("id"), call.page())
                return try .list(page, call, self) { json, delivery in
                    json.object { $0.hubFields(of: delivery) }
                }
            },
            Self.row(
                .get,
                "repos/:owner/:repo/hooks/:id/deliveries/:delivery",
                needs: .admin,
                .init("A delivery with what it carries.")
            ) { call in
                let found = try await hooks(call).delivery(call.parameter("delivery"), of: call.key("id"))
                return .json(capacityBytes: found.body.utf8.count + 512) { json in
                    json.hubFields(of: found.delivery)
                    json.key("payload")
                    json.raw(Array(found.body.utf8))
                }
            },
            Self.row(
                .post,
                "repos/:owner/:repo/hooks/:id/deliveries/:delivery/redeliver",
                needs: .admin,
                .init("Tells a hook once more what it was told.", success: .accepted)
            ) { call in
                _ = try await call.fields(mayBeLeftOut: true)
                let delivery = try await hooks(call).sendAgain(
                    call.parameter("delivery"),
                    of: call.key("id")
                )
                return .json(status: .accepted) { $0.hubFields(of: delivery) }
            },
        ]
    }

    private func hooks(_ call: Call) -> HookStore { webhooks.hooks(for: call.caller) }

    private var hookPayloads: HookPayloads { HookPayloads(accounts, git, ssh: ssh) }
}

extension WebhookKind {
    fileprivate static let ofRepositories = words.filter { $0 != WebhookKind.mlflow.rawValue }
}

extension HubFields {
    fileprivate func newHook() throws -> NewHook {
        let type = try requiredString("type")
        // What belongs to MLflow's registry is no kind of these, and is not offered either.
        guard WebhookKind.ofRepositories.contains(type), let kind = WebhookKind(rawValue: type) else {
            let words = WebhookKind.ofRepositories.joined(separator: ", ")
            throw Failure.invalid("'type' must be one of \(words).")
        }
        let config = try object("config") ?? .none
        return try NewHook(
            kind,
            url: config.requiredString("url"),
            contentType: config.word("content_type") ?? .json,
            secret: config.string("secret") ?? "",
            events: strings("events").map { try HookEvents($0) } ?? .standard,
            branches: string("branch_filter").map { try BranchFilter($0) } ?? .all,
            isActive: boolean("active") ?? true
        )
    }

    fileprivate func hookChange() throws -> HookChange {
        let config = try object("config") ?? .none
        return try HookChange(
            url: config.string("url"),
            contentType: config.word("content_type"),
            secret: config.string("secret"),
            events: strings("events").map { try HookEvents($0) },
            branches: string("branch_filter").map { try BranchFilter($0) },
            isActive: boolean("active")
        )
    }
}

extension Answer {
    fileprivate static func hook(_ hook: Hook, _ status: HTTPResponse.Status = .ok) -> Answer {
        .json(status: status, capacityBytes: 512) { $0.fields(of: hook) }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of hook: Hook) {
        field("id", hook.id)
        field("type", hook.kind.rawValue)
        object("config") { json in
            json.field("content_type", hook.contentType.rawValue)
            json.field("url", hook.url)
        }
        field("has_secret", hook.hasSecret)
        array("events") { json in
            for word in hook.events.words { json.value(word) }
        }
        field("branch_filter", hook.branches.text)
        field("active", hook.isActive)
        field("created_at", HubTime.text(hook.createdMs))
        field("updated_at", HubTime.text(hook.updatedMs))
    }

    fileprivate mutating func hubFields(of delivery: Delivery) {
        field("id", delivery.id)
        field("event", delivery.event)
        field("status", delivery.status.rawValue.lowercased())
        field("attempts", delivery.attempts)
        field("response_status", delivery.responseStatus.map(JSON.integer) ?? .null)
        field("error", delivery.error.map(JSON.string) ?? .null)
        field("created_at", HubTime.text(delivery.createdMs))
        time("last_attempt_at", delivery.lastAttemptMs)
        time("due_at", delivery.dueMs)
        time("ended_at", delivery.finishedMs)
    }

    private mutating func time(_ key: StaticString, _ ms: Int64?) {
        field(key, ms.map { .string(HubTime.text($0)) } ?? .null)
    }
}
