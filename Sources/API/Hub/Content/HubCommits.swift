import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Commits of repositories, and what they changed.
extension Hub {
    private static let commitLimit = 250

    var commitEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/commits",
                needs: .read,
                .init(
                    "The history, the latest first.",
                    query: [
                        .init(
                            "sha",
                            "Where it begins: a branch, a tag or a commit; the default branch else."
                        ),
                        .init("path", "Only commits that changed this file or folder."),
                    ] + .pages
                )
            ) { try await log($0) },
            Self.row(
                .get,
                "repos/:owner/:repo/commits/**",
                needs: .read,
                .init("A commit by its id, in full or in short, or by the name of a branch or a tag.")
            ) { call in
                let content = try await content(of: call)
                let commit = try await content.commit(Revision(call.rest))
                let diff = try await content.diff(of: Revision(commit.id))
                return .json(capacityBytes: 4_096) { json in
                    let places = places(for: call)
                    json.outline(of: commit, places.api, page: places.page)
                    json.key("commit")
                    json.value(commit, changing: diff, places.api)
                    json.fields(of: diff)
                    json.field("experiment", JSON.null)
                }
            },
            Self.row(
                .get,
                "repos/:owner/:repo/compare/**",
                needs: .read,
                .init(
                    "What one revision has that another has not; the path is the other, three dots, and the one."
                )
            ) { try await compare($0) },
        ]
    }

    private func log(_ call: Call) async throws -> Answer {
        let (content, page) = (try await content(of: call), try call.page())
        let words = call.query
        var query = LogQuery(
            path: try words["path"].flatMap { $0.isEmpty ? nil : try TreePath($0) },
            limit: page.limit
        )
        query.skip = page.offset
        let start = try Revision(words["sha"].flatMap { $0.isEmpty ? nil : $0 } ?? "HEAD")
        let found: LogPage
        do {
            found = try await content.log(start, query)
        } catch let failure as Failure where failure.code == .missing && start.text == "HEAD" {
            // Nothing was pushed yet.
            return .array { _ in }
        }
        let places = places(for: call)
        var answer = Answer.array { json in
            for commit in found.commits { json.value(commit, places.api, page: places.page) }
        }
        answer.addPages(hasMore: found.hasMore, page, call, self)
        return answer
    }

    private func compare(_ call: Call) async throws -> Answer {
        guard let dots = call.rest.firstRange(of: "...") else {
            throw Failure.missing("Name two revisions with three dots between them, such as main...topic.")
        }
        let content = try await content(of: call)
        let comparison = try await content.compare(
            base: Revision(String(call.rest[..<dots.lowerBound])),
            head: Revision(String(call.rest[dots.upperBound...])),
            commitLimit: Self.commitLimit
        )
        let places = places(for: call)
        return .json(capacityBytes: 1 << 14) { json in
            json.field("base_commit", "\(comparison.base)")
            json.field("head_commit", "\(comparison.head)")
            json.field("merge_base_commit", comparison.mergeBase.map { .string("\($0)") } ?? JSON.null)
            json.field("ahead_by", comparison.divergence.ahead)
            json.field("behind_by", comparison.divergence.behind)
            json.field("total_commits", comparison.divergence.ahead)
            json.array("commits") { json in
                for commit in comparison.commits { json.value(commit, places.api, page: places.page) }
            }
            json.fields(of: comparison.diff)
        }
    }
}

extension Hub {
    /// Where the repository that the address names is, for programs and for people.
    func places(for call: Call) -> (api: String, page: String) {
        let addresses = addresses(for: call)
        return (addresses.api(of: call.repository), addresses.page(of: call.repository))
    }
}

