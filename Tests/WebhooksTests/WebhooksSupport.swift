import Core
import Database
import Events
import Outbound
import TestSupport
import Webhooks

let iris = WorkspaceID(key: 7)
/// The cast: `ann` is an admin of iris, `eve` of another repository.
let ann = Caller(name: "ann", account: AccountID(key: 1), workspace: iris)
let eve = Caller(name: "eve", account: AccountID(key: 2), workspace: WorkspaceID(key: 8))

/// Runs a test with no hooks yet.
func withWebhooks(
    on backend: Backend,
    clock: TestClock = TestClock(),
    _ body: (Webhooks) async throws -> Void
) async throws {
    try await withDatabase(
        on: backend,
        migrations: EventMigrations.all + WebhookMigrations.all,
        clock: clock.clock
    ) { database in
        let policy = OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true)
        try await body(Webhooks(database, WebhookMeans(client: OutboundClient(policy: policy))))
    }
}

extension Webhooks {
    /// A hook that nobody answers for.
    @discardableResult
    func newHook(
        _ words: [String],
        for caller: Caller = ann,
        at server: String = "http://here"
    ) async throws -> Hook {
        let new = try NewHook(.gitea, url: "http://127.0.0.1:65535/", events: HookEvents(words))
        return try await hooks(for: caller).create(new, at: server)
    }

    /// What a hook is to be told, the oldest first.
    func bodies(of hook: Hook, for caller: Caller = ann) async throws -> [String] {
        let store = hooks(for: caller)
        var bodies: [String] = []
        for delivery in try await store.deliveries(of: hook.id, PageRequest(limit: 100)).elements.reversed() {
            bodies.append(try await store.delivery(delivery.id, of: hook.id).body)
        }
        return bodies
    }

    func happen(_ kind: Event.Kind, _ subject: String, for caller: Caller = ann) async throws {
        try await database.write { connection in
            try EventLog.append(kind, to: subject, by: caller, in: connection)
        }
    }
}
