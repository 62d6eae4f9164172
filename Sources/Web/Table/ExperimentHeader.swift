import Core
import Tracking

/// What stands above everything that is shown of an experiment.
struct ExperimentHeader {
    let visit: Visit
    let listed: ListedExperiment

    var html: HTML {
        let (experiment, words) = (listed.experiment, ExperimentWords(listed.experiment))
        let forms = ExperimentForms(visit: visit)
        let isActive = experiment.stage == .active
        return """
            <header class="experiment-header">
            <div class="row between"><div class="row"><h1>\(experiment.name)</h1>
            \(isActive ? nil : "<span class=\"badge bad\">deleted</span>" as HTML)
            \(listed.runningCount == 0 ? nil : "<span class=\"badge busy\">\(listed.runningCount) running</span>" as HTML)
            \(words.badges)</div>
            <div class="row">
            \(isActive ? charts : nil)
            \(visit.mayWrite ? (isActive ? forms.edit(experiment, words) : forms.restore(experiment)) : nil)
            </div></div>
            <p class="quiet small facts-line">
            <span>\(listed.runCount.grouped) \(listed.runCount == 1 ? "run" : "runs")</span>
            <span>experiment <code>\(experiment.id)</code></span>
            <span>begun \(TimeLabel(experiment.creationTime).html)</span>
            \(listed.runCount == 0 ? nil : "<span>last run \(TimeLabel(listed.lastActivity).html)</span>" as HTML)
            <span class="clip">artifacts in <code>\(experiment.artifactLocation)</code></span>
            </p>
            \(note(words))
            </header>
            """
    }

    private var charts: HTML {
        """
        <a class="button" href="\(visit.base["experiments"]["\(listed.experiment.id)"]["charts"])" data-charts>\
        \(Icon.chart.html)Charts</a>
        <a class="button" href="\(visit.base["experiments"]["\(listed.experiment.id)"]["models"])">\
        \(Icon.model.html)Models</a>
        """
    }

    private func note(_ words: ExperimentWords) -> HTML? {
        guard !words.note.isEmpty else { return nil }
        return """
            <details class="experiment-note"><summary><span class="clip">\(words.summary)</span></summary>
            \(Markdown(words.note).html())</details>
            """
    }
}
