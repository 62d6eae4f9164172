import Core
import HTTP
import Repositories

extension Web {
    /// So long a page waits for the last commits of a folder; those that come later are asked for by its script.
    private static let waitMs = 250

    var fileEndpoints: [Endpoint] {
        [
            repositoryPage("src/**") { repository in
                let (revision, path) = try await repository.split(repository.visit.call.rest)
                async let switcher = switcher(.src, revision, path, repository)
                if !path.isRoot {
                    let entry = try await repository.content.entry(at: path, of: Revision(revision.commit))
                    if entry.kind == .submodule {
                        return try await SubmodulePage(
                            repository: repository,
                            revision: revision,
                            entry: entry,
                            switcher: switcher
                        )
                    }
                    if entry.kind != .folder {
                        return try await filePage(entry, revision, switcher, repository)
                    }
                }
                return try await FolderPage(
                    repository: repository,
                    revision: revision,
                    view: folderView(path, revision, repository),
                    switcher: switcher
                )
            }
        ]
    }

    func folderView(
        _ path: TreePath,
        _ revision: ResolvedRevision,
        _ repository: RepositoryVisit
    ) async throws -> FolderView {
        let content = repository.content
        async let listing = content.folder(
            at: path,
            of: Revision(revision.commit),
            with: .lastCommits(waitMs: Self.waitMs)
        )
        async let tip = content.commit(Revision(revision.commit))
        let found = try await listing
        return FolderView(
            repository: repository,
            revision: revision,
            listing: found,
            page: repository.visit.pageNumber(),
            readme: try await readme(of: found, revision, repository),
            tip: try await tip
        )
    }

    private func filePage(
        _ entry: TreeEntry,
        _ revision: ResolvedRevision,
        _ switcher: RefSwitcher,
        _ repository: RepositoryVisit
    ) async throws -> FilePage {
        let visit = repository.visit
        async let siblings = repository.content.folder(
            at: entry.path.folder,
            of: Revision(revision.commit),
            with: .lastCommits(waitMs: Self.waitMs)
        )
        async let content = fileContent(
            of: entry,
            at: revision,
            repository,
            asSource: visit.query("view") == "source",
            page: visit.pageNumber("part")
        )
        let known = try await siblings.entries.first { $0.path == entry.path }
        return FilePage(
            repository: repository,
            revision: revision,
            entry: known ?? entry,
            content: try await content,
            switcher: switcher
        )
    }

    private func readme(
        of listing: FolderListing,
        _ revision: ResolvedRevision,
        _ repository: RepositoryVisit
    ) async throws -> Readme? {
        guard let entry = listing.readme, let size = entry.sizeBytes, size <= Readme.limitBytes else {
            return nil
        }
        let bytes = try await repository.content.bytes(of: entry, limitBytes: Readme.limitBytes)
        let links = MarkdownLinks(addresses: repository.addresses, revision: revision, folder: listing.path)
        let content = await aside {
            let text = String(decoding: bytes, as: UTF8.self)
            return FileKind(entry.name) == .markdown
                ? Markdown(text).html(resolving: links.resolve)
                : "<pre class=\"plain-text\">\(text)</pre>" as HTML
        }
        return Readme(
            name: entry.name,
            address: repository.addresses[.src, revision, entry.path],
            content: content
        )
    }
}
