import Core
import HTTP
import ObjectStore

/// Loads a file or a folder as markup, bounded by what a browser can show.
struct ArtifactPreview: Sendable {
    /// Of a longer text only the beginning is shown.
    private static let textBytes = 512 << 10
    /// Tables and JSON beyond this are not taken apart in the browser.
    private static let structureBytes: Int64 = 20 << 20
    private static let markdownBytes = 1 << 20

    let shelf: ArtifactShelf
    let holder: ArtifactHolder
    let visit: Visit
    let notebooks: NotebookCache

    /// Loads what a path names.
    ///
    /// - Parameter path: The file or the folder; nil for the root.
    /// - Returns: What is shown of it, and whether it is a folder.
    /// - Throws: `Failure.missing` where there is neither.
    func load(_ path: ArtifactPath?) async throws -> (html: HTML, isFolder: Bool) {
        guard let path else { return (try await folder(nil), true) }
        if let file = try await shelf.find(path) { return (try await self.file(file, path), false) }
        guard try await shelf.isFolder(path) else {
            throw Failure.missing("There is no artifact '\(path)'.")
        }
        return (try await folder(path), true)
    }

    // MARK: Folders

    private func folder(_ path: ArtifactPath?) async throws -> HTML {
        let after = visit.query("after")
        let page = try await shelf.names(in: path, after: after)
        let names = Set(page.entries.map(\.name))
        // What may stand behind the names that are shown is looked for.
        func mayHold(_ name: String) -> Bool { after == nil && (page.next != nil || names.contains(name)) }
        func inside(_ name: String) throws -> ArtifactPath {
            try path.map { try $0.appending(ArtifactPath(name)) } ?? ArtifactPath(name)
        }
        var parts: [HTML] = []
        if mayHold("MLmodel"),
            let text = try await shelf.text(of: inside("MLmodel"), limit: Self.markdownBytes)
        {
            parts.append(try await ModelPreview.load(text, at: path, shelf, holder, visit).html)
        }
        let gallery = ImageGallery(page.entries, in: path, holder: holder)
        let table = FolderTable(page: page, isFirst: after == nil, path: path, holder: holder)
        if gallery.isEmpty {
            parts.append(table.html)
        } else {
            let count = "\(page.entries.count)\(page.next == nil ? "" : "+")"
            parts.append(
                gallery.html + Self.behind("Files (\(count))", table.table) + (table.turner ?? .empty)
            )
        }
        if mayHold("README.md"),
            let text = try await shelf.text(of: inside("README.md"), limit: Self.markdownBytes)
        {
            let readme = await aside { markdown(text, in: path) }
            parts.append("<section class=\"readme\">\(readme)</section>")
        }
        return PreviewFrame(holder: holder, path: path, file: nil).html(around: parts.joined())
    }

    // MARK: Files

    private func file(_ file: File, _ path: ArtifactPath) async throws -> HTML {
        let body =
            switch FileKind(path.name) {
            case .markdown: try await rendered(file, path)
            case .json: try await structure(file, path, view: "json")
            case .table: try await structure(file, path, view: "table")
            case .image: image(path)
            case .page: try await self.page(file, path)
            case .notebook: try await notebook(file, path)
            case .pdf: framed(path, isSandboxed: false)
            case .audio: "<audio controls preload=\"metadata\" src=\"\(holder.raw(path))\"></audio>" as HTML
            case .video: "<video controls preload=\"metadata\" src=\"\(holder.raw(path))\"></video>" as HTML
            case .model: try await model(file, path)
            case .parquet: try await parquet(file)
            case .text, .pointer: try await text(file, path)
            }
        return PreviewFrame(holder: holder, path: path, file: file).html(around: body)
    }

    private func text(_ file: File, _ path: ArtifactPath) async throws -> HTML {
        let bytes = try await shelf.bytes(of: file, limit: Self.textBytes)
        guard let text = FileText(bytes, isWhole: file.sizeBytes <= Int64(Self.textBytes)) else {
            return BinaryFacts(file: file, beginning: bytes, download: holder.download(path)).html
        }
        return await aside {
            CodeView(text: text, language: CodeLanguage.of(path.name), whole: holder.download(path)).html
        }
    }

