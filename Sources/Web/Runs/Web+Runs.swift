import Core
import HTTP
import Tracking

extension Web {
    /// The page of a run, what its forms do, and its artifacts.
    var runEndpoints: [Endpoint] {
        [
            page("runs/:id", in: .workspacePages) { visit in
                let run = try await run(visit)
                let experiment = try await experiment(of: run, visit)
                let panel: RunPage.Panel =
                    visit.query("tab") == RunTab.metrics.rawValue
                    ? .metrics(try await RunMetrics.load(run, for: visit, self))
                    : .overview(try await RunOverview.load(run, in: experiment, for: visit, self))
                return RunPage(visit: visit, run: run, experiment: experiment, panel: panel)
            }
        ] + runForms
            + artifactEndpoints(
                below: "runs",
                find: { try await run($0) },
                holder: { ArtifactHolder(run: $0.info, for: $1) },
                page: { run, visit, browser in
                    RunPage(
                        visit: visit,
                        run: run,
                        experiment: try await experiment(of: run, visit),
                        panel: .artifacts(browser)
                    )
                }
            )
    }

    /// The run that an address names.
    private func run(_ visit: Visit) async throws -> Run {
        try await tracking.runs(for: visit.caller).get(visit.call.parameter("id"))
    }

    private func experiment(of run: Run, _ visit: Visit) async throws -> Experiment {
        try await tracking.experiments(for: visit.caller).get(run.info.experimentID)
    }

    // MARK: Forms

    /// What can be done with a run; pages with a script ask MLflow's calls instead.
    private var runForms: [Endpoint] {
        [
            runForm("rename") { runs, id, form in
                let name = form["name"] ?? ""
                guard !name.allSatisfy(\.isWhitespace) else { throw Failure.invalid("A run has a name.") }
                _ = try await runs.update(id, status: nil, endTime: nil, name: name)
            },
            runForm("stop") { runs, id, _ in
                guard try await runs.get(id).info.status == .running else {
                    throw Failure.invalid("The run has ended already.")
                }
                _ = try await runs.update(id, status: .killed, endTime: Clock.system.nowMs(), name: nil)
            },
            runForm("delete") { runs, id, _ in try await runs.delete(id) },
            runForm("restore") { runs, id, _ in try await runs.restore(id) },
            runForm("note") { runs, id, form in
                let note = form["note"] ?? ""
                try await runs.log(Batch(tag: Tag(key: RunTag.note.rawValue, value: note)), to: id)
            },
            runForm("tags") { runs, id, form in
                let tag = Tag(key: form["key"] ?? "", value: form["value"] ?? "")
                try await runs.log(Batch(tag: tag), to: id)
            },
            runForm("tags/delete") { runs, id, form in try await runs.deleteTag(form["key"] ?? "", of: id) },
        ]
    }

    private func runForm(
        _ deed: String,
        _ act: @escaping @Sendable (RunStore, _ id: String, Query) async throws -> Void
    ) -> Endpoint {
        form("runs/:id/\(deed)", in: .workspacePages) { visit, form in
            let id = visit.call.parameter("id")
            try await act(tracking.runs(for: visit.caller), id, form)
            return visit.address(ofRun: id)
        }
    }
}
