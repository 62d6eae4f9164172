import ObjectStore

/// The head of what is shown: its name, its facts, and the ways to have it.
struct PreviewFrame {
    let holder: ArtifactHolder
    let path: ArtifactPath?
    /// Nil for a folder.
    let file: File?

    func html(around body: HTML) -> HTML {
        """
        <header class="preview-head"><h2>\(steps)</h2>
        <div class="row">\(facts)\(buttons)</div></header>
        \(body)
        """
    }

    private var steps: HTML {
        guard let path else { return "All artifacts" }
        let folders = path.folders.compactMap { try? ArtifactPath($0) }.map { folder in
            "<a href=\"\(holder.address(folder))\" data-path=\"\(folder.text)\">\(folder.name)</a> / " as HTML
        }
        return "\(folders)\(path.name)"
    }

    private var facts: HTML? {
        file.map { file in
            """
            <span class="quiet small">\(ByteCount(bytes: file.sizeBytes).text) · \(TimeLabel(file.modifiedMs).html)</span>
            """
        }
    }

    private var buttons: HTML {
        let copy: HTML = """
            <button type="button" class="button small" data-copy="\(holder.uri(path))">\(Icon.copy.html)Copy URI</button>
            """
        guard let path, file != nil else {
            return """
                \(copy)<a class="button small" href="\(holder.archive(path))">\(Icon.download.html)Download as tar</a>
                """
        }
        return """
            \(copy)<a class="button small" href="\(holder.raw(path))">\(Icon.external.html)Open</a>
            <a class="button small" href="\(holder.download(path))">\(Icon.download.html)Download</a>
            """
    }
}

/// The names in a folder with their sizes, as many as are shown at once.
struct FolderTable {
    let page: Files.EntryPage
    /// Whether it is the first page of the folder.
    let isFirst: Bool
    let path: ArtifactPath?
    let holder: ArtifactHolder

    var html: HTML { table + (turner ?? .empty) }

    var table: HTML {
        """
        <table class="list dense"><caption class="visually-hidden">Files</caption>
        <thead><tr><th scope="col">Name</th><th scope="col" class="number">Size</th></tr></thead>
        <tbody>\(page.entries.map(row))</tbody></table>
        """
    }

    /// The way to the other names; nil where these are all.
    var turner: HTML? {
        guard !isFirst || page.next != nil else { return nil }
        let address = holder.address(path)
        return """
            <nav class="pager" aria-label="Names of the folder">
            \(isFirst ? nil : "<a class=\"button\" href=\"\(address)\">The first names</a>")
            <span class="quiet">\(page.entries.count.grouped) of the names</span>
            \(page.next.map { "<a class=\"button\" href=\"\(address.with("after", $0))\">The next names</a>" as HTML })</nav>
            """
    }

    private func row(_ entry: Files.Entry) -> HTML {
        let text = path.map { "\($0.text)/\(entry.name)" } ?? entry.name
        guard let path = try? ArtifactPath(text) else { return .empty }
        let icon = entry.isFolder ? Icon.folder : Icon.file
        return """
            <tr><td><a href="\(holder.address(path))" data-path="\(text)">\(icon.html) \(entry.name)</a></td>\
            <td class="number">\(entry.sizeBytes.map { ByteCount(bytes: $0).text } ?? "")</td></tr>
            """
    }
}
