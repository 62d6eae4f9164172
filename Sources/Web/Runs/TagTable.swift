import Core

/// Tags with forms to add, change and delete them.
struct TagTable {
    let tags: [Tag]
    /// Those that clients write by themselves, which are shown apart and not changed here.
    let reserved: [Tag]
    /// Where a tag is set; below it, `delete`.
    let address: Address
    let mayWrite: Bool

    var html: HTML {
        """
        <section id="tags" aria-labelledby="tags-title"><h2 id="tags-title">Tags</h2>
        \(tags.isEmpty ? "<p class=\"quiet\">No tags.</p>" : table)
        \(mayWrite ? adding : nil)
        \(reserved.isEmpty ? nil : apart)
        </section>
        """
    }

    private var table: HTML {
        """
        <table class="list dense tags"><caption class="visually-hidden">Tags</caption>
        <thead class="visually-hidden"><tr><th scope="col">Key</th><th scope="col">Value</th>\
        \(mayWrite ? "<th scope=\"col\">Change</th>" : nil)</tr></thead>
        <tbody>\(tags.map(row))</tbody></table>
        """
    }

    private func row(_ tag: Tag) -> HTML {
        """
        <tr data-tag="\(tag.key)"><td>\(tag.key)</td><td data-tag-value>\(FoldedText(tag.value, of: tag.key).html)</td>\
        \(mayWrite ? changes(tag) : nil)</tr>
        """
    }

    private func changes(_ tag: Tag) -> HTML {
        """
        <td class="changes"><details class="menu"><summary aria-label="Edit tag \(tag.key)" title="Edit">\(Icon.edit.html)</summary>
        <form method="post" action="\(address)" class="menu-body padded" data-tag-set>
        <input type="hidden" name="key" value="\(tag.key)">
        <label class="field">\(tag.key)<textarea name="value" rows="3">\(tag.value)</textarea></label>
        <button class="button primary">Save</button></form></details>
        <form method="post" action="\(address["delete"])" data-tag-delete><input type="hidden" name="key" value="\(tag.key)">\
        <button class="icon-button" aria-label="Delete tag \(tag.key)" title="Delete">\(Icon.delete.html)</button></form></td>
        """
    }

    private var adding: HTML {
        """
        <details class="edit"><summary>\(Icon.add.html)Add a tag</summary>
        <form method="post" action="\(address)" data-tag-set data-tag-add>
        <label class="field">Key<input name="key" required maxlength="250" autocomplete="off"></label>
        <label class="field">Value<input name="value" autocomplete="off"></label>
        <button class="button primary">Add</button></form></details>
        """
    }

    private var apart: HTML {
        """
        <details class="edit"><summary>Written by the client (\(reserved.count))</summary>
        <table class="list dense tags"><caption class="visually-hidden">Tags that the client wrote</caption>
        <thead class="visually-hidden"><tr><th scope="col">Key</th><th scope="col">Value</th></tr></thead>
        <tbody>\(reserved.map { tag in
            "<tr><td>\(tag.key)</td><td>\(FoldedText(tag.value, of: tag.key).html)</td></tr>" as HTML
        })</tbody></table></details>
        """
    }
}
