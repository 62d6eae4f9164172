import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Branches and tags of repositories.
extension Hub {
    /// Security: a list of refs is read whole to know how long it is.
    private static let mostRefs = 10_000

    var refEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/branches",
                needs: .read,
                .init("The branches by their names.", query: .pages)
            ) { call in
                let content = try await content(of: call)
                let branches = try await content.branches(limit: Self.mostRefs)
                let page = try call.page().slice(of: branches)
                let commits = try await content.commits(page.elements.map(\.commit))
                let base = addresses(for: call).api(of: call.repository)
                return try .list(ListPage(Array(zip(page.elements, commits)), total: page.total), call, self)
                {
                    json,
                    pair in
                    json.object { json in
                        json.field("name", pair.0.name.text)
                        json.key("commit")
                        json.value(pair.1, base)
                    }
                }
            },
            Self.row(.get, "repos/:owner/:repo/branches/**", needs: .read, .init("A branch.")) { call in
                let content = try await content(of: call)
                let branch = try await content.branch(BranchName(call.rest))
                let commit = try await content.commit(Revision(branch.commit))
                return .json(capacityBytes: 1_024) { json in
                    json.field("name", branch.name.text)
                    json.key("commit")
                    json.value(commit, addresses(for: call).api(of: call.repository))
                }
            },
            Self.row(
                .get,
                "repos/:owner/:repo/tags",
                needs: .read,
                .init("The tags by their names.", query: .pages)
            ) { call in
                let content = try await content(of: call)
                let tags = try await content.tags(limit: Self.mostRefs)
                let page = try call.page().slice(of: tags)
                let base = addresses(for: call).api(of: call.repository)
                return try .list(page, call, self) { json, tag in
                    json.object { $0.tag(tag.name, tag.object, tag.message, of: tag.commit, base) }
                }
            },
            Self.row(.get, "repos/:owner/:repo/tags/**", needs: .read, .init("A tag.")) { call in
                let tag = try await content(of: call).tag(TagName(call.rest))
                let base = addresses(for: call).api(of: call.repository)
                return .json { $0.tag(tag.name, tag.object, tag.message, of: tag.commit, base) }
            },
        ]
    }
}

extension PageRequest {
    /// The part of a list that is all in memory.
    func slice<Element>(of list: [Element]) -> ListPage<Element> {
        ListPage(Array(list.dropFirst(offset).prefix(limit)), total: list.count)
    }
}

extension JSONWriter {
    fileprivate mutating func tag(
        _ name: TagName,
        _ id: ObjectID,
        _ message: String?,
        of commit: ObjectID?,
        _ base: String
    ) {
        field("name", name.text)
        field("id", "\(id)")
        field("message", message ?? "")
        key("commit")
        guard let commit else { return null() }
        object { json in
            json.field("id", "\(commit)")
            json.field("sha", "\(commit)")
            json.field("url", "\(base)/commits/\(commit)")
        }
    }
}