    /// A view that a script makes of the text, which is shown until then.
    private func structure(_ file: File, _ path: ArtifactPath, view: String) async throws -> HTML {
        let source = try await text(file, path)
        guard file.sizeBytes <= Self.structureBytes else { return source }
        return """
            <div class="view" data-view="\(view)" data-source="\(holder.raw(path))" \
            data-root="\(holder.page["raw"])" data-separator="\("\(TextTable.separator(of: path.name))")">\
            <div data-view-source>\(source)</div></div>
            """
    }

    private func parquet(_ file: File) async throws -> HTML {
        try await aside {
            let content = try await shelf.files.open(file)
            return try await ParquetView.html(sizeBytes: file.sizeBytes) { range in
                try await content.bytes(of: range)
            }
        }
    }

    private func rendered(_ file: File, _ path: ArtifactPath) async throws -> HTML {
        let source = try await text(file, path)
        guard let text = try await shelf.text(of: path, limit: Self.markdownBytes) else { return source }
        let folder = path.folders.last.flatMap { try? ArtifactPath($0) }
        return await aside { markdown(text, in: folder) } + Self.behind("Source", source)
    }

    private func markdown(_ text: String, in folder: ArtifactPath?) -> HTML {
        Markdown(text).html { resolved($0, isPicture: $1, from: folder) }
    }

    /// An address in a text of a folder as one of this server.
    private func resolved(_ address: String, isPicture: Bool, from folder: ArtifactPath?) -> String {
        guard let path = RelativeAddress(address)?.path(from: folder) else {
            return Markdown.withoutFarPictures(address, isPicture)
        }
        return (isPicture ? holder.raw(path) : holder.address(path)).text
    }

    private func image(_ path: ArtifactPath) -> HTML {
        """
        <div class="view" data-view="image"><a class="picture" href="\(holder.raw(path))">\
        <img src="\(holder.raw(path))" alt="\(path.name)"></a></div>
        """
    }

    private func page(_ file: File, _ path: ArtifactPath) async throws -> HTML {
        framed(path, isSandboxed: true) + Self.behind("Source", try await text(file, path))
    }

    /// Security: the frame has an origin of its own, and so has what is served in it; see `ContentPolicy.usersContent`.
    private func framed(_ path: ArtifactPath, isSandboxed: Bool) -> HTML {
        let sandbox: HTML = isSandboxed ? "sandbox=\"allow-scripts\"" : ""
        return """
            <iframe class="artifact-frame" src="\(holder.raw(path))" title="\(path.name)" \(sandbox) \
            referrerpolicy="no-referrer"></iframe>
            """
    }

    private func notebook(_ file: File, _ path: ArtifactPath) async throws -> HTML {
        let source = try await text(file, path)
        guard file.sizeBytes <= Int64(Notebook.limitBytes) else { return source }
        let notebook = try await notebooks.notebook(.artifact(file.hash)) {
            try await shelf.bytes(of: file, limit: Notebook.limitBytes)
        }
        guard let notebook else { return source }
        let folder = path.folders.last.flatMap { try? ArtifactPath($0) }
        let rendered = await aside {
            NotebookView(notebook: notebook, outputs: holder.raw(path)) {
                resolved($0, isPicture: $1, from: folder)
            }.html
        }
        return rendered + Self.behind("Source", source)
    }

    private func model(_ file: File, _ path: ArtifactPath) async throws -> HTML {
        let source = try await text(file, path)
        guard let text = try await shelf.text(of: path, limit: Self.markdownBytes) else { return source }
        let folder = path.folders.last.flatMap { try? ArtifactPath($0) }
        let preview = try await ModelPreview.load(text, at: folder, shelf, holder, visit)
        return preview.html + Self.behind("Source", source)
    }

    private static func behind(_ label: String, _ content: HTML) -> HTML {
        "<details class=\"edit\"><summary>\(label)</summary>\(content)</details>"
    }
}
