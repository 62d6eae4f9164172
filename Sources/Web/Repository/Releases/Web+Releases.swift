import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import ObjectStore
import Repositories

extension Web {
    private static let mostTags = 10_000

    var releaseEndpoints: [Endpoint] {
        [
            repositoryPage("releases") { try await releasesPage($0) },
            releaseRow("releases") { visit, call in try await createRelease(visit, try await call.form()) },
            releaseRow("releases/:id/publish") { visit, call in
                let store = repositories.releases(for: visit.caller)
                let release = try await store.get(try call.releaseID(), drafts: true)
                try await ensure(release.tag, at: release.target, visit)
                _ = try await store.edit(release.id, ReleaseChange(isDraft: false))
            },
            releaseRow("releases/:id/delete") { visit, call in
                try await repositories.releases(for: visit.caller).delete(call.releaseID())
            },
            releaseRow("releases/:id/files") { visit, call in try await attach(visit, call) },
            releaseRow("releases/:id/files/:file/delete") { visit, call in
                guard let file = Int64(call.parameter("file")) else {
                    throw Failure.missing("There is no such file.")
                }
                try await releaseFiles(visit).remove(file, of: call.releaseID())
            },
        ]
    }

    /// A form that changes releases; where that cannot be, the page says why and has what was typed.
    private func releaseRow(
        _ path: String,
        _ act: @escaping @Sendable (Visit, Call) async throws -> Void
    ) -> Endpoint {
        Endpoint(.post, path, in: .repositoryPages, needs: .write) { call in
            try call.checkForm()
            let visit = visit(call)
            do {
                try await act(visit, call)
                return .redirect(to: visit.base["releases"].text)
            } catch let refused as RefusedRelease {
                var page = try await releasesPage(enter(visit))
                page.typed = refused.typed
                page.refusal = refused.failure.message
                return await answer(page, for: visit, status: Answer(refused.failure).status)
            } catch let failure as Failure where failure.isOfPerson {
                var page = try await releasesPage(enter(visit))
                page.refusal = failure.message
                return await answer(page, for: visit, status: Answer(failure).status)
            }
        }
    }

    private func releasesPage(_ repository: RepositoryVisit) async throws -> ReleasesPage {
        let visit = repository.visit
        let store = repositories.releases(for: visit.caller)
        let page = visit.pageNumber()
        async let tags = repository.content.tags(limit: Self.mostTags)
        // Drafts are for those who may write, also where the repository is archived.
        let seesDrafts = (visit.call.access.role ?? .read) >= .write
        let releases = try await store.list(
            PageRequest(number: page, limit: ReleasesPage.rowsPerPage),
            drafts: seesDrafts
        )
        var latest: Int64?
        if !releases.elements.isEmpty { latest = try? await store.latest().id }
        return ReleasesPage(
            repository: repository,
            releases: releases,
            page: page,
            latest: latest,
            tags: try await tags.map(\.name),
            takesFiles: files != nil
        )
    }

    private func createRelease(_ visit: Visit, _ form: Query) async throws {
        let typed = ReleaseWords(
            tag: form["tag"] ?? "",
            target: form["target"] ?? "",
            name: form["name"] ?? "",
            note: (form["note"] ?? "").replacing("\r\n", with: "\n")
        )
        do {
            let tag = try TagName(typed.tag)
            let new = try NewRelease(
                tag: tag,
                target: Revision(typed.target.isEmpty ? "HEAD" : typed.target),
                name: typed.name,
                note: typed.note,
                isDraft: form["draft"] == "yes",
                isPrerelease: form["prerelease"] == "yes"
            )
            if !new.isDraft { try await ensure(tag, at: new.target, visit) }
            _ = try await repositories.releases(for: visit.caller).create(new)
        } catch let failure as Failure where failure.isOfPerson {
            throw RefusedRelease(failure: failure, typed: typed)
        }
    }

    /// Makes a tag where it is not there; the rules of the repository hold for it.
    private func ensure(_ tag: TagName, at target: String, _ visit: Visit) async throws {
        let content = changing(visit)
        guard (try? await content.tag(tag)) == nil else { return }
        _ = try await content.createTag(tag, at: Revision(target), by: signature(of: visit))
    }

    private func attach(_ visit: Visit, _ call: Call) async throws {
        let form = try await call.multipartForm()
        guard let part = form.parts.first(where: { $0.name == "file" }), let name = part.fileName else {
            throw Failure.invalid("No file was chosen.")
        }
        let checked = try AssetName(name)
        let body = AsyncStream { stream in
            stream.yield(ByteBuffer(bytes: part.content))
            stream.finish()
        }
        _ = try await releaseFiles(visit).add(body, to: call.releaseID()) { checked }
    }

    private func releaseFiles(_ visit: Visit) throws -> ReleaseFileStore {
        guard let files else { throw Failure(.featureDisabled, "This server keeps no files.") }
        return repositories.releaseFiles(in: files, for: visit.caller)
    }
}

/// A release that could not be made, with what was typed of it.
private struct RefusedRelease: Error {
    let failure: Failure
    let typed: ReleaseWords
}

extension Call {
    fileprivate func releaseID() throws -> Int64 {
        guard let id = Int64(parameter("id")) else { throw Failure.missing("There is no such release.") }
        return id
    }
}
