import Accounts
import Core
import Repositories

/// What became of a ref, as the log says it.
struct RefWords: Sendable {
    /// In full.
    let name: String
    let before: String?
    let after: String?
    /// How many commits it brought; nil where nobody has counted them.
    let count: Int?

    init(_ details: JSON) {
        func word(_ key: String) -> String? {
            if case .string(let text) = details[key] { text } else { nil }
        }
        (name, before, after) = (word("ref") ?? "", word("before"), word("after"))
        if case .integer(let number) = details["commits"] { count = Int(number) } else { count = nil }
    }

    init(_ name: String, from before: String?, to after: String?) {
        (self.name, self.before, self.after, count) = (name, before, after, 0)
    }

    var isTag: Bool { name.hasPrefix(RefName.tags) }
    var type: String { isTag ? "tag" : "branch" }
    var short: String {
        String(name.dropFirst((isTag ? RefName.tags : RefName.branches).count))
    }
}

extension HookPayloads {
    /// How many commits of a push are shown; how many there are is told.
    private static let commitLimit = 20
    /// How many paths are named, in all commits together.
    private static let pathLimit = 1_000
    /// How much of a message is told.
    private static let messageBytes = 8 << 10
    /// What Git calls an object that there is not.
    private static let nothing = String(repeating: "0", count: 40)

    func push(_ ref: RefWords, in scene: HookScene) async throws -> String {
        let content = git.reading(for: scene.caller)
        let commits = try await commits(of: ref, content)
        var changes: [ObjectID: Diff] = [:]
        var query = DiffQuery()
        (query.limits.files, query.limits.lines, query.limits.bytes) = (Self.pathLimit, 0, 0)
        for commit in commits {
            do {
                let diff = try await content.diff(of: Revision(commit.id), query)
                query.limits.files -= diff.files.count
                changes[commit.id] = diff
            } catch let failure as Failure where failure.code == .tooLarge {
                // It is told without what it changes.
            }
        }
        let base = scene.addresses.api(of: scene.repository.place)
        let diffs = changes
        return scene.text { json in
            json.field("ref", ref.name)
            json.field("before", ref.before ?? Self.nothing)
            json.field("after", ref.after ?? Self.nothing)
            json.field("compare_url", Self.compareURL(ref, base))
            json.array("commits") { json in
                for commit in commits {
                    json.value(commit, changing: diffs[commit.id], messageBytes: Self.messageBytes, base)
                }
            }
            json.field("total_commits", max(ref.count ?? 0, commits.count))
            json.key("head_commit")
            if let head = commits.first {
                json.value(head, changing: diffs[head.id], messageBytes: Self.messageBytes, base)
            } else {
                json.null()
            }
            json.key("pusher")
            scene.writeSender(&json)
        }
    }

    private static func compareURL(_ ref: RefWords, _ base: String) -> String {
        guard let before = ref.before, let after = ref.after, before != after else { return "" }
        return "\(base)/compare/\(before)...\(after)"
    }

    /// The newest first, without what has gone since, by a push that was faster than the hook.
    private func commits(of ref: RefWords, _ content: Git) async throws -> [Commit] {
        guard !ref.isTag, let after = ref.after, after != ref.before else { return [] }
        do {
            if let before = ref.before {
                return try await content.commits(
                    of: Revision(after),
                    without: Revision(before),
                    limit: Self.commitLimit
                )
            }
            let limit = min(ref.count ?? Self.commitLimit, Self.commitLimit)
            return try await content.log(Revision(after), LogQuery(limit: limit)).commits
        } catch let failure as Failure where failure.code == .missing {
            return []
        }
    }
}
