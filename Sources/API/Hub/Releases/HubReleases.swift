import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Releases of repositories.
///
/// Drafts are there only for those who may write.
///
/// - Source: Gitea 1.22, `routers/api/v1/repo/release.go`.
extension Hub {
    private static let fields: [EndpointDescription.Field] = [
        .init(
            "target_commitish",
            "Where the tag is made that is not there; the default branch where it is left out."
        ),
        .init("name", "A title."), .init("body", "What is said of it."),
        .init(
            "draft",
            .boolean,
            "Whether only those see it who may write; its tag is made when it is published."
        ),
        .init("prerelease", .boolean, "Whether it is a preview, which is never the latest."),
    ]

    var releaseEndpoints: [Endpoint] { releaseReads + releaseChanges + releaseFileEndpoints }

    private var releaseReads: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/releases",
                needs: .read,
                .init("The releases, the newest first.", query: .pages)
            ) { call in
                let page = try await git.releases(for: call.caller).list(call.page(), drafts: call.seesDrafts)
                let writer = try await releaseWriter(of: page.elements, call)
                return try .list(page, call, self) { json, release in
                    json.object { writer.write(release, to: &$0) }
                }
            },
            Self.row(
                .get,
                "repos/:owner/:repo/releases/latest",
                needs: .read,
                .init("The release that was published last and is no preview.")
            ) { call in
                try await answer(git.releases(for: call.caller).latest(), call)
            },
            Self.row(
                .get,
                "repos/:owner/:repo/releases/tags/**",
                needs: .read,
                .init("The release of a tag.")
            ) { call in
                let tag = try TagName(call.rest)
                return try await answer(
                    git.releases(for: call.caller).get(of: tag, drafts: call.seesDrafts),
                    call
                )
            },
            Self.row(.get, "repos/:owner/:repo/releases/:id", needs: .read, .init("A release.")) { call in
                try await answer(
                    git.releases(for: call.caller).get(call.key("id"), drafts: call.seesDrafts),
                    call
                )
            },
        ]
    }

    private var releaseChanges: [Endpoint] {
        [
            Self.row(
                .post,
                "repos/:owner/:repo/releases",
                needs: .write,
                .init(
                    "Makes a release, and its tag where that is not there.",
                    body: [.init("tag_name", isRequired: true, "The tag.")] + Self.fields,
                    success: .created
                )
            ) { try await createRelease($0) },
            Self.row(
                .patch,
                "repos/:owner/:repo/releases/:id",
                needs: .write,
                .init(
                    "Changes a release; a draft that is none any more is published.",
                    body: [.init("tag_name", "The tag.")] + Self.fields
                )
            ) { try await editRelease($0) },
            Self.row(
                .delete,
                "repos/:owner/:repo/releases/:id",
                needs: .write,
                .init("Deletes a release with its files; the tag stays.", success: .noContent)
            ) { call in
                try await git.releases(for: call.caller).delete(call.key("id"))
                return .noContent
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/releases/tags/**",
                needs: .write,
                .init("Deletes the release of a tag with its files; the tag stays.", success: .noContent)
            ) { call in
                let store = git.releases(for: call.caller)
                try await store.delete(try await store.get(of: TagName(call.rest), drafts: true).id)
                return .noContent
            },
        ]
    }

    private func createRelease(_ call: Call) async throws -> Answer {
        let (store, fields) = (git.releases(for: call.caller), try await call.fields())
        let tag = try TagName(fields.requiredString("tag_name"))
        let new = try NewRelease(
            tag: tag,
            target: try await target(fields, call),
            name: fields.string("name") ?? "",
            note: fields.string("body") ?? "",
            isDraft: fields.boolean("draft") ?? false,
            isPrerelease: fields.boolean("prerelease") ?? false
        )
        if !new.isDraft {
            try await store.checkFree(tag)
            try await ensure(tag, at: new.target, call)
        }
        return try await answer(try await store.create(new), call, .created)
    }

    private func editRelease(_ call: Call) async throws -> Answer {
        let (store, fields) = (git.releases(for: call.caller), try await call.fields())
        let old = try await store.get(call.key("id"), drafts: true)
        let change = try ReleaseChange(
            tag: fields.nonEmpty("tag_name").map { try TagName($0) },
            target: fields.nonEmpty("target_commitish").map { try Revision($0) },
            name: fields.string("name"),
            note: fields.string("body"),
            isDraft: fields.boolean("draft"),
            isPrerelease: fields.boolean("prerelease")
        )
        let tag = change.tag ?? old.tag
        // Whoever deleted the tag of a release gets none back, elsewhere perhaps, because its words are changed.
        if !(change.isDraft ?? old.isDraft), old.isDraft || tag != old.tag {
            try await store.checkFree(tag, for: old.id)
            try await ensure(tag, at: change.target ?? old.target, call)
        }
        return try await answer(try await store.edit(old.id, change), call)
    }

    private func target(_ fields: HubFields, _ call: Call) async throws -> Revision {
        if let target = try fields.nonEmpty("target_commitish") { return try Revision(target) }
        let workspace = call.repository.workspace
        return try Revision(try await git.glances(at: [workspace])[workspace]?.defaultBranch ?? "main")
    }

    /// Makes a tag where it is not there; the rules of the repository hold for it.
    private func ensure(_ tag: TagName, at target: String, _ call: Call) async throws {
        let content = try await changing(call)
        do {
            _ = try await content.tag(tag)
        } catch let failure as Failure where failure.code == .missing {
            do {
                _ = try await content.createTag(tag, at: Revision(target), by: signature(of: call))
            } catch let failure as Failure where failure.code == .missing {
                throw Failure.invalid(
                    "The tag '\(tag)' is not there, and cannot be made at '\(target)', which is not there either."
                )
            }
        }
    }

    private func answer(
        _ release: Release,
        _ call: Call,
        _ status: HTTPResponse.Status = .ok
    ) async throws -> Answer {
        let writer = try await releaseWriter(of: [release], call)
        return .json(status: status, capacityBytes: 2_048) { writer.write(release, to: &$0) }
    }

    private func releaseWriter(of releases: [Release], _ call: Call) async throws -> ReleaseWriter {
        ReleaseWriter(
            place: call.repository,
            addresses: addresses(for: call),
            logins: try await profiles(call).logins(of: releases.compactMap(\.authorID))
        )
    }
}

extension Call {
    /// Drafts are for those who may write.
    var seesDrafts: Bool { access.role.map { $0 >= .write } ?? false }
}
