package import Accounts
package import Core
package import Events
package import Repositories
package import Tracking
package import Webhooks

/// What hooks of repositories are told, in the shapes of Gitea.
///
/// It is written when the hook is to be told, so that it says how the repository is called by then. What changes by itself,
/// as a release and the state of a run, is told as it was when it happened: the event has it.
///
/// - Source: Gitea 1.22, `modules/structs/hook.go`.
package struct HookPayloads: Sendable {
    let accounts: Accounts
    let git: Repositories
    let ssh: SSHAddress?

    package init(_ accounts: Accounts, _ git: Repositories, ssh: SSHAddress?) {
        self.accounts = accounts
        self.git = git
        self.ssh = ssh
    }

    /// - Parameters:
    ///   - followed: What happened.
    ///   - event: What that is for hooks.
    ///   - server: The address of this server, as the hook knows it.
    ///   - tracking: Where runs are.
    /// - Returns: JSON; nil where the hook is told nothing.
    /// - Throws: `Failure` for what is not here any more.
    package func describe(
        _ followed: FollowedEvent,
        as event: HookEvent,
        at server: String,
        _ tracking: Tracking
    ) async throws -> String? {
        let details = try JSON(parsing: followed.event.details)
        if event == .runFinished, !Self.hasEnded(details) { return nil }
        guard let scene = try await scene(followed.workspace, by: followed.event.actor, at: server) else {
            return nil
        }
        switch event {
        case .push: return try await push(RefWords(details), in: scene)
        case .create: return created(RefWords(details), in: scene)
        case .delete: return deleted(RefWords(details), in: scene)
        case .runFinished: return try await ended(followed.event, details, in: scene, tracking)
        case .modelVersionCreated: return modelVersion(followed.event, details, "created", in: scene)
        case .modelVersionMoved:
            return modelVersion(followed.event, details, Self.move(followed.event.kind), in: scene)
        case .release: return try await release(followed.event, details, in: scene)
        }
    }

    /// A push that brought nothing, to see whether a hook is heard.
    ///
    /// - Parameters:
    ///   - caller: Who wants to see it, and in which repository.
    ///   - server: The address of this server, as the hook is to know it.
    /// - Returns: JSON.
    /// - Throws: `Failure.missing` where the repository is gone.
    package func test(_ caller: Caller, _ server: String) async throws -> String {
        guard let scene = try await scene(caller.workspace, by: caller.name, at: server) else {
            throw Failure.missing("The repository is not here any more.")
        }
        let glance = try await git.glances(at: [caller.workspace])[caller.workspace]
        let branch = glance?.defaultBranch ?? "main"
        let tip = try await git.refLog.known(caller.workspace).refs[RefName.branches + branch]
        return try await push(RefWords(RefName.branches + branch, from: tip, to: tip), in: scene)
    }

    /// Where something happened, and who did it; nil where the repository is gone.
    ///
    /// Security: the repository is seen as by somebody who may read it and nothing else, so that no address of a person and
    /// nothing of other repositories is told.
    private func scene(
        _ workspace: WorkspaceID,
        by actor: String,
        at server: String
    ) async throws -> HookScene? {
        let reader = Identity(
            account: nil,
            login: actor,
            means: .local,
            ceiling: .read,
            reachesAccount: false,
            workspace: workspace
        )
        guard let repository = try await accounts.repositories(for: reader).find(workspace) else {
            return nil
        }
        var sender: Profile?
        do {
            sender = try await accounts.profiles(for: reader).get(actor)
        } catch let failure as Failure where failure.code == .missing {
            // The local person has no account, and a mirror is nobody.
        }
        return HookScene(
            repository: repository,
            glances: try await git.glances(at: [workspace]),
            sender: sender,
            actor: actor,
            addresses: HubAddresses(server: server, ssh: ssh),
            caller: reader.caller(in: workspace)
        )
    }

    private static func hasEnded(_ details: JSON) -> Bool {
        guard details["changed"] == .boolean(true), case .string(let status) = details["status"] else {
            return false
        }
        return ["FINISHED", "FAILED", "KILLED"].contains(status)
    }

    private static func move(_ kind: Event.Kind) -> String {
        switch kind {
        case .aliasSet, .aliasRolledBack: "alias_set"
        case .aliasRemoved: "alias_removed"
        default: "stage_changed"
        }
    }

    /// A draft is nobody's business.
    private func release(_ event: Event, _ details: JSON, in scene: HookScene) async throws -> String? {
        guard details["draft"] != .boolean(true) else { return nil }
        let id = Int64(event.subject.dropFirst("release/".count)) ?? 0
        let action =
            switch event.kind {
            case .releaseDeleted: "deleted"
            case .releasePublished: "published"
            default: "updated"
            }
        let now = event.kind == .releaseDeleted ? nil : try await present(id, in: scene)
        let told = event.kind == .releaseDeleted ? nil : Release(id, asTold: details, now: now) ?? now
        guard let release = told else {
            return scene.text(action: action) { json in
                json.object("release") { json in
                    json.field("id", id)
                    json.field("tag_name", details["tag"] ?? .null)
                    json.field("name", details["name"] ?? .null)
                }
            }
        }
        let writer = ReleaseWriter(
            place: scene.repository.place,
            addresses: scene.addresses,
            logins: try await accounts.profiles(for: .anonymous).logins(
                of: [release.authorID].compactMap(\.self)
            )
        )
        return scene.text(action: action) { json in
            json.object("release") { writer.write(release, to: &$0) }
        }
    }

    /// The release that has an id by now; nil where it is gone, or is a draft again.
    private func present(_ id: Int64, in scene: HookScene) async throws -> Release? {
        do {
            return try await git.releases(for: scene.caller).get(id, drafts: false)
        } catch let failure as Failure where failure.code == .missing {
            return nil
        }
    }

    /// A run that ended; by now it may run again, or be gone.
    private func ended(
        _ event: Event,
        _ details: JSON,
        in scene: HookScene,
        _ tracking: Tracking
    ) async throws -> String {
        let id = String(event.subject.dropFirst("run/".count))
        var info: RunInfo?
        do {
            info = try await tracking.runs(for: scene.caller).get(id).info
        } catch let failure as Failure where failure.code == .missing {
            // It was purged: then this is what the event tells.
        }
        return scene.text(action: "finished") { json in
            json.object("run") { json in
                json.field("run_id", id)
                json.field("run_name", info.map { .string($0.name) } ?? JSON.null)
                json.field("experiment_id", info.map { .string("\($0.experimentID)") } ?? JSON.null)
                json.field("user_id", info.map { .string($0.userID) } ?? JSON.null)
                json.field("status", details["status"] ?? .null)
                json.field("start_time", info.map { .integer($0.startTime) } ?? JSON.null)
                json.field("end_time", details["end_time"] ?? info?.endTime.map(JSON.integer) ?? .null)
                json.field("artifact_uri", info.map { .string($0.artifactURI) } ?? JSON.null)
            }
        }
    }

    private func created(_ ref: RefWords, in scene: HookScene) -> String {
        scene.text { json in
            json.field("sha", ref.after ?? "")
            json.field("ref", ref.short)
            json.field("ref_type", ref.type)
        }
    }

    private func deleted(_ ref: RefWords, in scene: HookScene) -> String {
        scene.text { json in
            json.field("ref", ref.short)
            json.field("ref_type", ref.type)
            json.field("pusher_type", "user")
        }
    }

    /// `registered_model/iris/3` or `registered_model/iris/@champion`.
    private func modelVersion(
        _ event: Event,
        _ details: JSON,
        _ action: String,
        in scene: HookScene
    ) -> String {
        let name = event.subject.split(separator: "/").dropFirst().dropLast().joined(separator: "/")
        return scene.text(action: action) { json in
            json.object("model_version") { json in
                json.field("name", name)
                json.field("version", details["version"] ?? details["to"] ?? details["from"] ?? .null)
                for key in ["source", "run_id", "description", "tags"] {
                    guard let value = details[key] else { continue }
                    json.key(key)
                    json.value(value)
                }
            }
            for key in ["alias", "from", "to"] {
                guard action != "created", let value = details[key] else { continue }
                json.key(key)
                json.value(value)
            }
        }
    }
}
