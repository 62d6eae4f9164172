import Core
import Tracking

/// The head of a run's page: what it is called, how it is, where it comes from, and what can be done with it.
struct RunHeader {
    let visit: Visit
    let run: Run
    let experiment: Experiment
    /// Whether it has something that can be registered.
    let hasModels: Bool

    private var info: RunInfo { run.info }
    private var address: Address { visit.address(ofRun: info.id) }
    private var isActive: Bool { info.stage == .active }

    var html: HTML {
        """
        <header class="run-head" data-status="\(info.status.word)" data-start="\(info.startTime)" \
        data-end="\(info.endTime.map(String.init) ?? "")" data-stage="\(info.stage.rawValue)">
        <div class="run-title">
        <h1>\(RunMark(info.id).html)<bdi data-run-name>\(info.shownName.text)</bdi></h1>
        \(visit.mayWrite ? actions : nil)
        </div>
        <p class="run-facts">\(facts)</p>
        \(isActive ? nil : bin)
        </header>
        """
    }

    private var facts: HTML {
        let pieces: [HTML?] = [
            info.status.badge,
            "<span title=\"How long it ran\">\(Icon.clock.html) <span data-run-span>\(duration)</span></span>",
            info.startTime == 0 ? nil : "<span>started \(TimeLabel(info.startTime).html)</span>",
            run.user.map { "<span>\(Icon.person.html) <bdi>\($0)</bdi></span>" },
            run.word(.source).map {
                "<span class=\"clip\" title=\"\($0)\">\(Icon.file.html) \(Self.lastStep($0))</span>"
            },
            run.word(.commit).map {
                "<span>\(Icon.commit.html) \(RunCommit(sha: $0, visit: visit).html)</span>"
            },
            "<span>in <a href=\"\(visit.address(ofExperiment: experiment.id))\"><bdi>\(experiment.name)</bdi></a></span>",
        ]
        return pieces.compactMap(\.self).joined(separator: "\n")
    }

    private var duration: String {
        if let end = info.endTime { return Span(from: info.startTime, to: end).text }
        guard info.status == .running else { return "–" }
        return Span(from: info.startTime, to: Clock.system.nowMs()).text
    }

    private var actions: HTML {
        """
        <div class="row run-actions">
        \(isActive ? rename : nil)
        \(isActive && hasModels ? register : nil)
        \(isActive && info.status == .running ? button("stop", "Stop", .stop) : nil)
        \(isActive ? button("delete", "Delete", .delete, tone: "danger") : nil)
        </div>
        """
    }

    private var rename: HTML {
        """
        <details class="menu" data-rename><summary class="button">\(Icon.edit.html)Rename</summary>
        <form method="post" action="\(address["rename"])" class="menu-body padded">
        <label class="field">Name<input name="name" value="\(info.name)" required maxlength="250" autocomplete="off"></label>
        <button class="button primary">Save</button>
        </form></details>
        """
    }

    private var register: HTML {
        "<a class=\"button\" href=\"\(address["register"])\">\(Icon.model.html)Register model</a>"
    }

    private var bin: HTML {
        """
        <div class="note warn row between" role="status"><span>This run is in the bin.</span>
        \(visit.mayWrite ? button("restore", "Restore", .history) : nil)</div>
        """
    }

    private func button(_ deed: String, _ label: String, _ icon: Icon, tone: String = "") -> HTML {
        """
        <form method="post" action="\(address[deed])" data-deed="\(deed)">\
        <button class="button \(tone)">\(icon.html)\(label)</button></form>
        """
    }

    /// The name of a file without the folders that it lay in.
    private static func lastStep(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

/// A commit, with a link where the workspace has a repository.
struct RunCommit {
    let sha: String
    let visit: Visit

    var html: HTML {
        let short: HTML = "<code>\(sha.prefix(10))</code>"
        guard let address = visit.address(ofCommit: sha) else { return short }
        return "<a href=\"\(address)\">\(short)</a>"
    }
}
