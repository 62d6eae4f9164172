import Core
import Registry

/// The stage of a version; nothing for none.
struct StageBadge {
    let stage: ModelStage

    var html: HTML? {
        switch stage {
        case .none: nil
        case .staging: "<span class=\"badge warn\">Staging</span>"
        case .production: "<span class=\"badge good\">Production</span>"
        case .archived: "<span class=\"badge\">Archived</span>"
        }
    }
}

/// An alias as it is written in `models:/name@alias`.
struct AliasBadge {
    let alias: String

    var html: HTML { "<span class=\"badge accent\">@\(alias)</span>" }
}

/// Tags, with what sets and deletes them where that is allowed.
struct TagEditor {
    let tags: [Tag]
    /// Where the forms go; nil where nothing may be changed.
    let form: Address?

    /// What MLflow writes for itself is no word of anybody's.
    private static let ownPrefixes = ["mlflow.prompt.", "_mlflow_prompt"]

    private var shown: [Tag] {
        tags.filter { tag in !Self.ownPrefixes.contains { tag.key.hasPrefix($0) } }
    }

    var html: HTML {
        """
        \(shown.isEmpty ? "<p class=\"quiet small\">No tags.</p>" : list)
        \(form.map(editor))
        """
    }

    private var list: HTML {
        "<ul class=\"tag-list\">\(shown.map(row))</ul>"
    }

    private func row(_ tag: Tag) -> HTML {
        """
        <li><span class="tag-key">\(tag.key)</span> <span class="tag-value">\(tag.value)</span>\(form.map { deletion(tag, $0) })</li>
        """
    }

    private func deletion(_ tag: Tag, _ form: Address) -> HTML {
        """
        <form method="post" action="\(form["delete"])"><input type="hidden" name="key" value="\(tag.key)">\
        <button class="icon-button" aria-label="Delete the tag \(tag.key)" title="Delete">\(Icon.close.html)</button></form>
        """
    }

    private func editor(_ form: Address) -> HTML {
        Disclosure(
            "Set a tag",
            """
            <form method="post" action="\(form)" class="stack">
            <label class="field">Key <input name="key" required maxlength="250"></label>
            <label class="field">Value <input name="value"></label>
            <p><button class="button">Set the tag</button></p>
            </form>
            """
        ).html
    }
}

/// A form that shows once somebody asks for it, without script.
struct Disclosure {
    private let label: String
    private let content: HTML
    private let isOpen: Bool
    private let isDangerous: Bool

    init(_ label: String, isOpen: Bool = false, isDangerous: Bool = false, _ content: HTML) {
        self.label = label
        self.content = content
        self.isOpen = isOpen
        self.isDangerous = isDangerous
    }

    var html: HTML {
        """
        <details class="disclosure"\(isOpen ? " open" : "" as HTML)>\
        <summary class="button small\(isDangerous ? " danger" : "" as HTML)">\(label)</summary>
        <div class="disclosure-body">\(content)</div></details>
        """
    }
}

/// Why somebody does what they do; the history keeps it.
struct CommentField {
    var label = "Why"

    var html: HTML {
        """
        <label class="field">\(label) <input name="comment" maxlength="5000"> \
        <span class="hint">The history keeps it; it may stay empty.</span></label>
        """
    }
}
