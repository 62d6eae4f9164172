import Registry

/// What of a model changes only with approvals.
struct RuleCard {
    let visit: Visit
    let model: String
    let rules: [ApprovalRule]

    private var address: Address { ModelAddresses(visit.base).model(model)["rules"] }

    var html: HTML {
        """
        <section class="card"><header><h2>Approval rules</h2></header><div class="body">
        \(rules.isEmpty ? "<p class=\"quiet small\">Whoever may write changes aliases and stages at once.</p>" : list)
        \(visit.mayAdmin ? editor : nil)
        </div></section>
        """
    }

    private var list: HTML { "<ul class=\"plain\">\(rules.map(row))</ul>" }

    private func row(_ rule: ApprovalRule) -> HTML {
        """
        <li class="row between"><span>\(subject(rule.target)) \
        <span class="small quiet">\(rule.approvals) \(rule.approvals == 1 ? "approval" : "approvals")\
        \(rule.allowsOwn ? ", own counts" : nil as HTML?)</span></span>\(visit.mayAdmin ? deletion(rule.target) : nil)</li>
        """
    }

    private func subject(_ target: ApprovalTarget) -> HTML {
        switch target {
        case .alias(let alias): AliasBadge(alias: alias).html
        case .stage(let stage): StageBadge(stage: stage).html ?? "<span class=\"badge\">None</span>"
        case .everyAlias: "<span class=\"badge accent\">every alias</span>"
        case .everyStage: "<span class=\"badge\">every stage</span>"
        }
    }

    private func deletion(_ target: ApprovalTarget) -> HTML {
        """
        <form method="post" action="\(address["delete"])"><input type="hidden" name="\(target.kind)" value="\(target.name)">\
        <button class="icon-button" aria-label="Remove the rule for \(target.name)" title="Remove">\(Icon.close.html)</button></form>
        """
    }

    private var editor: HTML {
        Disclosure(
            "Set a rule",
            """
            <form method="post" action="\(address)" class="stack">
            <label class="field">What it protects <select name="kind"><option value="alias">An alias</option>\
            <option value="stage">A stage</option></select></label>
            <label class="field">Which <input name="name" required value="*"> \
            <span class="hint">champion, Production, or * for every one.</span></label>
            <label class="field">Approvals <input name="approvals" type="number" min="1" max="100" value="1" required></label>
            <label class="field inline"><input type="checkbox" name="allow_own" value="true"> Who asks may approve, too</label>
            \(CommentField().html)
            <p><button class="button">Set the rule</button></p></form>
            """
        ).html
    }
}
