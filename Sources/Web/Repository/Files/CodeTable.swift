import Repositories

/// Lines of a file with their numbers, each of which is a link to it.
struct CodeTable {
    /// As many as one page has; those behind are on pages of their own.
    static let linesPerPage = 4_000

    let lines: TextLines
    let path: TreePath
    /// From 1.
    let page: Int

    var pageCount: Int { max(1, (lines.count + Self.linesPerPage - 1) / Self.linesPerPage) }

    private var shown: Range<Int> {
        let start = min((page - 1) * Self.linesPerPage, lines.count)
        return start..<min(start + Self.linesPerPage, lines.count)
    }

    var html: HTML {
        """
        <div class="code-block" data-code data-language="\(CodeLanguage.of(path.name))" \
        data-lines-per-page="\(Self.linesPerPage)" tabindex="0" role="region" aria-label="Content of \(path.name)">
        <table class="code"><tbody>\(shown.map(row))</tbody></table></div>
        """
    }

    private func row(_ index: Int) -> HTML {
        let (text, hidden) = lines[index]
        let number = index + 1
        let rest: HTML? = hidden == 0 ? nil : "<span class=\"cut\">… \(hidden) bytes more</span>"
        return """
            <tr id="L\(number)"><td class="line-number"><a href="#L\(number)" data-number="\(number)" tabindex="-1" \
            aria-label="Line \(number)"></a></td><td class="line-text">\(text)\(rest)</td></tr>
            """
    }
}
