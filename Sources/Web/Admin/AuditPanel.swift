import Accounts
import Core
import Events
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// What happened to accounts, and to rights in repositories.
private struct AuditPanel: Panel {
    let events: [AuditedEvent]
    let filter: AuditFilter
    /// The event before which the next page begins.
    let next: Int64?
    let place: Address
    let export: Address

    var title: String { "Audit" }
    var ways: [Way] { [.json(export), .shell("roost admin audit --kind session.sign_in_failed --limit 20")] }

    var body: HTML {
        """
        <form class="search-line">
        \(LineField(name: "actor", label: "Who", value: filter.actor ?? "").html)
        \(ChoiceField(name: "kind", label: "What", options: Self.kinds, value: filter.kind?.rawValue ?? "").html)
        \(LineField(name: "since", label: "From", value: filter.since ?? "", type: "date").html)
        \(LineField(name: "until", label: "To", value: filter.until ?? "", type: "date").html)
        <button class="button">Show</button>
        <a class="button" href="\(export)" download="audit.jsonl">\(Icon.download.html)JSON lines</a>
        </form>
        \(list)
        \(next.map {
            "<nav class=\"pager\"><a class=\"button\" href=\"\(filter.address(place).with("before", "\($0)"))\">Older</a></nav>" as HTML
        })
        """
    }

    private var list: HTML {
        guard !events.isEmpty else { return "<p>Nothing like that has happened.</p>" }
        return """
            <section class="scroll"><table class="list"><thead><tr><th>When (UTC)</th><th>Who</th><th>What</th><th>To</th>
            <th>Repository</th><th>Details</th></tr></thead><tbody>\(events.map(row))</tbody></table></section>
            """
    }

    private func row(_ audited: AuditedEvent) -> HTML {
        let event = audited.event
        return """
            <tr><td class="nowrap mono small">\(UTCTime(epochMs: event.atMs).iso)</td>
            <td><a href="\(place.with("actor", event.actor))">\(event.actor)</a></td>
            <td><a href="\(place.with("kind", event.kind.rawValue))">\(event.kind.rawValue)</a></td>
            <td>\(event.subject)</td><td>\(audited.repository ?? "")</td>
            <td class="mono small details">\(event.details == "{}" ? "" : event.details)</td></tr>
            """
    }

    private static let kinds: [ChoiceField.Option] =
        [.init(value: "", label: "anything")]
        + Event.Kind.audited.map { .init(value: $0.rawValue, label: $0.rawValue) }
}

/// Which events are looked for, as an address says it.
struct AuditFilter: Sendable {
    let actor: String?
    let kind: Event.Kind?
    let since: String?
    let until: String?
    let before: Int64?

    /// - Throws: `Failure.invalid` for what is no kind that the audit shows and no day.
    init(_ query: Query) throws {
        let word = { (name: String) in query.word(name).isEmpty ? nil : query.word(name) }
        actor = word("actor")
        kind = try word("kind").map { text in
            guard let kind = Event.Kind.audited.first(where: { $0.rawValue == text }) else {
                throw Failure.invalid("The audit shows no kind of event '\(text.prefix(40))'.")
            }
            return kind
        }
        since = word("since")
        until = word("until")
        before = word("before").flatMap(Int64.init)
        _ = try search(before: nil)
    }

    /// The search that finds them.
    ///
    /// - Parameter before: The event before which they lie; nil for the newest.
    /// - Returns: The search.
    /// - Throws: `Failure.invalid` for what is no day.
    func search(before: Int64?) throws -> EventSearch {
        EventSearch(
            .all,
            kinds: kind.map { [$0] } ?? [],
            before: before ?? .max,
            untilMs: try until.map { try Day($0).endMs } ?? .max,
            sinceMs: try since.map { try Day($0).beginMs } ?? 0,
            actor: actor
        )
    }

    func address(_ place: Address) -> Address {
        place.with("actor", actor).with("kind", kind?.rawValue).with("since", since).with("until", until)
    }
}

/// A day in UTC, as forms send it: `2026-11-26`.
struct Day {
    let beginMs: Int64
    var endMs: Int64 { beginMs + 86_400_000 - 1 }

    /// - Throws: `Failure.invalid` for a text that is no day.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    init(_ text: String) throws(Failure) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
        guard parts.count == 3, (1_970...9_999).contains(parts[0]), (1...12).contains(parts[1]),
            (1...31).contains(parts[2])
        else { throw .invalid("'\(text.prefix(40))' is no day: write it as 2026-11-26.") }
        let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (parts[1] + (parts[1] > 2 ? -3 : 9)) + 2) / 5 + parts[2] - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        beginMs = (era * 146_097 + dayOfEra - 719_468) * 86_400_000
    }
}

extension Web {
    private static let shownEvents = 100
    private static let eventsOfRound = 1_000

    var adminAudit: [Endpoint] {
        [
            adminPage("audit") { visit in
                let filter = try AuditFilter(visit.call.query)
                let search = try filter.search(before: filter.before)
                let events = try await accounts.audit(search, limit: Self.shownEvents)
                return AuditPanel(
                    events: events,
                    filter: filter,
                    next: events.count == Self.shownEvents ? events.last?.event.id : nil,
                    place: visit.place,
                    export: filter.address(visit.root.below("admin/audit.jsonl"))
                )
            },
            Endpoint(.get, "admin/audit.jsonl", in: .site, needs: .serverAdmin) { call in
                try export(AuditFilter(call.query))
            },
        ]
    }

    /// Everything that a filter finds, a line each, written as it is read.
    private func export(_ filter: AuditFilter) throws -> Answer {
        let body = ResponseBody { writer in
            var before: Int64?
            while true {
                let events = try await accounts.audit(
                    filter.search(before: before),
                    limit: Self.eventsOfRound
                )
                var lines = ByteBuffer()
                for event in events { lines.writeString(event.jsonLine) }
                if !events.isEmpty { try await writer.write(lines) }
                guard events.count == Self.eventsOfRound else { break }
                before = events.last?.event.id
            }
            try await writer.finish(nil)
        }
        return Answer(
            headers: [.contentType: "application/x-ndjson; charset=utf-8", .cacheControl: "no-store"],
            body: body
        )
    }
}

extension AuditedEvent {
    /// An object with a line break behind it.
    fileprivate var jsonLine: String {
        let details = (try? JSON(parsing: event.details)) ?? .string(event.details)
        let object: JSON = [
            "id": .integer(event.id), "at_ms": .integer(event.atMs), "actor": .string(event.actor),
            "kind": .string(event.kind.rawValue), "subject": .string(event.subject),
            "repository": repository.map(JSON.string) ?? .null, "details": details,
        ]
        return object.text + "\n"
    }
}
