import Registry

/// The aliases of a model, with what sets, moves, rolls back and removes them.
struct AliasCard {
    let visit: Visit
    let model: RegisteredModel
    /// Nil where there is no version to point at.
    let newest: Int64?

    private var addresses: ModelAddresses { ModelAddresses(visit.base) }
    private var address: Address { addresses.model(model.name)["aliases"] }

    var html: HTML {
        """
        <section class="card"><header><h2>Aliases</h2></header><div class="body">
        \(model.aliases.isEmpty ? "<p class=\"quiet small\">No aliases.</p>" : list)
        \(visit.mayWrite && newest != nil ? AliasForm(address: address, version: newest).html : nil)
        </div></section>
        """
    }

    private var list: HTML { "<ul class=\"plain\">\(model.aliases.map(row))</ul>" }

    private func row(_ alias: ModelAlias) -> HTML {
        """
        <li><div class="row between"><a href="\(addresses.version(alias.version, of: model.name))">\(AliasBadge(alias: alias.alias).html) \
        version \(alias.version)</a>\
        <a class="small" href="\(addresses.model(model.name).with("alias", alias.alias))#history">History</a></div>
        \(visit.mayWrite ? changes(alias) : nil)</li>
        """
    }

    private func changes(_ alias: ModelAlias) -> HTML {
        Disclosure(
            "Change",
            """
            <form method="post" action="\(address)" class="stack">
            <input type="hidden" name="alias" value="\(alias.alias)">
            <label class="field">Version <input name="version" type="number" min="1" value="\(newest ?? alias.version)"></label>
            \(CommentField().html)
            <div class="row"><button class="button">Move</button>
            <button class="button" formaction="\(address["roll-back"])">Roll back</button>
            <button class="button danger" formaction="\(address["remove"])">Remove</button></div></form>
            """
        ).html
    }
}

/// Sets an alias.
struct AliasForm {
    let address: Address
    /// What it is to point at; nil for what is written.
    let version: Int64?

    var html: HTML {
        Disclosure(
            "Set an alias",
            """
            <form method="post" action="\(address)" class="stack">
            <label class="field">Alias <input name="alias" required maxlength="255" pattern="[\\w\\-]+" \
            placeholder="champion" autocapitalize="off"></label>
            <label class="field">Version <input name="version" type="number" min="1" required value="\(version.map { "\($0)" } ?? "")"></label>
            \(CommentField().html)
            <p><button class="button">Set the alias</button></p></form>
            """
        ).html
    }
}
