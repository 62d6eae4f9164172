import Accounts
import Core
import HTTP

/// Where somebody is signed in.
struct SessionsPanel: Panel {
    let sessions: [SessionStore.Session]
    /// Whether there are others, which were seen before these.
    let hasMore: Bool
    /// The name of the session of who looks.
    let own: String?
    let place: Address
    let address: Address

    var title: String { "Sessions" }
    var ways: [Way] { [.json(address, isOwn: true), .shell("roost admin sessions list --login LOGIN")] }

    var json: JSON {
        [
            "sessions": .array(
                sessions.map { session in
                    [
                        "client": .string(ClientName(session.client).text),
                        "address": .string(session.address),
                        "created_ms": .integer(session.createdMs),
                        "last_seen_ms": .integer(session.lastSeenMs),
                        "is_this_one": .boolean(session.name == own),
                    ]
                }
            ), "has_more": .boolean(hasMore),
        ]
    }

    var body: HTML {
        """
        <p class="quiet">A session ends by itself after \(Span(ms: SessionStore.idleLimitMs).days) without use, and after
        \(Span(ms: SessionStore.lifetimeMs).days) in any case.</p>
        <section class="scroll"><table class="list"><thead><tr><th>Browser</th><th>Signed in from</th><th>When</th><th>Last seen</th>
        <th><span class="visually-hidden">End</span></th></tr></thead><tbody>\(sessions.map(row))</tbody></table></section>
        \(ListEnd(hidden: hasMore ? nil : 0).html)
        \(sessions.count > 1 ? others : nil)
        """
    }

    private var others: HTML {
        FormBox(action: place, deed: "others", button: "End all others", look: .danger).html
    }

    private func row(_ session: SessionStore.Session) -> HTML {
        let isOwn = session.name == own
        let end = FormBox(
            action: place,
            deed: "end",
            button: "End",
            look: .danger,
            hidden: [("name", session.name)],
            about: "the session of \(ClientName(session.client).text)"
        )
        return """
            <tr><td>\(ClientName(session.client).html)</td><td class="mono">\(session.address.isEmpty ? "–" : session.address)</td>
            <td>\(TimeLabel(session.createdMs).html)</td><td>\(TimeLabel(session.lastSeenMs).html)</td>
            <td class="end">\(isOwn ? "<span class=\"badge good\">this one</span>" : end.inRow)</td></tr>
            """
    }
}

extension Span {
    fileprivate var days: String { "\(ms / 86_400_000) days" }
}

extension Web {
    private static let mostSessions = 200

    var sessionSettings: [Endpoint] {
        ownDesk("sessions") { visit, _ in
            try await sessionsPanel(visit)
        } take: { visit, form in
            let sessions = means.signIn.sessions
            switch form["do"] {
            case "others":
                let cookie = SessionCookie.value(in: visit.call.request) ?? ""
                try await sessions.endAll(of: visit.account(), except: cookie, by: visit.caller)
            case "end": try await sessions.end(form.text("name"), of: visit.account(), by: visit.caller)
            default: throw Failure.unknownDeed
            }
            return .goOn(visit.place.after(.ended))
        } + [ownJSON("sessions") { try await sessionsPanel($0).json }]
    }

    private func sessionsPanel(_ visit: Visit) async throws -> SessionsPanel {
        let sessions = try await means.signIn.sessions.list(of: visit.account(), limit: Self.mostSessions + 1)
        return SessionsPanel(
            sessions: Array(sessions.prefix(Self.mostSessions)),
            hasMore: sessions.count > Self.mostSessions,
            own: SessionCookie.value(in: visit.call.request).flatMap(SessionStore.name),
            place: visit.place,
            address: visit.ownJSON("sessions")
        )
    }
}
