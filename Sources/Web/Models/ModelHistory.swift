import Core
import Events
import Registry

/// What happened to a model: who, when, what and why; and where an alias pointed at a time.
struct ModelHistory: Sendable {
    let alias: String?
    let events: [Event]
    let next: Int64?
    /// The answer to where the alias pointed; nil where nobody asked.
    let moment: Moment?

    struct Moment: Sendable {
        let text: String
        /// Nil where the alias pointed at nothing.
        let version: Int64?
    }

    private static let limit = 30

    static func load(_ visit: Visit, _ name: ModelName, _ registry: Registry) async throws -> ModelHistory {
        let history = registry.history(for: visit.caller)
        let alias = try visit.query("alias").map { try AliasName($0) }
        let page = try await history.page(
            of: name,
            alias,
            before: visit.query("before").flatMap { Int64($0) },
            limit: limit
        )
        var moment: Moment?
        if let alias, let text = visit.query("at"), let time = UTCMoment(text) {
            let version = try await history.version(at: alias, of: name, atMs: time.epochMs)
            moment = Moment(text: UTCTime(epochMs: time.epochMs).short, version: version)
        }
        return ModelHistory(alias: alias?.text, events: page.events, next: page.next, moment: moment)
    }

    func html(_ visit: Visit, _ model: String) -> HTML {
        let address = ModelAddresses(visit.base).model(model)
        return """
            <section aria-labelledby="history">
            <div class="row between"><h2 id="history">History\(alias.map { " of \(AliasBadge(alias: $0).html)" as HTML })</h2>
            \(alias.map { _ in "<a class=\"small\" href=\"\(address)#history\">Everything</a>" as HTML })</div>
            \(alias.map { question($0, address) })
            \(moment.map { answer($0, visit, model) })
            <ol class="timeline">\(events.map { EventLine(event: $0, base: visit.base).html })</ol>
            \(next.map { id in
                "<p class=\"pager\"><a class=\"button\" href=\"\(address.with("alias", alias).with("before", "\(id)"))#history\">Earlier</a></p>" as HTML
            })
            </section>
            """
    }

    private func question(_ alias: String, _ address: Address) -> HTML {
        """
        <form method="get" action="\(address)#history" class="row alias-at">
        <input type="hidden" name="alias" value="\(alias)">
        <label>Where it pointed at <input type="datetime-local" name="at" required></label> <span class="quiet small">UTC</span>
        <button class="button small">Ask</button></form>
        """
    }

    private func answer(_ moment: Moment, _ visit: Visit, _ model: String) -> HTML {
        let address = ModelAddresses(visit.base)
        let target: HTML =
            moment.version.map { "<a href=\"\(address.version($0, of: model))\">version \($0)</a>" }
            ?? "no version"
        return """
            <p class="note" role="status">On \(moment.text) UTC, \(AliasBadge(alias: alias ?? "").html) pointed at \(target).</p>
            """
    }
}

/// One event of a model's history.
struct EventLine {
    let event: Event
    let base: Address

    var html: HTML {
        """
        <li>\(Avatar(event.actor).html)<div><strong><bdi>\(event.actor)</bdi></strong> \
        \(EventSentence(event: event, base: base, isAmongItsOwn: true).html) \
        <span class="quiet">\(TimeLabel(event.atMs).html)</span>\(comment)</div></li>
        """
    }

    private var comment: HTML? {
        EventDetails(event).text("comment").map { "<blockquote>\($0)</blockquote>" }
    }
}
