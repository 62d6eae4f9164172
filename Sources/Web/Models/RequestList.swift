import Core
import Registry

/// The changes of a model that wait for approvals, and those that waited lately.
struct RequestList {
    let visit: Visit
    let model: String
    let rules: [ApprovalRule]
    let requests: [ApprovalRequest]
    /// Whether there are others, which are older.
    let hasMore: Bool

    private var open: [ApprovalRequest] { requests.filter { $0.state == .open } }
    private var closed: [ApprovalRequest] { requests.filter { $0.state != .open } }

    var html: HTML? {
        guard !requests.isEmpty || hasMore else { return nil }
        return """
            <section aria-labelledby="requests" class="requests">
            \(told)
            \(open.isEmpty ? nil : "<h2 id=\"requests\">Waiting for approval</h2>\(open.map(openRequest))")
            \(closed.isEmpty ? nil : closedRequests)
            \(hasMore ? "<p class=\"quiet small\">… and older requests, which <code>roost registry approvals list</code> tells</p>" : nil)
            </section>
            """
    }

    /// Says what became of a change that somebody has just asked for.
    private var told: HTML? {
        guard let id = visit.query("request").flatMap({ Int64($0) }),
            let request = requests.first(where: { $0.id == id })
        else { return nil }
        let words: HTML =
            switch request.state {
            case .open: "Nothing is changed yet: this needs approval, and request \(id) is open for it."
            case .carriedOut: "Request \(id) is approved and carried out."
            case .refused: "Request \(id) is refused."
            case .withdrawn: "Request \(id) is withdrawn."
            case .lapsed: "Request \(id) has lapsed."
            }
        return
            "<p class=\"note\(request.state == .open ? " warn" : "" as HTML)\" role=\"status\">\(words)</p>"
    }

    private func openRequest(_ request: ApprovalRequest) -> HTML {
        """
        <article class="card request" id="request-\(request.id)">
        <header>\(Icon.clock.html) \(request.deed.sentence(of: request.name)) <span class="quiet">#\(request.id)</span></header>
        <div class="body">
        <p>\(Avatar(request.requestedBy).html) <strong>\(request.requestedBy)</strong> asked \(TimeLabel(request.createdMs).html)\(comment(request.comment))</p>
        \(request.votes.map(vote))
        <p class="small">\(missing(request))</p>
        \(visit.mayWrite ? verdicts(request) : nil)
        </div></article>
        """
    }

    private func comment(_ text: String?) -> HTML? {
        text.flatMap { $0.isEmpty ? nil : ": <q>\($0)</q>" }
    }

    private func vote(_ vote: ApprovalRequest.Vote) -> HTML {
        """
        <p class="small">\(vote.approves ? Icon.check.html : Icon.close.html) <strong><bdi>\(vote.actor)</bdi></strong> \
        \(vote.approves ? "approved" : "refused") \(TimeLabel(vote.atMs).html)\(comment(vote.comment))\
        \(vote.counts ? nil : " <span class=\"quiet\">and may not write here any more: it does not count</span>")</p>
        """
    }

    private func missing(_ request: ApprovalRequest) -> HTML {
        guard let needed = request.needed else { return "It needs no approval any more." }
        let left = max(0, Int(needed) - request.approvals)
        return """
            Needs \(needed) \(needed == 1 ? "approval" : "approvals"), has \(request.approvals): \
            <strong>\(left) more</strong>.
            """
    }

    private func verdicts(_ request: ApprovalRequest) -> HTML {
        let isOwn = request.requestedBy == visit.caller.name
        let hasApproved = request.votes.contains { $0.approves && $0.counts && $0.actor == visit.caller.name }
        let mayApprove = !hasApproved && (!isOwn || allowsOwn(request))
        return """
            <form method="post" action="\(ModelAddresses(visit.base).model(model)["requests"])" class="verdict">
            <input type="hidden" name="request" value="\(request.id)">
            <label class="field">Comment <input name="comment" maxlength="5000"></label>
            <div class="row">
            \(mayApprove ? "<button class=\"button primary\" name=\"verdict\" value=\"approve\">Approve</button>" : nil)
            <button class="button danger" name="verdict" value="refuse">Refuse</button>
            \(isOwn ? "<button class=\"button\" name=\"verdict\" value=\"withdraw\">Withdraw</button>" : nil)
            \(isOwn && !mayApprove && !hasApproved ? "<span class=\"quiet small\">Somebody else must approve it.</span>" : nil)
            \(hasApproved ? "<span class=\"quiet small\">You have approved it.</span>" : nil)
            </div></form>
            """
    }

    /// Whether the rule that the request meets lets who asked approve; the server decides.
    private func allowsOwn(_ request: ApprovalRequest) -> Bool {
        let kind = request.deed.alias == nil ? "stage" : "alias"
        return rules.filter { $0.target.kind == kind }.contains(where: \.allowsOwn)
    }

    private var closedRequests: HTML {
        """
        <details class="closed-requests"><summary class="small">Closed requests</summary>
        <ul class="plain small">\(closed.map { request in
            """
            <li>\(request.deed.sentence(of: request.name)) <span class="quiet">#\(request.id), asked by \(request.requestedBy)</span> \
            <span class="badge">\(Self.word(request.state))</span></li>
            """ as HTML
        })</ul></details>
        """
    }

    private static func word(_ state: ApprovalRequest.State) -> String {
        switch state {
        case .open: "open"
        case .carriedOut: "carried out"
        case .refused: "refused"
        case .withdrawn: "withdrawn"
        case .lapsed: "lapsed"
        }
    }
}
