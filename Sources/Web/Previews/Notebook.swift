import Core

/// A Jupyter notebook: its cells with what they printed and drew.
///
/// - Source: nbformat 4, `nbformat.v4.schema.json`.
struct Notebook: Sendable {
    /// A larger one is shown as the text that it is.
    static let limitBytes = 10 << 20
    private static let mostCells = 1_000

    let language: String
    let cells: [Cell]
    /// How many cells there are beyond those.
    let hiddenCells: Int

    struct Cell: Sendable, Hashable {
        enum Kind: String, Sendable {
            case code, markdown, raw
        }

        let kind: Kind
        let source: String
        /// The number beside it; nil where it was not run.
        let count: Int64?
        let outputs: [Output]
        /// How many outputs there are beyond those.
        let hiddenOutputs: Int
    }

    enum Output: Sendable, Hashable {
        case text(String, isError: Bool)
        /// Its type, and its content in Base64.
        case picture(String, String)
        case markdown(String)
        /// Markup, which only a frame of its own may show.
        case markup(String)
    }

    /// Nil for what is no notebook of version 4.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes, valueLimit: 2_000_000),
            case .array(let cells)? = json["cells"]
        else {
            return nil
        }
        let metadata = json["metadata"]
        language =
            metadata?["language_info"]?["name"]?.string ?? metadata?["kernelspec"]?["language"]?.string
            ?? "python"
        self.cells = cells.prefix(Self.mostCells).map(Cell.init)
        hiddenCells = max(0, cells.count - Self.mostCells)
    }

    /// The markup of one output; nil where there is none.
    func markup(cell: Int, output: Int) -> String? {
        guard cells.indices.contains(cell), cells[cell].outputs.indices.contains(output),
            case .markup(let markup) = cells[cell].outputs[output]
        else { return nil }
        return markup
    }
}

extension Notebook.Cell {
    private static let mostOutputs = 100

    fileprivate init(_ json: JSON) {
        kind = json["cell_type"]?.string.flatMap(Kind.init(rawValue:)) ?? .raw
        source = json["source"]?.lines ?? ""
        if case .integer(let number)? = json["execution_count"] { count = number } else { count = nil }
        guard case .array(let outputs)? = json["outputs"] else {
            self.outputs = []
            hiddenOutputs = 0
            return
        }
        self.outputs = outputs.prefix(Self.mostOutputs).compactMap(Notebook.Output.init)
        hiddenOutputs = max(0, outputs.count - Self.mostOutputs)
    }
}

extension Notebook.Output {
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
            self.init(richestOf: data)
        default: return nil
        }
    }

    /// The first of the forms of an output that a page can show.
    private init?(richestOf data: JSON) {
        for type in Self.pictures {
            let content = (data[type]?.lines ?? "").filter { !$0.isWhitespace }
            // Security: nothing but the letters of Base64 gets into the address of a picture.
            guard !content.isEmpty, content.utf8.allSatisfy(Self.isBase64) else { continue }
            self = .picture(type, content)
            return
        }
        if let drawing = data["image/svg+xml"]?.lines {
            // In a picture nothing of it runs.
            self = .picture("image/svg+xml", Base64.encode(Array(drawing.utf8)))
        } else if let markup = data["text/html"]?.lines {
            self = .markup(markup)
        } else if let text = (data["text/markdown"] ?? data["text/latex"])?.lines {
            self = .markdown(text)
        } else if let text = data["text/plain"]?.lines {
            self = .text(text, isError: false)
        } else if let json = data["application/json"] {
            self = .text(json.text, isError: false)
        } else {
            return nil
        }
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
        guard utf8.contains(0x1B) else { return self }
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
