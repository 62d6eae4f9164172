import Accounts
import Core
import HTTP
import Repositories
import Webhooks

/// What is done beside requests, and what of it failed.
private struct JobsPanel: Panel {
    let deliveries: DeliveryBoard.State
    let work: WorkBoard.State
    /// The repositories of failing mirrors, as far as they are still here.
    let places: [WorkspaceID: RepositoryPlace]
    let root: Address

    var title: String { "Jobs" }

    var body: HTML {
        """
        <section><h2>Webhooks</h2>
        <p>\(deliveries.pendingCount) deliveries wait\(deliveries.oldestMs.map {
            ", the oldest since \(TimeLabel($0).html)" as HTML
        }).</p>\(failedDeliveries)</section>
        <section><h2>Mirrors</h2>
        <p>\(work.mirrorCount) mirrors, of which \(work.failing.count) failed when they ran last.</p>\(failingMirrors)</section>
        <section><h2>Maintenance</h2>
        <p>\(work.untendedCount) repositories wait to be packed and indexed.</p></section>
        """
    }

    private var failedDeliveries: HTML? {
        guard !deliveries.failed.isEmpty else { return nil }
        return """
            <div class="scroll" tabindex="0"><table class="list"><thead><tr><th>Webhook</th><th>What</th><th class="number">Attempts</th>
            <th>Given up</th><th>Why</th></tr></thead><tbody>\(deliveries.failed.map { failed -> HTML in
                """
                <tr><td>\(failed.webhook.isEmpty ? "of a repository" : failed.webhook)</td><td>\(failed.event)</td><td class="number">\(failed.attempts)</td>
                <td>\(failed.finishedMs.map { TimeLabel($0).html })</td><td>\(failed.error)</td></tr>
                """
            })</tbody></table></div>
            """
    }

    private var failingMirrors: HTML? {
        guard !work.failing.isEmpty else { return nil }
        return """
            <div class="scroll" tabindex="0"><table class="list"><thead><tr><th>Repository</th><th>Other</th>
            <th class="number">Failures</th><th>Last run</th><th>Why</th></tr></thead><tbody>\(work.failing.map { mirror -> HTML in
                """
                <tr><td>\(link(mirror.workspace))</td><td class="mono">\(mirror.address)</td>
                <td class="number">\(mirror.failures)</td><td>\(mirror.lastMs.map { TimeLabel($0).html })</td>
                <td>\(mirror.error)</td></tr>
                """
            })</tbody></table></div>
            """
    }

    private func link(_ workspace: WorkspaceID) -> HTML {
        guard let place = places[workspace] else { return "deleted" }
        return "<a href=\"\(root[place.owner][place.name].below("settings/mirrors"))\">\(place.fullName)</a>"
    }
}

extension Web {
    var adminJobs: [Endpoint] {
        [
            adminPage("jobs") { visit in
                async let deliveries = webhooks.deliveryBoard.state()
                let work = try await repositories.workBoard.state()
                var places: [WorkspaceID: RepositoryPlace] = [:]
                let store = accounts.repositories(for: visit.identity)
                for workspace in Set(work.failing.map(\.workspace)) {
                    places[workspace] = try await store.find(workspace)?.place
                }
                return JobsPanel(
                    deliveries: try await deliveries,
                    work: work,
                    places: places,
                    root: visit.root
                )
            }
        ]
    }
}
