import CMark
import Glibc

/// Text in GitHub's Markdown, as READMEs, descriptions and comments are written.
struct Markdown {
    /// The words that a text begins with are looked for in so much of it.
    private static let beginningCharacters = 2_000

    private let text: String

    init(_ text: String) { self.text = text }

    /// Turns it into markup.
    ///
    /// Formulas come out as `<span class="math">`, which a script of the page draws.
    ///
    /// Security: raw HTML is left out, and addresses that run something are emptied, by the library itself
    /// (`CMARK_OPT_UNSAFE` is not given).
    ///
    /// What would take too long is shown as it is written.
    ///
    /// - Parameters:
    ///   - budget: How much the page that it stands on lays out; a text that is alone on its page needs none.
    ///   - resolve: Makes an address that is written in the text one of this server; takes the address and whether it is
    ///     that of a picture.
    /// - Returns: The markup, in an element of its own.
    func html(
        within budget: MarkdownBudget = MarkdownBudget(),
        resolving resolve: (String, Bool) -> String = Markdown.withoutFarPictures
    ) -> HTML {
        guard budget.take(MarkdownCost(text)) else { return asWritten }
        let formulas = MarkdownFormulas(text)
        guard let body = render(formulas.text, { resolve(formulas.restored(in: $0), $1) }) else {
            return asWritten
        }
        let markup = HTML(trusted: formulas.marked(in: Self.withNamedTasks(body)))
        return "<div class=\"markdown\">\(markup)</div>"
    }

    private var asWritten: HTML {
        """
        <p class="note">This text is shown as it is written: it would take too long to lay it out.</p>
        <pre class="markdown">\(text)</pre>
        """
    }

    /// Gives the boxes of tasks a name; byte by byte, since `replacing` takes a hundred times as long.
    private static func withNamedTasks(_ markup: String) -> String {
        let box = Array("<input type=\"checkbox\"".utf8)
        let bytes = Array(markup.utf8)
        var named: [UInt8] = []
        var written = 0
        for at in bytes.indices where bytes[at] == box[0] && bytes[at...].starts(with: box) {
            named += bytes[written..<at + box.count]
            named += " aria-label=\"Task\"".utf8
            written = at + box.count
        }
        return written == 0 ? markup : String(decoding: named + bytes[written...], as: UTF8.self)
    }

    /// Leaves addresses as they are, but for pictures of other hosts: a page loads nothing of them.
    static func withoutFarPictures(_ address: String, _ isPicture: Bool) -> String {
        isPicture && !address.lowercased().hasPrefix("data:image/") ? "" : address
    }

    /// The words of its first paragraph or heading, without marks.
    var beginning: String {
        let text = String(text.prefix(Self.beginningCharacters))
        guard MarkdownCost(text).share <= 1 else { return text }
        return withDocument(text) { document, _ in
            var words = ""
            walk(document) { node, isEntered in
                switch cmark_node_get_type(node) {
                case CMARK_NODE_TEXT, CMARK_NODE_CODE:
                    if isEntered, let literal = cmark_node_get_literal(node) {
                        words += String(cString: literal)
                    }
                case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: words += " "
                case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: return isEntered || words.isEmpty
                default: break
                }
                return true
            }
            return words
        } ?? ""
    }

    private static let options = CMARK_OPT_DEFAULT | CMARK_OPT_FOOTNOTES

    private func render(_ text: String, _ resolve: (String, Bool) -> String) -> String? {
        withDocument(text) { document, extensions in
            resolveAddresses(in: document, resolve)
            guard let rendered = cmark_render_html(document, Self.options, extensions) else { return nil }
            defer { free(rendered) }
            return String(cString: rendered)
        }
    }

    /// Calls `use` with a text as a tree and the extensions that it was read with; nil where memory is short.
    private func withDocument(
        _ text: String,
        _ use: (OpaquePointer, UnsafeMutablePointer<cmark_llist>?) -> String?
    ) -> String? {
        cmark_gfm_core_extensions_ensure_registered()
        guard let parser = cmark_parser_new(Self.options) else { return nil }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "autolink", "tasklist"] {
            guard let found = cmark_find_syntax_extension(name) else { continue }
            cmark_parser_attach_syntax_extension(parser, found)
        }
        cmark_parser_feed(parser, text, text.utf8.count)
        guard let document = cmark_parser_finish(parser) else { return nil }
        defer { cmark_node_free(document) }
        return use(document, cmark_parser_get_syntax_extensions(parser))
    }

    /// Calls `visit` with each node and whether it is entered, until it answers false.
    private func walk(_ document: OpaquePointer, _ visit: (OpaquePointer, Bool) -> Bool) {
        guard let walk = cmark_iter_new(document) else { return }
        defer { cmark_iter_free(walk) }
        while true {
            let event = cmark_iter_next(walk)
            if event == CMARK_EVENT_DONE { return }
            guard let node = cmark_iter_get_node(walk) else { continue }
            if !visit(node, event == CMARK_EVENT_ENTER) { return }
        }
    }

    private func resolveAddresses(in document: OpaquePointer, _ resolve: (String, Bool) -> String) {
        walk(document) { node, isEntered in
            let type = cmark_node_get_type(node)
            if isEntered, type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE,
                let address = cmark_node_get_url(node)
            {
                cmark_node_set_url(node, resolve(String(cString: address), type == CMARK_NODE_IMAGE))
            }
            return true
        }
    }
}
