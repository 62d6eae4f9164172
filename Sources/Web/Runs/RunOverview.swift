import Core
import Registry
import Tracking

/// What there is to know of a run, but for histories and artifacts.
struct RunOverview: Sendable {
    let visit: Visit
    let run: Run
    let experiment: Experiment
    let family: RunFamily
    let models: RunModels
    let versions: [ModelVersion]

    static func load(
        _ run: Run,
        in experiment: Experiment,
        for visit: Visit,
        _ web: Web
    ) async throws -> RunOverview {
        let id = run.info.id
        async let family = RunFamily.load(run, for: visit, web)
        async let models = RunModels.load(run, for: visit, web)
        async let versions = web.registry.modelVersions(for: visit.caller).versions(ofRuns: [id])
        return try await RunOverview(
            visit: visit,
            run: run,
            experiment: experiment,
            family: family,
            models: models,
            versions: versions
        )
    }

    var html: HTML {
        """
        <div class="columns">
        <div>
        \(RunNote(run: run, visit: visit).html)
        \(RunValues(run: run, visit: visit).html)
        \(RunDatasets(inputs: run.datasets).html)
        </div>
        <div>
        \(RunFacts(run: run, experiment: experiment, visit: visit).html)
        \(TagTable(
            tags: run.tags.filter { !RunTag.isReserved($0.key) },
            reserved: run.tags.filter { RunTag.isReserved($0.key) && $0.key != RunTag.note.rawValue },
            address: visit.address(ofRun: run.info.id)["tags"],
            mayWrite: visit.mayWrite && run.info.stage == .active
        ).html)
        \(family.html(visit))
        \(models.html(visit))
        \(RunVersions(versions: versions, visit: visit).html)
        </div>
        </div>
        """
    }
}

/// The description of a run: the tag that MLflow's pages call its note.
struct RunNote {
    let run: Run
    let visit: Visit

    var html: HTML {
        let note = run.word(.note)
        let mayEdit = visit.mayWrite && run.info.stage == .active
        // It is there in any case, for scripts to put a fresh one in its place.
        guard note != nil || mayEdit else { return "<section id=\"description\" hidden></section>" }
        return """
            <section id="description" aria-labelledby="description-title">
            <h2 id="description-title" class="\(note == nil ? "visually-hidden" : "")">Description</h2>
            <div data-note>\(note.map { Markdown($0).html() })</div>
            \(mayEdit ? form(note ?? "") : nil)
            </section>
            """
    }

    private func form(_ note: String) -> HTML {
        """
        <details class="edit" data-note-edit><summary>\(Icon.edit.html)\(note.isEmpty ? "Describe this run" : "Edit")</summary>
        <form method="post" action="\(visit.address(ofRun: run.info.id)["note"])">
        <label class="field">Description, in Markdown
        <textarea name="note" rows="8" maxlength="8000">\(note)</textarea></label>
        <button class="button primary">Save</button>
        </form></details>
        """
    }
}

/// What a run is and where it comes from.
struct RunFacts {
    let run: Run
    let experiment: Experiment
    let visit: Visit

    private var info: RunInfo { run.info }

    var html: HTML {
        """
        <section aria-labelledby="facts-title"><h2 id="facts-title" class="first">Facts</h2>
        <dl class="facts">
        \(fact("Run ID", "<code>\(info.id)</code>"))
        \(fact("Experiment", "<a href=\"\(visit.address(ofExperiment: experiment.id))\">\(experiment.name)</a>"))
        \(fact("Started", TimeLabel(info.startTime).html))
        \(fact("Ended", info.endTime.map { TimeLabel($0).html }))
        \(fact("User", run.user.map { HTML($0) }))
        \(fact("Source", run.word(.source).map { HTML($0) }))
        \(fact("Kind of source", run.word(.sourceType).map { HTML($0.lowercased()) }))
        \(fact("Entry point", run.word(.entryPoint).map { HTML($0) }))
        \(fact("Branch", run.word(.gitBranch).map { HTML($0) }))
        \(fact("Commit", run.word(.commit).map { RunCommit(sha: $0, visit: visit).html }))
        \(fact("Repository", run.word(.gitAddress).map { HTML($0) }))
        \(fact("Artifacts", "<span class=\"mono\">\(info.artifactURI)</span>"))
        </dl></section>
        """
    }

    private func fact(_ name: String, _ value: HTML?) -> HTML? {
        value.map { "<dt>\(name)</dt><dd>\($0)</dd>" }
    }
}

/// The versions of registered models that a run made.
struct RunVersions {
    let versions: [ModelVersion]
    let visit: Visit

    var html: HTML {
        guard !versions.isEmpty else { return .empty }
        return """
            <section aria-labelledby="versions-title"><h2 id="versions-title">Registered versions</h2>
            <ul class="plain">\(versions.map { version in
                """
                <li>\(Icon.model.html) <a href="\(visit.address(ofVersion: version.version, of: version.name))">\
                \(version.name) version \(version.version)</a></li>
                """ as HTML
            })</ul></section>
            """
    }
}
