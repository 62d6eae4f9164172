import Core
import Events
import Registry
import Synchronization
import TestSupport
import Testing

@Suite struct ApprovalStoreTests {
    private let bob = Caller(name: "bob", workspace: .standard)
    private let cid = Caller(name: "cid", workspace: .standard)

    @Test(arguments: Backend.available)
    func `an alias moves once enough others have approved`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 2), try AliasName("champion"))
            let models = registry.registeredModels(for: ann)
            try await models.setAlias(champion, of: name, to: 1)
            try await registry.protect(.alias("champion"), of: name, approvals: 2)

            await expectFailure(.permissionDenied, Self.moving(has: 0)) {
                try await models.setAlias(champion, of: name, to: 2, comment: "better")
            }
            let first = try await registry.approvals(for: bob).approve(1, comment: "seen")
            await expectFailure(.permissionDenied, Self.moving(has: 1)) {
                try await models.setAlias(champion, of: name, to: 2)
            }
            #expect(try await models.version(at: champion, of: name).version == 1)
            let last = try await registry.approvals(for: cid).approve(1)

            #expect((first.state, first.needed, first.approvals) == (.open, 2, 1))
            #expect((last.state, last.approvals) == (.carriedOut, 2))
            #expect(last.votes.map(\.actor) == ["bob", "cid"])
            #expect(try await models.version(at: champion, of: name).version == 2)
            // What is so already needs nobody: the same call goes through.
            try await models.setAlias(champion, of: name, to: 2)
        }
    }

    @Test(arguments: Backend.available)
    func `an approval counts no more once who gave it has lost the right`(on backend: Backend) async throws {
        let members = Mutex<Set<String>>(["ann", "bob", "cid"])
        let rights = ApprovalRights(
            allow: { _, _, _, _ in true },
            counts: { name, _, workspace, _ in
                workspace == .standard && members.withLock { $0.contains(name.lowercased()) }
            }
        )
        try await withRegistry(on: backend, rights: rights) { registry in
            let (name, champion) = (try await registry.newModel(versions: 1), try AliasName("champion"))
            let models = registry.registeredModels(for: ann)
            try await registry.protect(.alias("champion"), of: name, approvals: 2)
            try? await models.setAlias(champion, of: name, to: 1)
            _ = try await registry.approvals(for: cid).approve(1)
            members.withLock { _ = $0.remove("cid") }

            let second = try await registry.approvals(for: bob).approve(1)

            #expect((second.state, second.approvals) == (.open, 1))
            #expect(second.votes.map(\.counts) == [true, false])
            await expectFailure(
                .permissionDenied,
                "An approval of cid, who may not write here, counts for nothing."
            ) { _ = try await registry.approvals(for: cid).approve(1) }
            let capital = Caller(name: "BOB", workspace: .standard)
            await expectFailure(.invalidState, "You have approved request 1 already.") {
                _ = try await registry.approvals(for: capital).approve(1)
            }
            await expectFailure(
                .permissionDenied,
                "Setting the alias 'champion' of iris to version 1 needs 2 approvals and has 1; request 1 is open."
            ) { try await models.setAlias(champion, of: name, to: 1) }
        }
    }

    @Test(arguments: Backend.available)
    func `every step is an event, and the change names its request`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 1), try AliasName("champion"))
            try await registry.protect(.everyAlias, of: name, approvals: 1)
            try? await registry.registeredModels(for: ann).setAlias(champion, of: name, to: 1, comment: "why")
            _ = try await registry.approvals(for: bob).refuse(1, comment: "not yet")
            try? await registry.registeredModels(for: ann).setAlias(champion, of: name, to: 1, comment: "now")
            _ = try await registry.approvals(for: bob).approve(2, comment: "yes")
            try? await registry.registeredModels(for: ann).removeAlias(champion, of: name)
            _ = try await registry.approvals(for: ann).withdraw(3)

            let events = try await registry.history(for: ann).events(of: name, limit: 100).reversed()
                .dropFirst(2)

            #expect(
                events.map { "\($0.actor) \($0.kind.rawValue) \($0.subject) \($0.details)" } == [
                    #"ann registered_model.approval_rule_set registered_model/iris "#
                        + #"{"alias":"*","to":1,"allow_own":false}"#,
                    #"ann approval.requested registered_model/iris/requests/1 {"request":1,"deed":"set_alias","#
                        + #""alias":"champion","version":1,"needs":1,"comment":"why"}"#,
                    #"bob approval.refused registered_model/iris/requests/1 {"request":1,"comment":"not yet"}"#,
                    #"ann approval.requested registered_model/iris/requests/2 {"request":2,"deed":"set_alias","#
                        + #""alias":"champion","version":1,"needs":1,"comment":"now"}"#,
                    #"bob approval.given registered_model/iris/requests/2 {"request":2,"comment":"yes"}"#,
                    #"bob registered_model.alias_set registered_model/iris/@champion "#
                        + #"{"alias":"champion","to":1,"request":2,"comment":"now"}"#,
                    #"ann approval.requested registered_model/iris/requests/3 "#
                        + #"{"request":3,"deed":"remove_alias","alias":"champion","needs":1}"#,
                    #"ann approval.withdrawn registered_model/iris/requests/3 {"request":3}"#,
                ]
            )
            let states = try await registry.approvals(for: ann).requests(limit: 10).map(\.state)
            #expect(states == [.withdrawn, .carriedOut, .refused])
        }
    }

    @Test(arguments: Backend.available)
    func `nobody approves their own request unless the rule allows it`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 1), try AliasName("champion"))
            let (models, approvals) = (registry.registeredModels(for: ann), registry.approvals(for: ann))
            try await registry.protect(.alias("champion"), of: name, approvals: 1)
            try? await models.setAlias(champion, of: name, to: 1)

            await expectFailure(
                .permissionDenied,
                "Approval request 1 is your own: the rule wants somebody else to approve it."
            ) { _ = try await approvals.approve(1) }
            try await approvals.set(ApprovalRule(.alias("champion"), approvals: 2, allowsOwn: true), of: name)
            _ = try await approvals.approve(1)
            await expectFailure(.invalidState, "You have approved request 1 already.") {
                _ = try await approvals.approve(1)
            }
            // A stricter rule does not count what it would not have let be said.
            try await registry.protect(.alias("champion"), of: name, approvals: 2)
            #expect(try await registry.approvals(for: bob).approve(1).state == .open)
            #expect(try await registry.approvals(for: cid).approve(1).state == .carriedOut)
        }
    }

    @Test(arguments: Backend.available)
    func `a request that a milder rule is content with goes through when it is asked for again`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 1), try AliasName("champion"))
            let models = registry.registeredModels(for: ann)
            try await registry.protect(.alias("champion"), of: name, approvals: 2)
            try? await models.setAlias(champion, of: name, to: 1)
            _ = try await registry.approvals(for: bob).approve(1)
            try await registry.protect(.alias("champion"), of: name, approvals: 1)

            try await models.setAlias(champion, of: name, to: 1)

            #expect(try await registry.approvals(for: ann).get(1).state == .carriedOut)
        }
    }

    @Test(arguments: Backend.available)
    func `entering and leaving a stage ask for approvals`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel(versions: 2)
            let (versions, approvals) = (registry.modelVersions(for: ann), registry.approvals(for: bob))
            try await registry.protect(.stage(.production), of: name, approvals: 1)

            _ = try await versions.move(1, of: name, to: .staging, archivesOthers: false)
            await expectFailure(
                .permissionDenied,
                "Moving version 1 of iris to Production and the others in it to the archive needs 1 approval and has 0; "
                    + "request 1 is open."
            ) { _ = try await versions.move(1, of: name, to: .production, archivesOthers: true) }
            _ = try await approvals.approve(1)
            _ = try await versions.move(1, of: name, to: .production, archivesOthers: true)
            await expectFailure(
                .permissionDenied,
                "Moving version 1 of iris to Archived needs 1 approval and has 0; request 2 is open."
            ) { _ = try await versions.move(1, of: name, to: .archived, archivesOthers: false) }
            #expect(try await versions.get(1, of: name).stage == .production)
        }
    }

    @Test(arguments: Backend.available)
    func `rolling an alias back asks for approvals, and the last one rolls it back`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 2), try AliasName("champion"))
            for version in [1, 2] as [Int64] {
                try await registry.registeredModels(for: ann).setAlias(champion, of: name, to: version)
            }
            try await registry.protect(.alias("champion"), of: name, approvals: 1)
            let history = registry.history(for: ann)

            await expectFailure(
                .permissionDenied,
                "Rolling the alias 'champion' of iris back to version 1 needs 1 approval and has 0; request 1 is open."
            ) { _ = try await history.rollBack(champion, of: name, comment: "drift") }
            _ = try await registry.approvals(for: bob).approve(1)

            #expect(
                try await registry.registeredModels(for: ann).version(at: champion, of: name).version == 1
            )
            let last = try #require(try await history.events(of: champion, of: name, limit: 1).first)
            #expect(last.kind == .aliasRolledBack)
            #expect(last.details.hasSuffix(#""request":1,"comment":"drift"}"#), "\(last.details)")
        }
    }

    @Test(arguments: Backend.available)
    func `what was asked for in a world that is no more lapses`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 3), try AliasName("champion"))
            let models = registry.registeredModels(for: ann)
            try await registry.protect(.alias("champion"), of: name, approvals: 1)
            for version in [1, 2, 3] as [Int64] {
                try? await models.setAlias(champion, of: name, to: version)
            }
            try await registry.modelVersions(for: ann).delete(3, of: name, isForced: false)
            _ = try await registry.approvals(for: bob).approve(1)

            let states = try await registry.approvals(for: ann).requests(of: name, limit: 10).map(\.state)
            #expect(states == [.lapsed, .lapsed, .carriedOut])
            await expectFailure(.invalidState, "Approval request 2 is not open: it is lapsed.") {
                _ = try await registry.approvals(for: bob).approve(2)
            }
            try? await models.setAlias(champion, of: name, to: 2)
            try await registry.approvals(for: ann).removeRule(of: .alias("champion"), of: name)
            #expect(try await registry.approvals(for: ann).get(4).state == .lapsed)
            try await models.setAlias(champion, of: name, to: 2)
        }
    }

    @Test(arguments: Backend.available)
    func `a version and a model that a rule protects are not deleted or renamed`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 3), try AliasName("champion"))
            let (models, versions) = (registry.registeredModels(for: ann), registry.modelVersions(for: ann))
            try await models.setAlias(champion, of: name, to: 1)
            _ = try await versions.move(2, of: name, to: .production, archivesOthers: false)
            try await registry.protect(.alias("champion"), of: name, approvals: 1)
            try await registry.protect(.stage(.production), of: name, approvals: 1)

            await expectFailure(
                .permissionDenied,
                "Model Version (name=iris, version=1) cannot be deleted: the alias 'champion', whose changes need "
                    + "approval, points at it. Move the alias first."
            ) { try await versions.delete(1, of: name, isForced: true) }
            await expectFailure(
                .permissionDenied,
                "Model Version (name=iris, version=2) cannot be deleted: it is in Production, and leaving that needs "
                    + "approval. Move it to another stage first."
            ) { try await versions.delete(2, of: name, isForced: true) }
            await expectFailure(
                .permissionDenied,
                "Registered Model (name=iris) has approval rules. Remove them before you delete it."
            ) { try await models.delete(name, isForced: true) }
            // Else another model could take the name, without the rules.
            await expectFailure(
                .permissionDenied,
                "Registered Model (name=iris) has approval rules. Remove them before you rename it."
            ) { _ = try await models.rename(name, to: ModelName("rose")) }
            try await versions.delete(3, of: name, isForced: false)
        }
    }

    @Test(arguments: Backend.available)
    func `however many ask and approve at once, there is one request and one change`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 1), try AliasName("champion"))
            try await registry.protect(.alias("champion"), of: name, approvals: 3)
            await withTaskGroup { group in
                for _ in 1...8 {
                    group.addTask {
                        try? await registry.registeredModels(for: ann).setAlias(champion, of: name, to: 1)
                    }
                }
            }
            let approved = await withTaskGroup { group in
                for number in 1...8 {
                    let voter = Caller(name: "voter \(number)", workspace: .standard)
                    group.addTask { (try? await registry.approvals(for: voter).approve(1)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(approved == 3)
            let request = try await registry.approvals(for: ann).get(1)
            #expect((request.state, request.approvals) == (.carriedOut, 3))
            #expect(try await registry.approvals(for: ann).requests(limit: 10).count == 1)
            #expect(try await registry.history(for: ann).events(of: champion, of: name, limit: 10).count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `who has the right is asked in one place`(on backend: Backend) async throws {
        let rights = ApprovalRights { caller, deed, _, _ in deed == .setRules || caller.name == "bob" }
        try await withRegistry(on: backend, rights: rights) { registry in
            let (name, champion) = (try await registry.newModel(versions: 1), try AliasName("champion"))
            try await registry.protect(.alias("champion"), of: name, approvals: 1)
            try? await registry.registeredModels(for: ann).setAlias(champion, of: name, to: 1)

            for vote in [ApprovalStore.approve, ApprovalStore.refuse] {
                await expectFailure(.permissionDenied, "cid may not approve or refuse changes of iris.") {
                    _ = try await vote(registry.approvals(for: cid))(1, nil)
                }
            }
            await expectFailure(.permissionDenied, "Approval request 1 is of ann, who alone may withdraw it.")
            {
                _ = try await registry.approvals(for: bob).withdraw(1)
            }
            #expect(try await registry.approvals(for: bob).approve(1).state == .carriedOut)
        }
    }

    @Test(arguments: Backend.available)
    func `another workspace sees no request and no rule`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 1), try AliasName("champion"))
            try await registry.protect(.alias("champion"), of: name, approvals: 1)
            try? await registry.registeredModels(for: ann).setAlias(champion, of: name, to: 1)
            let approvals = registry.approvals(for: eve)

            #expect(try await approvals.requests(limit: 10).isEmpty)
            await expectFailure(.missing, "Approval request 1 not found") {
                _ = try await approvals.approve(1)
            }
            await expectFailure(.missing, "Registered Model with name=iris not found") {
                _ = try await approvals.rules(of: name)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a call that changes nothing leaves open requests as they are`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (name, champion) = (try await registry.newModel(versions: 2), try AliasName("champion"))
            let (models, versions) = (registry.registeredModels(for: ann), registry.modelVersions(for: ann))
            try await models.setAlias(champion, of: name, to: 1)
            _ = try await versions.move(1, of: name, to: .production, archivesOthers: false)
            try await registry.protect(.everyAlias, of: name, approvals: 1)
            try await registry.protect(.everyStage, of: name, approvals: 1)
            try? await models.setAlias(champion, of: name, to: 2)
            _ = try? await versions.move(1, of: name, to: .archived, archivesOthers: false)

            try await models.setAlias(champion, of: name, to: 1)
            _ = try await versions.move(1, of: name, to: .production, archivesOthers: false)

            #expect(try await registry.states(of: name) == [.open, .open])
        }
    }

    @Test(arguments: Backend.available)
    func `archiving the others asks also for what the rule of the archive wants`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel(versions: 2)
            let versions = registry.modelVersions(for: ann)
            try await registry.protect(.stage(.archived), of: name, approvals: 1)
            // Nobody is there to be archived.
            _ = try await versions.move(1, of: name, to: .production, archivesOthers: true)

            await expectFailure(
                .permissionDenied,
                "Moving version 2 of iris to Production and the others in it to the archive needs 1 approval and has 0; "
                    + "request 1 is open."
            ) { _ = try await versions.move(2, of: name, to: .production, archivesOthers: true) }
            _ = try await registry.approvals(for: bob).approve(1)

            #expect(try await versions.get(1, of: name).stage == .archived)
            #expect(try await versions.get(2, of: name).stage == .production)
        }
    }

    @Test(arguments: Backend.available)
    func `requests about a version that was archived beside another lapse`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel(versions: 2)
            let versions = registry.modelVersions(for: ann)
            _ = try await versions.move(1, of: name, to: .production, archivesOthers: false)
            try await registry.protect(.stage(.production), of: name, approvals: 1)
            _ = try? await versions.move(1, of: name, to: .staging, archivesOthers: false)
            _ = try? await versions.move(2, of: name, to: .production, archivesOthers: true)

            _ = try await registry.approvals(for: bob).approve(2)

            #expect(try await registry.states(of: name) == [.lapsed, .carriedOut])
        }
    }

    @Test(arguments: Backend.available)
    func `who approved that others are archived did not mean one that came or went later`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel(versions: 3)
            let versions = registry.modelVersions(for: ann)
            try await registry.protect(.stage(.production), of: name, approvals: 2)
            _ = try? await versions.move(3, of: name, to: .production, archivesOthers: true)
            _ = try? await versions.move(3, of: name, to: .production, archivesOthers: false)
            _ = try await registry.approvals(for: bob).approve(1)
            _ = try? await versions.move(2, of: name, to: .production, archivesOthers: false)
            for voter in [bob, cid] { _ = try await registry.approvals(for: voter).approve(3) }

            #expect(try await registry.states(of: name) == [.lapsed, .open, .carriedOut])
            await expectFailure(.invalidState, "Approval request 1 is not open: it is lapsed.") {
                _ = try await registry.approvals(for: cid).approve(1)
            }
        }
    }

    private static func moving(has approvals: Int) -> String {
        "Setting the alias 'champion' of iris to version 2 needs 2 approvals and has \(approvals); request 1 is open."
    }
}

extension Registry {
    /// The states of the requests, in the order in which they were opened.
    fileprivate func states(of name: ModelName) async throws -> [ApprovalRequest.State] {
        try await approvals(for: ann).requests(of: name, limit: 10).map(\.state).reversed()
    }

    /// A rule that ann sets.
    fileprivate func protect(_ target: ApprovalTarget, of name: ModelName, approvals: Int64) async throws {
        try await self.approvals(for: ann).set(ApprovalRule(target, approvals: approvals), of: name)
    }
}
