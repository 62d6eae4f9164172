import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories
import Webhooks

/// What is done beside requests: what waits, what failed, and why.
private struct JobsPanel: Panel {
    let board: JobBoard
    let filter: JobFilter
    let place: Address
    let json: Address

    var title: String { "Jobs" }
    var ways: [Way] { [.json(json)] }

    var body: HTML {
        """
        <p class="quiet">\(board.summary)</p>
        <form class="search-line" role="search"><label class="field"><span>Name</span>
        <input type="search" name="q" value="\(filter.text)" placeholder="Webhook, repository, event"></label>
        \(ChoiceField(name: "kind", label: "What", options: Self.options(Job.Kind.self), value: filter.kind?.rawValue ?? "").html)
        \(ChoiceField(name: "state", label: "State", options: Self.options(Job.State.self), value: filter.state?.rawValue ?? "").html)
        <input type="hidden" name="sort" value="\(filter.order.rawValue)">\
        <input type="hidden" name="order" value="\(filter.isDescending ? "desc" : "asc")">
        <button class="button">Show</button></form>
        \(list)
        """
    }

    private static func options<Word: RawRepresentable<String> & CaseIterable>(
        _: Word.Type
    ) -> [ChoiceField.Option] {
        [.init(value: "", label: "any")] + Word.allCases.map { .init(value: $0.rawValue, label: $0.rawValue) }
    }

    private var list: HTML {
        let jobs = filter.chosen(of: board.jobs)
        guard !jobs.isEmpty else {
            return
                "<p>\(board.jobs.isEmpty ? "Nothing waits, and nothing failed." : "No job is like that.")</p>"
        }
        return """
            <section class="scroll" tabindex="0" role="region" aria-label="Jobs"><table class="list"><thead><tr>\(head(.name, "Name"))\(head(.kind, "What"))\
            \(head(.state, "State"))\(head(.attempts, "Attempts", "number"))\(head(.time, "When"))<th scope="col">Why</th></tr></thead>
            <tbody>\(jobs.map(row))</tbody></table></section>
            """
    }

    private func head(_ order: JobFilter.Order, _ label: String, _ look: String = "") -> HTML {
        let sorted = order != filter.order ? "none" : filter.isDescending ? "descending" : "ascending"
        let mark = order != filter.order ? "" : filter.isDescending ? " ▼" : " ▲"
        return """
            <th scope="col" class="\(look)" aria-sort="\(sorted)"><a href="\(filter.address(place, sortedBy: order))">\(label)\(mark)</a></th>
            """
    }

    private func row(_ job: Job) -> HTML {
        let name: HTML = job.address.map { "<a href=\"\($0)\">\(job.name)</a>" } ?? "\(job.name)"
        let look = job.state == .failed ? "bad" : job.state == .waiting ? "busy" : "good"
        return """
            <tr><td>\(name)</td><td>\(job.kind.rawValue) <span class="quiet mono small">\(job.subject)</span></td>
            <td><span class="badge \(look)">\(job.state.rawValue)</span></td><td class="number">\(job.attempts)</td>
            <td>\(job.atMs.map { TimeLabel($0).html } ?? "–")</td><td>\(job.error)</td></tr>

            """
    }
}

/// The jobs of the whole server.
private struct JobBoard: Sendable {
    let jobs: [Job]
    let summary: String

    static func load(_ visit: Visit, _ web: Web) async throws -> JobBoard {
        async let state = web.webhooks.deliveryBoard.state()
        let work = try await web.repositories.workBoard.state()
        let deliveries = try await state
        var places: [WorkspaceID: RepositoryPlace] = [:]
        let store = web.accounts.repositories(for: visit.identity)
        for workspace in Set(work.mirrors.map(\.workspace) + work.untended) {
            places[workspace] = try await store.find(workspace)?.place
        }
        func name(_ workspace: WorkspaceID) -> String { places[workspace]?.fullName ?? "deleted" }
        func address(_ workspace: WorkspaceID, _ path: String) -> Address? {
            places[workspace].map { visit.root[$0.owner][$0.name].below(path) }
        }
        let jobs =
            deliveries.unfinished.map { Job($0) }
            + work.mirrors.map {
                Job($0, of: name($0.workspace), at: address($0.workspace, "settings/mirrors"))
            }
            + work.untended.map { Job(maintenanceOf: name($0), at: address($0, "settings")) }
        return JobBoard(
            jobs: jobs,
            summary: """
                \(deliveries.pendingCount) deliveries wait, \(work.mirrorCount) mirrors, \
                \(work.untendedCount) repositories wait to be packed and indexed. The newest 500 of each are listed.
                """
        )
    }
}

extension Web {
    var adminJobs: [Endpoint] {
        [
            adminPage("jobs") { visit in
                let filter = JobFilter(visit.call.query)
                return JobsPanel(
                    board: try await JobBoard.load(visit, self),
                    filter: filter,
                    place: visit.place,
                    json: filter.address(visit.adminJSON("jobs"))
                )
            },
            adminJSON("jobs") { visit in
                let board = try await JobBoard.load(visit, self)
                let found = JobFilter(visit.call.query).chosen(of: board.jobs)
                return ["jobs": .array(found.map(\.json))]
            },
        ]
    }
}
