/// Text with numbers of lines, each of which can be linked to: `#L12`.
struct CodeView {
    let text: FileText
    /// As `CodeLanguage` calls it; empty for none.
    let language: String
    /// The address of the file.
    let whole: Address

    var html: HTML {
        """
        \(text.isWhole ? nil : cut)
        <div class="code" data-language="\(language)" tabindex="0" \
        role="region" aria-label="Text of the file">\
        <div class="code-numbers">\((1...lineCount).map { "<a id=\"L\($0)\" href=\"#L\($0)\">\($0)</a>" as HTML })</div>\
        <pre><code>\(text.text)</code></pre></div>
        """
    }

    private var lineCount: Int {
        let ends = text.text.utf8.count { $0 == UInt8(ascii: "\n") }
        return max(1, text.text.utf8.last == UInt8(ascii: "\n") ? ends : ends + 1)
    }

    private var cut: HTML {
        """
        <p class="note">This is the beginning of the file. <a href="\(whole)">Download the whole of it</a>.</p>
        """
    }
}
