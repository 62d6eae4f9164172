import Core
import HTTP

/// What a server is, and what it was asked.
private struct ServerPanel: Panel {
    let facts: ServerFacts
    let routes: [RouteCount]
    let hiddenRoutes: Int
    let nowMs: Int64
    let origin: String
    let address: Address

    var title: String { "Server" }
    var ways: [Way] { [.json(address), .shell("curl \(origin)/metrics")] }

    var body: HTML {
        """
        <section><dl class="facts"><dt>Version</dt><dd>\(facts.version)</dd>
        <dt>Runs since</dt><dd>\(TimeLabel(facts.startedMs).html) (\(Span(ms: nowMs - facts.startedMs).text))</dd></dl></section>
        <section><h2>Settings in force</h2>
        <div class="scroll" tabindex="0"><table class="list"><thead><tr><th>Setting</th><th>Value</th></tr></thead>
        <tbody>\(facts.settings.map { "<tr><td>\($0.name)</td><td class=\"mono\">\($0.value)</td></tr>" as HTML })</tbody>
        </table></div></section>
        <section><h2>Requests since it began</h2>
        <div class="scroll" tabindex="0"><table class="list"><thead><tr><th>Route</th><th class="number">Requests</th>
        <th class="number">Refused</th><th class="number">Failed</th><th class="number">Mean</th></tr></thead>
        <tbody>\(routes.map(row))</tbody></table></div>\(ListEnd(hidden: hiddenRoutes).html)</section>
        """
    }

    var json: JSON {
        [
            "version": .string(facts.version), "started_ms": .integer(facts.startedMs),
            "settings": .object(facts.settings.map { JSON.Member(key: $0.name, value: .string($0.value)) }),
            "routes": .array(routes.map(\.json)), "more_routes": .integer(Int64(max(0, hiddenRoutes))),
        ]
    }

    private func row(_ route: RouteCount) -> HTML {
        """
        <tr><td class="mono">\(route.name)</td><td class="number">\(route.count)</td><td class="number">\(route.refused)</td>
        <td class="number">\(route.failed)</td><td class="number nowrap">\(route.meanText)</td></tr>
        """
    }
}

extension Web {
    private static let shownRoutes = 100

    var adminServer: [Endpoint] {
        [
            adminPage("server") { await serverPanel($0) },
            adminJSON("server") { await serverPanel($0).json },
        ]
    }

    private func serverPanel(_ visit: Visit) async -> ServerPanel {
        let facts = facts
        // It goes through every series of the program.
        let routes = await aside { RouteCount.all(in: facts.measures()) }
        return ServerPanel(
            facts: facts,
            routes: Array(routes.prefix(Self.shownRoutes)),
            hiddenRoutes: routes.count - Self.shownRoutes,
            nowMs: Clock.system.nowMs(),
            origin: visit.origin,
            address: visit.adminJSON("server")
        )
    }
}
