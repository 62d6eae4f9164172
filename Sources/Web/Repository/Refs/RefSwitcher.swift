import Repositories

/// The choice of the branch or the tag that is shown; a list of links, which a script searches.
struct RefSwitcher: Sendable {
    let addresses: RepositoryAddresses
    let view: RepositoryAddresses.View
    let revision: ResolvedRevision
    let path: TreePath
    let branches: [Branch]
    let tags: [GitTag]

    /// As many are in the list; the pages of branches and tags have all.
    static let most = 200

    var html: HTML {
        """
        <details class="menu refs" data-refs><summary class="button" aria-label="\(kind) \(revision.label): choose another">\
        \(icon)<span class="clip">\(revision.label)</span></summary>
        <div class="menu-body">
        <form action="\(addresses.base["branches"])" method="get" role="search"><input type="search" name="q" \
        placeholder="Find a branch or a tag" aria-label="Find a branch or a tag" autocomplete="off"></form>
        <div class="refs-list">
        <p class="menu-title">Branches</p>
        \(branches.map { link($0.name.text, ResolvedRevision(kind: .branch($0.name), commit: $0.commit)) })
        \(tags.isEmpty ? nil : "<p class=\"menu-title\">Tags</p>")
        \(tags.compactMap { tag in
            tag.commit.map { link(tag.name.text, ResolvedRevision(kind: .tag(tag.name), commit: $0)) }
        })
        </div>
        \(isCut ? "<p class=\"quiet small\">Only the first \(Self.most) of each are listed.</p>" : nil)
        <a href="\(addresses.base["branches"])">All branches</a><a href="\(addresses.base["tags"])">All tags</a>
        </div></details>
        """
    }

    private var isCut: Bool { max(branches.count, tags.count) == Self.most }

    private func link(_ name: String, _ revision: ResolvedRevision) -> HTML {
        let isCurrent = revision.kind == self.revision.kind
        return """
            <a href="\(addresses[view, revision, path])" \(isCurrent ? "aria-current=\"true\"" : "" as HTML)>\(name)</a>

            """
    }

    private var kind: String {
        switch revision.kind {
        case .branch: "Branch"
        case .tag: "Tag"
        case .commit: "Commit"
        }
    }

    private var icon: HTML {
        switch revision.kind {
        case .branch: Icon.branch.html
        case .tag: Icon.tag.html
        case .commit: Icon.commit.html
        }
    }
}

extension Web {
    func switcher(
        _ view: RepositoryAddresses.View,
        _ revision: ResolvedRevision,
        _ path: TreePath,
        _ repository: RepositoryVisit
    ) async throws -> RefSwitcher {
        async let branches = repository.content.branches(limit: RefSwitcher.most)
        async let tags = repository.content.tags(limit: RefSwitcher.most)
        return try await RefSwitcher(
            addresses: repository.addresses,
            view: view,
            revision: revision,
            path: path,
            branches: branches,
            tags: tags
        )
    }
}
