import Core
import Database
import TestSupport
import Testing
import Webhooks

@Suite struct HookStoreTests {
    @Test(arguments: Backend.available)
    func `a hook is made, changed and deleted, and its secret is never told`(on backend: Backend) async throws
    {
        try await withWebhooks(on: backend) { webhooks in
            let store = webhooks.hooks(for: ann)
            let new = try NewHook(
                .gogs,
                url: "http://127.0.0.1:65535/a",
                contentType: .form,
                secret: "quiet",
                events: HookEvents(["push", "create", "push", "issues"]),
                branches: BranchFilter("main")
            )
            let hook = try await store.create(new, at: "http://here")
            #expect(hook.kind == .gogs)
            #expect(hook.contentType == .form)
            #expect(hook.hasSecret)
            #expect(hook.events.words == ["create", "issues", "push"])
            #expect(hook.branches.text == "main")
            #expect(try await store.get(hook.id) == hook)

            let change = try HookChange(secret: "", events: HookEvents(["release"]), isActive: false)
            let changed = try await store.edit(hook.id, change, at: "http://there")
            #expect(changed.url == hook.url)
            #expect(!changed.hasSecret)
            #expect(!changed.isActive)
            #expect(changed.events.words == ["release"])

            try await store.delete(hook.id)
            await expectFailure(.missing, "The repository has no hook \(hook.id).") {
                _ = try await store.get(hook.id)
            }
            #expect(try await store.list(PageRequest()).elements.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `a hook is of its repository alone`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let hook = try await webhooks.newHook(["push"])
            let others = webhooks.hooks(for: eve)

            #expect(try await others.list(PageRequest()).total == 0)
            for deed in [
                { _ = try await others.get(hook.id) },
                { _ = try await others.edit(hook.id, HookChange(isActive: false), at: "") },
                { try await others.delete(hook.id) },
                { _ = try await others.deliveries(of: hook.id, PageRequest()) },
                { try await others.post(.push, "{}", to: hook.id) },
            ] as [() async throws -> Void] {
                await expectFailure(.missing, "The repository has no hook \(hook.id).", deed)
            }
            #expect(try await webhooks.hooks(for: ann).get(hook.id) == hook)
        }
    }

    @Test(arguments: Backend.available)
    func `what cannot be is refused`(on backend: Backend) async throws {
        await expectFailure(.invalidParameter, containing: "There is no event 'pushed'") {
            _ = try HookEvents(["push", "pushed"])
        }
        await expectFailure(.invalidParameter, containing: "A hook without events is told nothing") {
            _ = try HookEvents([])
        }
        await expectFailure(.invalidParameter, containing: "MLflow's own calls") {
            _ = try NewHook(.mlflow, url: "http://127.0.0.1/")
        }
        await expectFailure(.invalidParameter, containing: "A secret has at most") {
            _ = try NewHook(.gitea, url: "http://127.0.0.1/", secret: String(repeating: "x", count: 1_025))
        }
        try await withWebhooks(on: backend) { webhooks in
            let store = webhooks.hooks(for: ann)
            await expectFailure(.invalidParameter, containing: "The address of a hook cannot be asked") {
                _ = try await store.create(NewHook(.gitea, url: "ftp://127.0.0.1/"), at: "")
            }
            for _ in 0..<HookStore.countLimit { try await webhooks.newHook(["push"]) }
            await expectFailure(.tooLarge, "A repository may have 20 hooks.") {
                try await webhooks.newHook(["push"])
            }
            try await webhooks.newHook(["push"], for: eve)
        }
    }

    @Test(arguments: Backend.available)
    func `what a hook was told can be told again once it has ended`(on backend: Backend) async throws {
        try await withWebhooks(on: backend) { webhooks in
            let (store, hook) = (webhooks.hooks(for: ann), try await webhooks.newHook(["push"]))
            try await store.post(.push, #"{"n":1}"#, to: hook.id)
            let delivery = try #require(try await store.deliveries(of: hook.id, PageRequest()).elements.first)
            #expect(delivery.event == "push")
            await expectFailure(.invalidState, "Delivery with ID \(delivery.id) is under way.") {
                _ = try await store.sendAgain(delivery.id, of: hook.id)
            }
            try await webhooks.database.write { connection in
                _ = try connection.execute("UPDATE webhook_deliveries SET status = 'FAILED', finished_ms = 1")
            }

            #expect(try await store.sendAgain(delivery.id, of: hook.id).status == .pending)

            #expect(try await webhooks.bodies(of: hook) == [#"{"n":1}"#])
            _ = try await store.edit(hook.id, HookChange(isActive: false), at: "")
            await expectFailure(.invalidState, "The hook is not active: it is told nothing.") {
                try await store.post(.push, "{}", to: hook.id)
            }
        }
    }
}
