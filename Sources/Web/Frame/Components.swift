import Core

/// Lines to copy, with a button that does it.
struct CopyBlock {
    private let text: String

    init(_ text: String) { self.text = text }

    var html: HTML {
        """
        <div class="copy-block"><pre tabindex="0"><code>\(text)</code></pre>\
        <button type="button" class="icon-button" data-copy aria-label="Copy" title="Copy">\(Icon.copy.html)</button></div>
        """
    }
}

/// The first letter of a name on a colour that belongs to it.
struct Avatar {
    private let name: String

    init(_ name: String) { self.name = name }

    var html: HTML {
        let colour = name.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) } % 8
        return
            "<span class=\"avatar avatar-\(colour)\" aria-hidden=\"true\">\(name.prefix(1).uppercased())</span>"
    }
}

/// A moment, which the visitor's browser shows as long ago or as date and time.
struct TimeLabel {
    private let ms: Int64

    init(_ epochMs: Int64) { ms = epochMs }

    /// Empty for 0: so begins a run of which nobody said when.
    var html: HTML {
        guard ms != 0 else { return .empty }
        let text = UTCTime(epochMs: ms)
        return
            "<time datetime=\"\(text.iso)\" data-ms=\"\(ms)\" title=\"\(text.full)\">\(text.short)</time>"
    }
}

/// How long something took, as people say it: `1 h 3 min`, `12.4 s`.
struct Span {
    let ms: Int64

    init(ms: Int64) {
        self.ms = ms
    }

    /// From one moment to another; nothing where that lies before, and no more than can be counted: both are anybody's.
    init(from startMs: Int64, to endMs: Int64) {
        let (ms, isTooLong) = endMs.subtractingReportingOverflow(startMs)
        self.ms = isTooLong ? (endMs > startMs ? .max : 0) : max(0, ms)
    }

    var text: String {
        switch ms {
        case ..<1_000: "\(ms) ms"
        case ..<60_000: "\(Double(ms / 100) / 10) s"
        case ..<3_600_000: "\(ms / 60_000) min \(ms % 60_000 / 1_000) s"
        case ..<86_400_000: "\(ms / 3_600_000) h \(ms % 3_600_000 / 60_000) min"
        default: "\(ms / 86_400_000) d \(ms % 86_400_000 / 3_600_000) h"
        }
    }
}

/// How much: `3.2 MB`, in powers of 1 000.
struct ByteCount {
    let bytes: Int64

    var text: String {
        var value = Double(bytes)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if value < 999.5 || unit == "TB" {
                return unit == "B" ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(unit)"
            }
            value /= 1_000
        }
        preconditionFailure("the last unit takes everything")
    }
}

/// What stands behind a list that does not show all: `… and 12 more`; nothing where it does.
struct ListEnd {
    /// How many are not shown; nil where there are more and nobody counted them.
    let hidden: Int?
    /// Where all of them are.
    var address: Address?

    var html: HTML? {
        if let hidden, hidden <= 0 { return nil }
        let words = hidden.map { "… and \($0.grouped) more" } ?? "… and more"
        return """
            <p class="quiet small list-end">\(address.map { "<a href=\"\($0)\">\(words)</a>" as HTML } ?? HTML(words))</p>
            """
    }
}

/// Things that belong together, below a heading.
struct Card {
    let heading: String
    let content: HTML
    /// What stands at the end of the heading.
    let action: HTML?

    init(_ heading: String, _ content: HTML, _ action: HTML? = nil) {
        (self.heading, self.content, self.action) = (heading, content, action)
    }

    var html: HTML {
        """
        <section class="card"><header><h2>\(heading)</h2>\(action)</header><div class="body">\(content)</div></section>
        """
    }
}

/// What is said where nothing is yet: what belongs here, and how it comes here.
struct EmptyState {
    let heading: String
    let text: String
    var lines: String?

    var html: HTML {
        """
        <section class="empty"><h2>\(heading)</h2><p>\(text)</p>\(lines.map { CopyBlock($0).html })</section>
        """
    }
}
