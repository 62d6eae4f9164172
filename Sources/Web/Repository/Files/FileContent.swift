import Core
import HTTP
import ObjectStore
import Repositories

/// What is shown of a file, made ready beside the event loops.
struct FileContent: Sendable {
    /// A larger text is not shown.
    static let limitBytes = 2 << 20
    /// Git has no part of a file without the whole of it.
    static let parquetBytes = 32 << 20

    var html: HTML
    var lineCount: Int?
    var isText = false
    /// Whether it can be edited in a browser.
    var isEditable = false
    /// Whether it is shown as what it means, where it could be shown as it is written; nil where there is one way only.
    var isRendered: Bool?
    var sizeBytes: Int64
    /// Whether what is shown is the file that a pointer of Git LFS stands for.
    var isLarge = false
}

extension Web {
    /// - Parameters:
    ///   - entry: A file or a symbolic link.
    ///   - revision: Where it is.
    ///   - repository: Where that is.
    ///   - asSource: Whether it is to be shown as it is written.
    ///   - page: Which of the pages of a long text.
    /// - Returns: What is shown of it.
    /// - Throws: `Failure.missing` where it is not there.
    func fileContent(
        of entry: TreeEntry,
        at revision: ResolvedRevision,
        _ repository: RepositoryVisit,
        asSource: Bool,
        page: Int
    ) async throws -> FileContent {
        let size = Int64(entry.sizeBytes ?? 0)
        let raw = repository.addresses[.raw, revision, entry.path]
        let kind = FileKind(entry.name)
        if entry.kind == .symlink {
            let target = try await repository.content.bytes(of: entry, limitBytes: 4_096)
            return FileContent(
                html: "<p>A symbolic link to <code>\(String(decoding: target, as: UTF8.self))</code></p>",
                sizeBytes: size
            )
        }
        if let pointer = try await repository.content.lfsPointer(of: entry), !asSource {
            return try await content(of: pointer, for: entry, raw, repository)
        }
        if kind.isShownByBrowser {
            return FileContent(
                html: MediaView(kind: kind, name: entry.name, address: raw).html,
                sizeBytes: size
            )
        }
        if kind == .parquet { return try await parquet(entry, raw, repository) }
        let limit = kind == .notebook ? Notebook.limitBytes : FileContent.limitBytes
        guard size <= limit else { return .facts("It is too large to be shown.", size, raw) }
        let bytes = try await repository.content.bytes(of: entry, limitBytes: limit)
        guard !TextLines.isBinary(bytes) else { return .facts("It is binary.", size, raw) }
        let links = MarkdownLinks(
            addresses: repository.addresses,
            revision: revision,
            folder: entry.path.folder
        )
        let shown = asSource && kind.hasSource ? .text : kind
        var notebook: Notebook?
        if shown == .notebook { notebook = try await notebooks.notebook(.blob(entry.id)) { bytes } }
        return await aside { [notebook] in
            FileContent(
                text: bytes,
                of: entry.path,
                kind: shown,
                notebook: notebook,
                page: page,
                raw: raw,
                outputs: repository.addresses[.output, revision, entry.path],
                links: links
            )
        }
    }

    private func parquet(
        _ entry: TreeEntry,
        _ raw: Address,
        _ repository: RepositoryVisit
    ) async throws -> FileContent {
        let size = entry.sizeBytes ?? 0
        guard size <= FileContent.parquetBytes else {
            return .facts("It is too large to be shown.", Int64(size), raw)
        }
        let bytes = try await repository.content.bytes(of: entry, limitBytes: size)
        let html = try await aside {
            try await ParquetView.html(sizeBytes: Int64(bytes.count)) { range in
                Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
            }
        }
        return FileContent(html: "<div class=\"body\">\(html)</div>", sizeBytes: Int64(size))
    }

