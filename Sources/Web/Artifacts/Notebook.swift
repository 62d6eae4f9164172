import Core

/// A Jupyter notebook.
///
/// - Source: nbformat 4, `nbformat.v4.schema.json`.
struct Notebook: Sendable {
    struct Cell: Sendable {
        enum Kind: Sendable { case markdown, code, raw }

        let kind: Kind
        let source: String
        let number: Int64?
        let outputs: [Output]
    }

    enum Output: Sendable {
        case text(String, isError: Bool)
        /// A picture as its type and the address of its bytes.
        case image(String)
        case markdown(String)
        /// Markup, which is shown in a frame of its own.
        case html(String)
        case nothing
    }

    let cells: [Cell]
    let language: String

    init?(_ json: JSON) {
        guard case .array(let cells)? = json["cells"] else { return nil }
        self.cells = cells.map(Self.cell)
        language = json["metadata"]?["language_info"]?["name"]?.plainText ?? "python"
    }

    /// The markup that an output holds; nil for another output.
    func markup(_ cell: Int, _ output: Int) -> String? {
        guard cells.indices.contains(cell), cells[cell].outputs.indices.contains(output),
            case .html(let markup) = cells[cell].outputs[output]
        else { return nil }
        return markup
    }

    private static func cell(_ json: JSON) -> Cell {
        let kind: Cell.Kind =
            switch json["cell_type"]?.plainText {
            case "markdown": .markdown
            case "code": .code
            default: .raw
            }
        var number: Int64?
        if case .integer(let count)? = json["execution_count"] { number = count }
        var outputs: [Output] = []
        if case .array(let entries)? = json["outputs"] { outputs = entries.map(output) }
        return Cell(kind: kind, source: text(json["source"]), number: number, outputs: outputs)
    }

    private static func output(_ json: JSON) -> Output {
        switch json["output_type"]?.plainText {
        case "stream": .text(plain(text(json["text"])), isError: json["name"] == "stderr")
        case "error": .text(plain(text(json["traceback"], separator: "\n")), isError: true)
        default: json["data"].map(richest) ?? .nothing
        }
    }

    /// The first of the forms of an output that a page can show.
    private static func richest(_ data: JSON) -> Output {
        for type in ["image/png", "image/jpeg", "image/gif", "image/webp"] {
            let bytes = text(data[type]).filter { !$0.isWhitespace }
            // Security: nothing but the letters of Base64 gets into the address.
            guard !bytes.isEmpty, bytes.utf8.allSatisfy(isBase64) else { continue }
            return .image("data:\(type);base64,\(bytes)")
        }
        if let vector = data["image/svg+xml"] {
            return .image("data:image/svg+xml;base64,\(Base64.encode(Array(text(vector).utf8)))")
        }
        if let markup = data["text/html"] { return .html(text(markup)) }
        if let markdown = data["text/markdown"] { return .markdown(text(markdown)) }
        if let plain = data["text/plain"] ?? data["text/latex"] { return .text(text(plain), isError: false) }
        if let json = data["application/json"] { return .text(json.text, isError: false) }
        return .nothing
    }

    /// A text that is written whole or by lines.
    private static func text(_ json: JSON?, separator: String = "") -> String {
        switch json {
        case .string(let text)?: text
        case .array(let lines)?: lines.map(\.plainText).joined(separator: separator)
        default: ""
        }
    }

    /// A text without the codes that colour it in a terminal.
    private static func plain(_ text: String) -> String {
        guard text.utf8.contains(0x1B) else { return text }
        var (plain, rest) = ("", Substring(text))
        while let start = rest.firstIndex(of: "\u{1B}") {
            plain += rest[..<start]
            rest = rest[start...].dropFirst()
            guard rest.first == "[" else { continue }
            rest = rest.dropFirst().drop { $0.isNumber || $0 == ";" || $0 == "?" }.dropFirst()
        }
        return plain + rest
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}

/// A notebook on a page.
struct NotebookView {
    private static let mostCells = 500
    private static let mostText = 20_000

    let notebook: Notebook
    /// The address of the notebook's bytes, where its frames get their markup.
    let raw: Address
    let highlighter: String?

    var html: HTML {
        let shown = notebook.cells.prefix(Self.mostCells)
        return """
            <div class="notebook">\(shown.enumerated().map(cell))
            \(notebook.cells.count > shown.count ? "<p class=\"note\">The first \(shown.count) of \(notebook.cells.count) cells.</p>" : nil)
            </div>
            """
    }

    private func cell(_ place: Int, _ cell: Notebook.Cell) -> HTML {
        """
        <section class="cell" id="cell-\(place + 1)" aria-label="Cell \(place + 1)">
        <div class="cell-number quiet">\(cell.kind == .code ? "[\(cell.number.map(String.init) ?? " ")]" : "")</div>
        <div class="cell-body">\(source(cell))
        \(cell.outputs.enumerated().map { output($1, place, $0) })</div></section>
        """
    }

    private func source(_ cell: Notebook.Cell) -> HTML {
        switch cell.kind {
        case .markdown: Markdown(cell.source).html()
        case .raw: "<pre class=\"cell-source\">\(cell.source)</pre>"
        case .code:
            """
            <div class="code bare" data-language="\(notebook.language)" data-highlighter="\(highlighter ?? "")">\
            <pre tabindex="0"><code>\(cell.source)</code></pre></div>
            """
        }
    }

    private func output(_ output: Notebook.Output, _ cell: Int, _ place: Int) -> HTML {
        switch output {
        case .text(let text, let isError):
            "<pre class=\"cell-output \(isError ? "bad" : "")\" tabindex=\"0\">\(text.prefix(Self.mostText))</pre>"
        case .image(let address):
            "<img class=\"cell-output\" src=\"\(address)\" alt=\"Output of cell \(cell + 1)\">"
        case .markdown(let text): Markdown(text).html()
        case .html:
            """
            <iframe class="cell-output" sandbox="allow-scripts" title="Output of cell \(cell + 1)" loading="lazy" \
            src="\(raw.with("cell", String(cell)).with("output", String(place)))"></iframe>
            """
        case .nothing: .empty
        }
    }
}
