import Core

/// A Jupyter notebook: its cells with what they printed and drew.
///
/// - Source: nbformat 4, `nbformat.v4.schema.json`.
struct NotebookFile: Sendable {
    /// A larger one is shown as the text that it is.
    static let limitBytes = 8 << 20
    private static let mostCells = 1_000

    let language: String
    let cells: [Cell]

    struct Cell: Sendable, Hashable {
        enum Kind: String, Sendable {
            case code, markdown, raw
        }

        let kind: Kind
        let source: String
        /// The number beside it; nil where it was not run.
        let count: Int64?
        let outputs: [Output]
    }

    enum Output: Sendable, Hashable {
        case text(String, isError: Bool)
        /// Its type, and its content in base64.
        case picture(String, String)
        /// Markup, which only a frame of its own may show.
        case markup(String)
    }

    /// Nil for what is no notebook of version 4.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), case .array(let cells)? = json["cells"] else {
            return nil
        }
        let metadata = json["metadata"]
        language =
            metadata?["language_info"]?["name"]?.string ?? metadata?["kernelspec"]?["language"]?.string
            ?? "python"
        self.cells = cells.prefix(Self.mostCells).map(Cell.init)
    }

    /// The markup of one output; nil where there is none.
    func markup(cell: Int, output: Int) -> String? {
        guard cells.indices.contains(cell), cells[cell].outputs.indices.contains(output),
            case .markup(let markup) = cells[cell].outputs[output]
        else { return nil }
        return markup
    }
}

extension NotebookFile.Cell {
    fileprivate init(_ json: JSON) {
        kind = json["cell_type"]?.string.flatMap(Kind.init(rawValue:)) ?? .raw
        source = json["source"]?.lines ?? ""
        if case .integer(let number)? = json["execution_count"] { count = number } else { count = nil }
        guard case .array(let outputs)? = json["outputs"] else {
            self.outputs = []
            return
        }
        self.outputs = outputs.prefix(100).compactMap(NotebookFile.Output.init)
    }
}

extension NotebookFile.Output {
    private static let pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"]

    fileprivate init?(_ json: JSON) {
        switch json["output_type"]?.string {
        case "stream":
            self = .text((json["text"]?.lines ?? "").plain, isError: json["name"]?.string == "stderr")
        case "error":
            guard case .array(let trace)? = json["traceback"] else { return nil }
            self = .text(trace.compactMap(\.string).joined(separator: "\n").plain, isError: true)
        case "execute_result", "display_data":
            guard let data = json["data"] else { return nil }
            if let type = Self.pictures.first(where: { data[$0] != nil }), let content = data[type]?.lines {
                self = .picture(type, content.filter { !$0.isWhitespace })
            } else if let drawing = data["image/svg+xml"]?.lines {
                // In a picture nothing of it runs.
                self = .picture("image/svg+xml", Base64.encode(Array(drawing.utf8)))
            } else if let markup = data["text/html"]?.lines {
                self = .markup(markup)
            } else if let text = (data["text/markdown"] ?? data["text/latex"] ?? data["text/plain"])?.lines {
                self = .text(text, isError: false)
            } else {
                return nil
            }
        default: return nil
        }
    }
}

extension JSON {
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A text as notebooks keep it: whole, or as a list of its lines.
    fileprivate var lines: String? {
        switch self {
        case .string(let text): text
        case .array(let lines): lines.compactMap(\.string).joined()
        default: nil
        }
    }
}

extension String {
    /// Without the colours of a terminal.
    fileprivate var plain: String {
        var result = String.UnicodeScalarView()
        var rest = unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\u{1b}", rest.first == "[" else {
                result.append(scalar)
                continue
            }
            while let next = rest.popFirst(), !(("a"..."z") ~= next || ("A"..."Z") ~= next) {}
        }
        return String(result)
    }
}
