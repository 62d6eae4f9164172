import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Objects of Git and the refs that name them, as Gitea and GitHub tell of them.
extension Hub {
    /// How many entries of a tree are on a page; as many where nobody says how many.
    private static let mostTreeEntries = 1_000
    /// Security: a list of refs is read whole to know how long it is.
    private static let mostNamedRefs = 10_000

    var objectEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/git/trees/**",
                needs: .read,
                .init(
                    "The entries of a tree, which the id of a tree or of a commit names, or a branch or a tag; 'truncated' says that there are more than these.",
                    query: [
                        .init("recursive", "True, or 1, for what is in its folders as well."),
                        .init("page", .integerFrom(1, to: PageRequest.lastNumber), "Which page, from 1."),
                        .init(
                            "per_page",
                            .integerFrom(1, to: Self.mostTreeEntries),
                            "How many on a page, \(Self.mostTreeEntries) where it is left out."
                        ),
                    ]
                )
            ) { try await tree($0) },
            Self.row(
                .get,
                "repos/:owner/:repo/git/blobs/:sha",
                needs: .read,
                .init(
                    "A file by its id, in base64; the content of one beyond 1 MiB is left out ('encoding' is none)."
                )
            ) { try await blob($0) },
            Self.row(
                .get,
                "repos/:owner/:repo/git/refs",
                needs: .read,
                .init("Branches, tags and notes under their names in full.", query: .pages)
            ) { call in
                try await refs(at: "refs", call)
            },
            Self.row(
                .get,
                "repos/:owner/:repo/git/refs/**",
                needs: .read,
                .init(
                    "A ref as an object, such as heads/main; or those below a name, such as heads, as a list.",
                    query: .pages
                )
            ) { call in
                try await refs(at: "refs/" + call.rest.removingLastSlash, call)
            },
        ]
    }

    private func tree(_ call: Call) async throws -> Answer {
        let (content, query) = (try await content(of: call), call.query)
        let number = try query.number("page") ?? 1
        guard (1...PageRequest.lastNumber).contains(number) else {
            throw Failure.invalid("'page' is a number from 1 to \(PageRequest.lastNumber), not \(number).")
        }
        let limit = try query.number("per_page") ?? query.number("limit") ?? Self.mostTreeEntries
        guard limit >= 0 else { throw Failure.invalid("'per_page' is a number from 1 on, not \(limit).") }
        let most = limit == 0 ? Self.mostTreeEntries : min(limit, Self.mostTreeEntries)
        let page = try await content.treePage(
            of: Revision(call.rest),
            isRecursive: !["", "0", "false"].contains(query["recursive"]?.lowercased() ?? ""),
            offset: (number - 1) * most,
            limit: most
        )
        let base = addresses(for: call).api(of: call.repository)
        let isTruncated = page.isCutOff || (number - 1) * most + page.entries.count < page.total
        return await .page(capacityBytes: page.entries.count * 320 + 512) { json in
            json.field("sha", "\(page.tree)")
            json.field("url", "\(base)/git/trees/\(page.tree)")
            json.array("tree") { json in
                for entry in page.entries { json.object { $0.node(entry, base) } }
            }
            json.field("truncated", isTruncated)
            json.field("page", number)
            json.field("total_count", page.total)
        }
    }

    private func blob(_ call: Call) async throws -> Answer {
        guard let id = ObjectID(call.parameter("sha")) else {
            throw Failure.missing("'\(call.parameter("sha").prefix(40))' is no id of a file.")
        }
        let (size, bytes) = try await content(of: call).blob(id, limitBytes: Self.contentLimitBytes)
        let base = addresses(for: call).api(of: call.repository)
        return .json(capacityBytes: (bytes?.count ?? 0) * 2 + 512) { json in
            json.field("sha", "\(id)")
            json.field("url", "\(base)/git/blobs/\(id)")
            json.field("size", size)
            json.content(bytes)
        }
    }

    private func refs(at name: String, _ call: Call) async throws -> Answer {
        let found = try await content(of: call).refs(at: name, limit: Self.mostNamedRefs)
        let base = addresses(for: call).api(of: call.repository)
        if let only = found.first, only.name == name { return .json { $0.fields(of: only, base) } }
        guard !found.isEmpty || name == "refs" else {
            throw Failure.missing("No ref '\(name)' is here, and none below it.")
        }
        return try .list(call.page().slice(of: found), call, self) { json, ref in
            json.object { $0.fields(of: ref, base) }
        }
    }
}

extension String {
    /// As it stands in an address.
    fileprivate var escapedAsPath: String { (try? TreePath(self))?.percentEncoded ?? self }

    /// Names of refs end without one, and those who ask for a folder often write it.
    fileprivate var removingLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}

/// - Source: Gitea 1.22, `GitEntry`, `Reference`.
extension JSONWriter {
    fileprivate mutating func node(_ entry: TreeEntry, _ base: String) {
        let kind = entry.kind == .folder ? "tree" : entry.kind == .submodule ? "commit" : "blob"
        let digits = String(entry.mode, radix: 8)
        field("path", "\(entry.path)")
        field("mode", String(repeating: "0", count: max(0, 6 - digits.count)) + digits)
        field("type", kind)
        if let size = entry.sizeBytes { field("size", size) }
        field("sha", "\(entry.id)")
        field("url", entry.kind == .submodule ? JSON.null : .string("\(base)/git/\(kind)s/\(entry.id)"))
    }

    fileprivate mutating func fields(of ref: NamedRef, _ base: String) {
        field("ref", ref.name)
        field("url", "\(base)/git/\(ref.name.escapedAsPath)")
        object("object") { json in
            json.field("type", ref.kind.rawValue)
            json.field("sha", "\(ref.object)")
            json.field("url", ref.address(below: base).map { .string($0) } ?? JSON.null)
        }
    }
}

extension NamedRef {
    /// Where its object is told of; nil for an annotated tag that is no tag's own, such as a note of one.
    fileprivate func address(below base: String) -> String? {
        switch kind {
        case .commit: "\(base)/commits/\(object)"
        case .tree: "\(base)/git/trees/\(object)"
        case .blob: "\(base)/git/blobs/\(object)"
        case .tag:
            name.hasPrefix(RefName.tags)
                ? "\(base)/tags/\(String(name.dropFirst(RefName.tags.count)).escapedAsPath)" : nil
        }
    }
}
