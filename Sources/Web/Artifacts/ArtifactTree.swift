import ObjectStore

/// Names in folders, of which those on the way to what is shown are open.
struct ArtifactTree: Sendable {
    /// A folder that is open: its names in their order, and which of them is open in turn.
    struct Level: Sendable {
        let folder: ArtifactPath?
        let page: Files.EntryPage
    }

    let holder: ArtifactHolder
    /// From the outermost folder inwards.
    let levels: [Level]
    /// The file or folder that is shown.
    let current: ArtifactPath?

    /// Lists the folders on the way to a path; a folder itself is open too.
    static func load(
        _ shelf: ArtifactShelf,
        _ holder: ArtifactHolder,
        showing path: ArtifactPath?,
        isFolder: Bool
    ) async throws -> ArtifactTree {
        var folders = (path?.folders ?? []).compactMap { try? ArtifactPath($0) }
        if isFolder, let path { folders.append(path) }
        var levels = [Level(folder: nil, page: try await shelf.names(in: nil))]
        for folder in folders {
            levels.append(Level(folder: folder, page: try await shelf.names(in: folder)))
        }
        return ArtifactTree(holder: holder, levels: levels, current: path)
    }

    var isEmpty: Bool { levels[0].page.entries.isEmpty }

    var html: HTML { "<ul class=\"tree\">\(rows(of: 0))</ul>" }

    /// The names of the innermost folder alone.
    var innermost: HTML { rows(of: levels.count - 1) }

    private func rows(of place: Int) -> HTML {
        let page = levels[place].page
        let rows = page.entries.map { row($0.name, isFolder: $0.isFolder, in: place) }
        guard page.next != nil else { return rows.joined() }
        return rows.joined() + (chosen(in: place, besides: page.entries) ?? .empty)
            + "<li class=\"quiet\">… and more, listed in the folder</li>"
    }

    /// What is open or shown of a folder and is not among the names of it that are listed.
    private func chosen(in place: Int, besides entries: [Files.Entry]) -> HTML? {
        let isOpen = place + 1 < levels.count
        guard let path = isOpen ? levels[place + 1].folder : current,
            path.folders.last == levels[place].folder?.text,
            !entries.contains(where: { $0.name == path.name })
        else { return nil }
        return row(path.name, isFolder: isOpen, in: place)
    }

    private func row(_ name: String, isFolder: Bool, in place: Int) -> HTML {
        let path = levels[place].folder.map { "\($0.text)/\(name)" } ?? name
        guard let known = try? ArtifactPath(path) else { return .empty }
        let isCurrent: HTML = known == current ? "aria-current=\"page\"" : ""
        guard isFolder else {
            return """
                <li><a class="leaf" href="\(holder.address(known))" data-path="\(path)" \(isCurrent)>\
                \(Icon.file.html)<span>\(name)</span></a></li>
                """
        }
        let isOpen = place + 1 < levels.count && levels[place + 1].folder == known
        return """
            <li data-folder="\(holder.page["tree"].below(path))"><span class="branch">\
            <button type="button" class="twist" aria-expanded="\(isOpen ? "true" : "false")" aria-label="Files in \(name)"></button>\
            <a href="\(holder.address(known))" data-path="\(path)" \(isCurrent)>\(Icon.folder.html)<span>\(name)</span></a></span>\
            \(isOpen ? "<ul>\(rows(of: place + 1))</ul>" : nil)</li>
            """
    }
}
