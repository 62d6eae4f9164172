import Core
import Repositories

/// What differs between two revisions, made ready to be shown.
struct DiffView: Sendable {
    static let scripts = ["diff/diff.js", "diff/colours.js", "diff/images.js"]
    static let styles = [
        "repository/repository.css", "repository/code.css", "previews/previews.css", "diff/diff.css",
    ]

    let diff: Diff
    let layout: DiffLayout
    let ignoresWhitespace: Bool
    /// Only this file is shown.
    let onlyPath: TreePath?
    let files: HTML
    /// Whether the words that differ were looked for in all lines.
    let hasAllMarks: Bool
    /// Whether notebooks, tables or images are shown as lines, since there are many.
    let isPlainBehind: Bool

    /// What somebody asks to see of a diff, by the words of the address.
    static func query(of visit: Visit) -> DiffQuery {
        var query = DiffQuery()
        query.limits.files = 500
        query.limits.lines = 6_000
        query.limits.bytes = 1 << 20
        query.ignoresWhitespace = visit.query("whitespace") == "ignored"
        query.path = visit.query("file").flatMap { try? TreePath($0) }
        return query
    }

    var html: HTML {
        guard diff.fileCount > 0 else { return "<p class=\"note\">Nothing differs.</p>" }
        return """
            <div class="row between diff-bar"><p><strong>\(diff.fileCount) \(diff.fileCount == 1 ? "file" : "files")</strong> changed,
            \(counts)
            <span class="quiet" data-viewed-count></span></p>
            <form method="get" class="row">\(onlyPath.map { "<input type=\"hidden\" name=\"file\" value=\"\("\($0)")\">" as HTML })
            <label class="field inline">Layout <select name="view"><option value="unified">Unified</option>\
            <option value="split" \(layout == .split ? "selected" : "" as HTML)>Split</option></select></label>
            <label class="field inline"><input type="checkbox" name="whitespace" value="ignored" \
            \(ignoresWhitespace ? "checked" : "" as HTML)> Ignore white space</label>
            <button class="button small">Show</button></form></div>
            \(cuts)
            <div class="diff-layout"><nav class="diff-list" aria-label="Files changed"><details open><summary>Files</summary>
            <ol>\(diff.files.enumerated().map(entry))</ol></details></nav>
            <div class="diff-all">\(files)</div></div>
            """
    }

    private var counts: HTML {
        let uncounted = diff.files.count { $0.isUncounted }
        guard uncounted < diff.fileCount else { return "<span class=\"quiet\">lines not counted</span>" }
        let rest: HTML? = uncounted == 0 ? nil : " <span class=\"quiet\">\(uncounted) not counted</span>"
        return
            "<span class=\"good\">+\(diff.additions)</span> <span class=\"bad\">−\(diff.deletions)</span>\(rest)"
    }

    private func entry(_ place: Int, _ file: FileDiff) -> HTML {
        """
        <li data-for="diff-\(place)"><a href="#diff-\(place)" title="\("\(file.path)")"><bdi>\("\(file.path)")</bdi></a>
        <span class="nowrap">\(FileDiffView.counts(of: file))</span></li>

        """
    }

    private var cuts: HTML? {
        var words = diff.cuts.map { cut in
            switch cut {
            case .files: "only the first \(diff.files.count) files are listed"
            case .lines, .bytes: "the lines of some files are left out"
            case .renames: "renames were looked for by equal content only"
            }
        }
        if !hasAllMarks {
            words.append("words that differ within lines are marked in the first of them only")
        }
        if isPlainBehind { words.append("only the first notebooks, tables and images are shown as such") }
        guard !words.isEmpty else { return nil }
        return
            "<p class=\"note warn\">The difference is large: \(Set(words).sorted().joined(separator: "; ")).</p>"
    }
}