    private func content(
        of pointer: LFSPointer,
        for entry: TreeEntry,
        _ raw: Address,
        _ repository: RepositoryVisit
    ) async throws -> FileContent {
        let kind = FileKind(entry.name)
        let large = try await largeFile(of: entry, repository)
        let facts: HTML = """
            <dl class="facts pointer"><dt>Kept by</dt><dd>Git LFS</dd><dt>SHA-256</dt><dd class="mono">\(pointer.oid)</dd>
            <dt>Size</dt><dd>\(ByteCount(bytes: pointer.sizeBytes).text)</dd></dl>
            """
        let shown: HTML
        if large == nil {
            shown =
                "<p class=\"note warn\">The file itself was not sent here yet: <code>git lfs push</code> does it.</p>"
        } else if kind == .parquet, let large, let files {
            let stored = try await repositories.largeFiles(in: files, for: repository.visit.caller).open(
                large
            )
            shown = try await aside {
                try await ParquetView.html(sizeBytes: large.sizeBytes) { try await stored.bytes(of: $0) }
            }
        } else if kind.isShownByBrowser {
            shown = MediaView(kind: kind, name: entry.name, address: raw).html
        } else {
            shown = "<p><a class=\"button\" href=\"\(raw)\">\(Icon.download.html) Download</a></p>"
        }
        var content = FileContent(html: facts + shown, sizeBytes: pointer.sizeBytes)
        content.isLarge = true
        return content
    }
}

extension FileContent {
    fileprivate static func facts(_ reason: String, _ sizeBytes: Int64, _ raw: Address) -> FileContent {
        FileContent(
            html: """
                <p>\(reason) \(ByteCount(bytes: sizeBytes).text).</p>
                <p><a class="button" href="\(raw)">\(Icon.download.html) Download</a></p>
                """,
            sizeBytes: sizeBytes
        )
    }

    /// A text, shown as its kind says; `text` for as it is written.
    fileprivate init(
        text bytes: [UInt8],
        of path: TreePath,
        kind: FileKind,
        notebook: Notebook?,
        page: Int,
        raw: Address,
        outputs: Address,
        links: MarkdownLinks
    ) {
        let lines = TextLines(bytes)
        html = .empty
        sizeBytes = Int64(bytes.count)
        lineCount = lines.count
        isText = true
        isEditable = bytes.count <= Int(EditPage.limitBytes) && (try? EditableText(bytes, of: path)) != nil
        if FileKind(path.name).hasSource { isRendered = kind != .text }
        if lines.hasDirectionMarks {
            html += """
                <p class="note warn">\(Icon.warning.html) The file has characters that turn the direction of text: it may be \
                read in another order than it is run.</p>
                """
        }
        switch kind {
        case .markdown:
            html +=
                "<div class=\"body\">\(Markdown(String(decoding: bytes, as: UTF8.self)).html(resolving: links.resolve))</div>"
        case .table:
            html += TextTable(bytes, separator: TextTable.separator(of: path.name)).html
        case .page:
            // Security: what users wrote runs in an origin of its own.
            html +=
                "<iframe class=\"page-frame\" sandbox=\"allow-scripts\" src=\"\(raw)\" title=\"\(path.name)\"></iframe>"
        case .notebook:
            if let notebook {
                html += NotebookView(notebook: notebook, outputs: outputs, resolve: links.resolve).html
            } else {
                html += CodeTable(lines: lines, path: path, page: 1).paged(raw)
            }
        case .pointer:
            if let pointer = DataPointer(String(decoding: bytes, as: UTF8.self)) { html += pointer.html }
            html += CodeTable(lines: lines, path: path, page: 1).paged(raw)
        case .text, .json, .model, .parquet, .image, .audio, .video, .pdf:
            html += CodeTable(lines: lines, path: path, page: page).paged(raw)
        }
    }
}

extension CodeTable {
    /// The page, with the way to the others.
    fileprivate func paged(_ raw: Address) -> HTML {
        guard pageCount > 1 else { return html }
        let pages = (1...pageCount).filter { $0 == 1 || $0 == pageCount || abs($0 - page) < 4 }
        return """
            \(html)
            <nav class="pager" aria-label="Parts of the file">\(pages.map { number in
                number == page
                    ? "<span class=\"button\" aria-current=\"page\">Part \(number) of \(pageCount)</span>"
                    : "<a class=\"button\" href=\"?part=\(number)\">Part \(number)</a>" as HTML
            })</nav>
            """
    }
}

/// What a browser shows by itself.
struct MediaView {
    let kind: FileKind
    let name: String
    let address: Address

    var html: HTML {
        switch kind {
        case .image: "<p class=\"media\"><img src=\"\(address)\" alt=\"\(name)\"></p>"
        case .audio: "<p class=\"media\"><audio controls preload=\"metadata\" src=\"\(address)\"></audio></p>"
        case .video: "<p class=\"media\"><video controls preload=\"metadata\" src=\"\(address)\"></video></p>"
        default: "<iframe class=\"page-frame\" src=\"\(address)\" title=\"\(name)\"></iframe>"
        }
    }
}
