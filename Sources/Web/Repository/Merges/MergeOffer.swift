import Repositories

/// That one branch can be merged into another, for somebody who may.
struct MergeOffer: Sendable {
    let base: BranchName
    let head: BranchName
    /// The commit that was looked at; another is not merged.
    let tip: ObjectID
    /// What both have changed; a person merges them elsewhere.
    let conflicts: [TreePath]
    let action: Address

    private static let mostShown = 100

    var html: HTML { conflicts.isEmpty ? form : refusal }

    private var form: HTML {
        """
        <form method="post" action="\(action)" class="card merge-form"><div class="body">
        <input type="hidden" name="base" value="\(base.text)"><input type="hidden" name="head" value="\(head.text)">
        <input type="hidden" name="tip" value="\(tip.description)">
        <label class="field">What the merge says <input name="message" value="\(message)" required maxlength="200"></label>
        <button class="button primary">\(Icon.branch.html) Merge into \(base.text)</button></div></form>
        """
    }

    private var message: String { "Merge \(head) into \(base)" }

    private var refusal: HTML {
        """
        <section class="note warn"><p>These cannot be merged without a person, since both have changed:</p>
        <ul>\(conflicts.prefix(Self.mostShown).map { "<li><code>\($0.description)</code></li>" as HTML })</ul>
        \(ListEnd(hidden: conflicts.count - Self.mostShown).html)</section>
        """
    }
}