/// - Source: the dagshub client 0.7.3, `CommitAPIResponse`, `GitUser`; Gitea 1.22, `Commit`.
extension JSONWriter {
    /// - Parameters:
    ///   - commit: A commit.
    ///   - diff: What it changed, where that is told.
    ///   - messageBytes: How much of its message is told.
    ///   - base: The address of the repository in the interface.
    ///   - page: Its address for people, where the commit is told as Gitea and GitHub do as well, within `commit`.
    mutating func value(
        _ commit: Commit,
        changing diff: Diff? = nil,
        messageBytes: Int = .max,
        _ base: String,
        page: String? = nil
    ) {
        object { json in
            json.field("id", "\(commit.id)")
            json.field("message", commit.message.prefix(bytes: messageBytes))
            json.outline(of: commit, base, page: page)
            json.field("timestamp", HubTime.text(commit.committer.seconds * 1_000))
            json.tree(of: commit, base)
            if page != nil {
                json.object("commit") { json in
                    json.field("url", "\(base)/commits/\(commit.id)")
                    json.field("message", commit.message.prefix(bytes: messageBytes))
                    json.person("author", commit.author)
                    json.person("committer", commit.committer)
                    json.tree(of: commit, base)
                }
            }
            json.paths("added", diff) { $0.status == .added ? $0.newPath : nil }
            json.paths("removed", diff) { $0.status == .deleted || $0.status == .renamed ? $0.oldPath : nil }
            json.paths("modified", diff) { $0.status == .added || $0.status == .deleted ? nil : $0.newPath }
        }
    }

    /// What every shape of a commit has.
    fileprivate mutating func outline(of commit: Commit, _ base: String, page: String?) {
        field("sha", "\(commit.id)")
        field("url", "\(base)/commits/\(commit.id)")
        if let page { field("html_url", "\(page)/commit/\(commit.id)") }
        field("created", HubTime.text(commit.committer.seconds * 1_000))
        person("author", commit.author)
        person("committer", commit.committer)
        array("parents") { json in
            for parent in commit.parents {
                json.object { json in
                    json.field("sha", "\(parent)")
                    json.field("url", "\(base)/commits/\(parent)")
                }
            }
        }
    }

    private mutating func tree(of commit: Commit, _ base: String) {
        object("tree") { json in
            json.field("sha", "\(commit.tree)")
            json.field("url", "\(base)/git/trees/\(commit.tree)")
        }
    }

    private mutating func person(_ key: StaticString, _ signature: Signature) {
        object(key) { json in
            json.field("name", signature.name)
            json.field("email", signature.email)
            json.field("username", "")
            json.field("date", HubTime.text(signature.seconds * 1_000))
        }
    }

    private mutating func paths(_ key: StaticString, _ diff: Diff?, _ path: (FileDiff) -> TreePath?) {
        guard let diff else { return field(key, JSON.null) }
        array(key) { json in
            for file in diff.files {
                if let path = path(file) { json.value("\(path)") }
            }
        }
    }

    fileprivate mutating func fields(of diff: Diff) {
        object("stats") { json in
            json.field("total", diff.additions + diff.deletions)
            json.field("additions", diff.additions)
            json.field("deletions", diff.deletions)
            json.field("files", diff.fileCount)
            json.field("is_truncated", diff.isTruncated)
        }
        array("files") { json in
            for file in diff.files { json.value(file) }
        }
    }

    private mutating func value(_ file: FileDiff) {
        object { json in
            json.field("filename", "\(file.path)")
            if file.status == .renamed, let old = file.oldPath { json.field("previous_filename", "\(old)") }
            json.field("status", file.status == .deleted ? "removed" : file.status.rawValue)
            json.field("additions", file.additions ?? 0)
            json.field("deletions", file.deletions ?? 0)
            json.field("sha", (file.newID ?? file.oldID).map { "\($0)" } ?? "")
            guard case .text(let hunks) = file.content else { return json.field("patch", JSON.null) }
            json.field("patch", hunks.map(\.patch).joined())
        }
    }
}

extension String {
    /// Its beginning, without a character that would be cut.
    fileprivate func prefix(bytes limit: Int) -> String {
        utf8.count <= limit ? self : String(self[..<utf8.index(startIndex, offsetBy: limit)])
    }
}

extension Hunk {
    /// As `git diff` writes it.
    fileprivate var patch: String {
        let heading = heading.isEmpty ? "" : " \(heading)"
        let head = "@@ -\(oldStart),\(oldCount) +\(newStart),\(newCount) @@\(heading)\n"
        return lines.reduce(into: head) { text, line in
            let mark =
                switch line.kind {
                case .context: " "
                case .addition: "+"
                case .deletion: "-"
                }
            text += mark + line.text + "\n"
            if line.lacksLineBreak { text += "\\ No newline at end of file\n" }
        }
    }
}
