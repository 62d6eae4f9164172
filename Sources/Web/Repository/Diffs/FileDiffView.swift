import Repositories

/// One file that differs.
struct FileDiffView {
    /// What is shown beside the lines, or in their place.
    enum Rendering: Sendable {
        case notebook(HTML)
        case table(HTML)
        case image(HTML)
    }

    let file: FileDiff
    let place: Int
    let layout: DiffLayout
    let addresses: RepositoryAddresses
    let old: ObjectID?
    let new: ObjectID
    let rendering: Rendering?
    /// For the words that differ within lines.
    let budget: DiffBudget

    /// More lines than these are folded at first.
    private static let mostOpenLines = 600

    var html: HTML {
        """
        <section class="card diff-file" id="diff-\(place)" data-mark="\(mark)">
        <header><span class="diff-name">\(name)\(kind)</span><span class="row nowrap">\(Self.counts(of: file))
        \(view)<label class="viewed small" hidden><input type="checkbox" data-viewed> Viewed</label></span></header>
        <div class="diff-body">\(notes)\(content)</div></section>

        """
    }

    static func counts(of file: FileDiff) -> HTML {
        guard let additions = file.additions, let deletions = file.deletions else {
            return file.isUncounted ? "<span class=\"quiet\">not counted</span>" : .empty
        }
        return "<span class=\"good\">+\(additions)</span> <span class=\"bad\">−\(deletions)</span>"
    }

    /// What a browser remembers as seen: another content is another mark.
    private var mark: String {
        "\(file.path.percentEncoded) \(file.oldID?.short ?? "") \(file.newID?.short ?? "")"
    }

    private var name: HTML {
        let path = "\(file.path)"
        guard file.status == .renamed, let old = file.oldPath else { return "<code>\(path)</code>" }
        return "<code>\("\(old)")</code> → <code>\(path)</code>"
    }

    private var kind: HTML? {
        switch file.status {
        case .added: " <span class=\"badge good\">added</span>"
        case .deleted: " <span class=\"badge bad\">deleted</span>"
        case .renamed: " <span class=\"badge\">renamed, \(file.similarity) % the same</span>"
        case .typeChanged: " <span class=\"badge\">of another type</span>"
        case .modified: nil
        }
    }

    private var view: HTML? {
        if let path = file.newPath, path.isAddressable, !isSubmodule {
            return "<a class=\"button small\" href=\"\(addresses.source(new, path))\">View</a>"
        }
        guard let path = file.oldPath, path.isAddressable, let old, !isSubmodule else { return nil }
        return "<a class=\"button small\" href=\"\(addresses.source(old, path))\">View before</a>"
    }

    private var isSubmodule: Bool { [file.oldMode, file.newMode].contains { $0 & 0o170000 == 0o160000 } }

    private var notes: HTML {
        var notes = HTML.empty
        if file.oldMode != file.newMode, file.oldMode != 0, file.newMode != 0 {
            notes +=
                "<p class=\"quiet diff-note\">Mode \(Self.mode(file.oldMode)) → \(Self.mode(file.newMode))</p>"
        }
        if isSubmodule {
            notes += """
                <p class="diff-note">Submodule: <code>\(file.oldID?.short ?? "nothing")</code> → \
                <code>\(file.newID?.short ?? "nothing")</code></p>
                """
        }
        return notes
    }

    private static func mode(_ mode: Int) -> String { String(mode, radix: 8) }

    private var content: HTML {
        switch (rendering, file.content) {
        case (.image(let image)?, _): return image
        case (.notebook(let cells)?, .text(let hunks)): return cells + raw(hunks)
        case (.table(let table)?, .text(let hunks)): return table + raw(hunks)
        case (_, .text(let hunks)): return text(hunks)
        case (_, .binary): return "<p class=\"diff-note quiet\">A binary file.</p>"
        case (_, .tooLarge): return "<p class=\"diff-note quiet\">Too large for its lines to be shown.</p>"
        case (_, .leftOut): return alone("The difference as a whole is too large.")
        }
    }

    private func raw(_ hunks: [Hunk]) -> HTML {
        "<details class=\"diff-raw\"><summary>As it is written</summary>\(table(hunks))</details>"
    }

    private func text(_ hunks: [Hunk]) -> HTML {
        guard !hunks.isEmpty else {
            return isSubmodule || file.oldMode != file.newMode && file.status == .modified
                ? .empty : "<p class=\"diff-note quiet\">Its content is the same.</p>"
        }
        let count = hunks.reduce(0) { $0 + $1.lines.count }
        let rest = file.isTruncated ? alone("Some of its lines are left out.") : .empty
        guard count > Self.mostOpenLines else { return table(hunks) + rest }
        return """
            <details class="diff-large"><summary>\(count) lines are folded, since they are many: show them</summary>\(table(hunks))</details>\(rest)
            """
    }

    private func alone(_ reason: String) -> HTML {
        guard file.path.isAddressable else { return "<p class=\"diff-note quiet\">\(reason)</p>" }
        let address = Address("").with("file", "\(file.path)").with("view", layout == .split ? "split" : nil)
        return """
            <p class="diff-note quiet">\(reason) <a href="\(address.text.dropFirst())">Show this file alone</a></p>
            """
    }

    private func table(_ hunks: [Hunk]) -> HTML {
        let lines = file.newPath.map { path in
            Address(addresses.base["lines"]["\(new)"].text + "/" + path.percentEncoded)
        }
        return TextDiffTable(hunks: hunks, layout: layout, lines: lines, path: file.path, budget: budget).html
    }
}

extension FileDiff {
    /// Whether it is text, as far as anybody knows, whose lines were too many to count.
    var isUncounted: Bool {
        switch content {
        case .tooLarge, .leftOut: true
        case .text, .binary: false
        }
    }
}
