import Repositories

/// The cells of a notebook as people read them.
struct CellsView {
    let notebook: NotebookFile
    /// The address below which the markup of outputs is.
    let outputs: Address
    let links: MarkdownLinks

    var html: HTML {
        """
        <div class="notebook" data-language="\(notebook.language)">
        \(notebook.cells.enumerated().map { cell($1, at: $0) })
        </div>
        """
    }

    private func cell(_ cell: NotebookFile.Cell, at place: Int) -> HTML {
        switch cell.kind {
        case .markdown:
            return """
                <section class="cell text-cell">\(Markdown(cell.source).html(resolving: links.resolve))</section>
                """
        case .raw: return "<section class=\"cell\"><pre class=\"cell-source\">\(cell.source)</pre></section>"
        case .code:
            let number = cell.count.map(String.init) ?? " "
            return """
                <section class="cell"><span class="cell-number" aria-label="Cell \(number)">[\(number)]</span>\
                \(Self.source(cell.source, notebook.language))
                \(cell.outputs.enumerated().map { output($1, at: $0, of: place) })</section>
                """
        }
    }

    static func source(_ text: String, _ language: String) -> HTML {
        "<pre class=\"cell-source\" data-language=\"\(language)\" tabindex=\"0\"><code>\(text)</code></pre>"
    }

    private func output(_ output: NotebookFile.Output, at place: Int, of cell: Int) -> HTML {
        switch output {
        case .markup:
            let address = outputs.with("cell", "\(cell)").with("output", "\(place)")
            // Security: what a notebook brought runs in an origin of its own.
            return """
                <iframe class="cell-frame" sandbox="allow-scripts" loading="lazy" src="\(address)" \
                title="Output of cell \(cell + 1)"></iframe>
                """
        default: return Self.shown(output)
        }
    }

    /// An output that needs no frame.
    static func shown(_ output: NotebookFile.Output) -> HTML {
        switch output {
        case .text(let text, let isError):
            """
            <pre class="cell-output\(isError ? " bad" : "")" tabindex="0">\(text.prefix(100_000))</pre>
            """
        case .picture(let type, let content):
            "<p class=\"cell-output\"><img src=\"data:\(type);base64,\(content)\" alt=\"Output of the cell\"></p>"
        case .markup: "<p class=\"cell-output quiet\">Markup, shown in the notebook itself.</p>"
        }
    }
}
