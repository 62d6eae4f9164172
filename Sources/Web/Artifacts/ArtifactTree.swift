import ObjectStore

/// Names in folders, of which those on the way to what is shown are open.
struct ArtifactTree: Sendable {
    /// More names of one folder are not shown at once.
    static let mostEntries = 1_000

    /// A folder that is open: its names in their order, and which of them is open in turn.
    struct Level: Sendable {
        let folder: ArtifactPath?
        let entries: [Files.Entry]
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
        var levels = [Level(folder: nil, entries: try await shelf.list(nil))]
        for folder in folders {
            levels.append(Level(folder: folder, entries: try await shelf.list(folder)))
        }
        return ArtifactTree(holder: holder, levels: levels, current: path)
    }

    var isEmpty: Bool { levels[0].entries.isEmpty }

    var html: HTML { "<ul class=\"tree\">\(rows(of: 0))</ul>" }

    /// The names of the innermost folder alone.
    var innermost: HTML { rows(of: levels.count - 1) }

    private func rows(of place: Int) -> HTML {
        let level = levels[place]
        let rows = level.entries.prefix(Self.mostEntries).map { row($0, in: level, place) }
        let rest = level.entries.count - rows.count
        return rows.joined() + (rest > 0 ? "<li class=\"quiet\">and \(rest) more</li>" : .empty)
    }

    private func row(_ entry: Files.Entry, in level: Level, _ place: Int) -> HTML {
        let path = level.folder.map { "\($0.text)/\(entry.name)" } ?? entry.name
        guard let known = try? ArtifactPath(path) else { return .empty }
        let isCurrent: HTML = known == current ? "aria-current=\"page\"" : ""
        guard entry.isFolder else {
            return """
                <li><a class="leaf" href="\(holder.address(known))" data-path="\(path)" \(isCurrent)>\
                \(Icon.file.html)<span>\(entry.name)</span></a></li>
                """
        }
        let isOpen = place + 1 < levels.count && levels[place + 1].folder == known
        return """
            <li data-folder="\(holder.page["tree"].below(path))"><span class="branch">\
            <button type="button" class="twist" aria-expanded="\(isOpen ? "true" : "false")" aria-label="Files in \(entry.name)"></button>\
            <a href="\(holder.address(known))" data-path="\(path)" \(isCurrent)>\(Icon.folder.html)<span>\(entry.name)</span></a></span>\
            \(isOpen ? "<ul>\(rows(of: place + 1))</ul>" : nil)</li>
            """
    }
}
