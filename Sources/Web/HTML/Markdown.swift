import CMark
import Glibc

/// Text in GitHub's Markdown, as READMEs, descriptions and comments are written.
struct Markdown {
    /// More of it is shown as plain text, since it would hold up everybody.
    private static let mostBytes = 1 << 20

    private let text: String

    init(_ text: String) { self.text = text }

    /// Turns it into markup.
    ///
    /// Formulas come out as `<span class="math">`, which a script of the page draws.
    ///
    /// Security: raw HTML is left out, and addresses that run something are emptied, by the library itself
    /// (`CMARK_OPT_UNSAFE` is not given).
    ///
    /// - Parameter resolve: Makes an address that is written in the text one of this server; takes the address and whether
    ///   it is that of a picture.
    /// - Returns: The markup, in an element of its own.
    func html(resolving resolve: (String, Bool) -> String = Markdown.withoutFarPictures) -> HTML {
        guard text.utf8.count <= Self.mostBytes else { return "<pre class=\"markdown\">\(text)</pre>" }
        let formulas = MarkdownFormulas(text)
        guard let body = render(formulas.text, { resolve(formulas.restored(in: $0), $1) }) else {
            return "<pre class=\"markdown\">\(text)</pre>"
        }
        let named = body.replacing(
            "<input type=\"checkbox\"",
            with: "<input type=\"checkbox\" aria-label=\"Task\""
        )
        return "<div class=\"markdown\">\(HTML(trusted: formulas.marked(in: named)))</div>"
    }

    /// Leaves addresses as they are, but for pictures of other hosts: a page loads nothing of them.
    static func withoutFarPictures(_ address: String, _ isPicture: Bool) -> String {
        isPicture && !address.lowercased().hasPrefix("data:image/") ? "" : address
    }

    private func render(_ text: String, _ resolve: (String, Bool) -> String) -> String? {
        cmark_gfm_core_extensions_ensure_registered()
        let options = CMARK_OPT_DEFAULT | CMARK_OPT_FOOTNOTES
        guard let parser = cmark_parser_new(options) else { return nil }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "autolink", "tasklist"] {
            guard let found = cmark_find_syntax_extension(name) else { continue }
            cmark_parser_attach_syntax_extension(parser, found)
        }
        cmark_parser_feed(parser, text, text.utf8.count)
        guard let document = cmark_parser_finish(parser) else { return nil }
        defer { cmark_node_free(document) }
        resolveAddresses(in: document, resolve)
        let extensions = cmark_parser_get_syntax_extensions(parser)
        guard let rendered = cmark_render_html(document, options, extensions) else { return nil }
        defer { free(rendered) }
        return String(cString: rendered)
    }

    private func resolveAddresses(in document: OpaquePointer, _ resolve: (String, Bool) -> String) {
        guard let walk = cmark_iter_new(document) else { return }
        defer { cmark_iter_free(walk) }
        while true {
            let event = cmark_iter_next(walk)
            if event == CMARK_EVENT_DONE { return }
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(walk) else { continue }
            let type = cmark_node_get_type(node)
            guard type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE,
                let address = cmark_node_get_url(node)
            else { continue }
            cmark_node_set_url(node, resolve(String(cString: address), type == CMARK_NODE_IMAGE))
        }
    }
}
