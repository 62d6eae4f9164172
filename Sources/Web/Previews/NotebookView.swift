/// The cells of a notebook as people read them.
struct NotebookView {
    private static let mostText = 100_000

    let notebook: Notebook
    /// The address where the frames get the markup of outputs, by `cell` and `output`.
    let outputs: Address
    /// Makes an address within Markdown one of this server, as `Markdown.html(resolving:)` has it.
    let resolve: (String, Bool) -> String

    var html: HTML {
        let budget = MarkdownBudget()
        return """
            <div class="notebook" data-language="\(notebook.language)">
            \(notebook.cells.enumerated().map { cell($1, at: $0, within: budget) })
            \(notebook.hiddenCells == 0 ? nil : "<p class=\"note\">\(notebook.hiddenCells) cells more are not shown.</p>")
            </div>
            """
    }

    private func cell(_ cell: Notebook.Cell, at place: Int, within budget: MarkdownBudget) -> HTML {
        switch cell.kind {
        case .markdown:
            return """
                <section class="cell text-cell">\(Markdown(cell.source).html(within: budget, resolving: resolve))</section>
                """
        case .raw: return "<section class=\"cell\"><pre class=\"cell-source\">\(cell.source)</pre></section>"
        case .code:
            let number = cell.count.map(String.init) ?? " "
            return """
                <section class="cell"><span class="cell-number" role="img" aria-label="Cell \(number)">[\(number)]</span>\
                <pre class="cell-source" data-language="\(notebook.language)" tabindex="0"><code>\(cell.source)</code></pre>
                \(cell.outputs.enumerated().map { output($1, at: $0, of: place, within: budget) })\(ListEnd(hidden: cell.hiddenOutputs).html)</section>
                """
        }
    }

    private func output(
        _ output: Notebook.Output,
        at place: Int,
        of cell: Int,
        within budget: MarkdownBudget
    ) -> HTML {
        guard case .markup = output else { return Self.shown(output, within: budget, resolve) }
        let address = outputs.with("cell", "\(cell)").with("output", "\(place)")
        // Security: what a notebook brought runs in an origin of its own.
        return """
            <iframe class="cell-frame" sandbox="allow-scripts" loading="lazy" src="\(address)" \
            title="Output of cell \(cell + 1)"></iframe>
            """
    }

    /// An output that needs no frame.
    static func shown(
        _ output: Notebook.Output,
        within budget: MarkdownBudget,
        _ resolve: (String, Bool) -> String = Markdown.withoutFarPictures
    ) -> HTML {
        switch output {
        case .text(let text, let isError):
            """
            <pre class="cell-output\(isError ? " bad" : "")" tabindex="0">\(text.shortened(to: mostText))</pre>
            """
        case .picture(let type, let content):
            "<p class=\"cell-output\"><img src=\"data:\(type);base64,\(content)\" alt=\"Output of the cell\"></p>"
        case .markdown(let text):
            "<div class=\"cell-output\">\(Markdown(text).html(within: budget, resolving: resolve))</div>"
        case .markup: "<p class=\"cell-output quiet\">Markup, shown in the notebook itself.</p>"
        }
    }
}
