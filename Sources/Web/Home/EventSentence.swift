import Core
import Events

/// What somebody did, in words that go on behind their name: `moved the alias champion of iris from version 1 to version 2`.
struct EventSentence {
    let event: Event
    /// The pages of the workspace in which it happened.
    let base: Address
    /// What the run or the experiment is called that it happened to.
    var name: String?
    /// Whether it is told among what happened to the same model, which then need not be named.
    var isAmongItsOwn = false

    var html: HTML {
        registry ?? approval ?? tracking ?? git ?? "did \(event.kind.rawValue)"
    }

    private var details: EventDetails { EventDetails(event) }
    private var models: ModelAddresses { ModelAddresses(base) }

    /// The steps of the subject: `registered_model/iris/3`.
    private var steps: [String] { event.subject.split(separator: "/").map(String.init) }

    private var model: HTML {
        guard steps.count > 1 else { return "a model" }
        if isAmongItsOwn { return "the model" }
        return "<a href=\"\(models.model(steps[1]))\"><bdi>\(steps[1])</bdi></a>"
    }

    private var ofModel: HTML? { isAmongItsOwn ? nil : " of \(model)" }

    private func version(_ number: Int64?) -> HTML {
        guard let number, steps.count > 1 else { return "no version" }
        return "<a href=\"\(models.version(number, of: steps[1]))\">version \(number)</a>"
    }

    private var alias: HTML {
        details.text("alias").map { AliasBadge(alias: $0).html } ?? "an alias"
    }

    /// A name, apart from the direction of the words around it.
    private func strong(_ name: String?) -> HTML { "<strong><bdi>\(name ?? "")</bdi></strong>" }

    private var tag: HTML { "the tag \(strong(details.text("key")))" }

    private var registry: HTML? {
        switch event.kind {
        case .registeredModelCreated: "created \(model)"
        case .registeredModelImported: "imported \(model)"
        case .registeredModelRenamed:
            "renamed \(strong(details.text("from"))) to \(strong(details.text("to")))"
        case .registeredModelDescribed: "described \(model)"
        case .registeredModelDeleted: "deleted the model \(strong(steps.dropFirst().first))"
        case .registeredModelTagSet: "set \(tag) of \(model) to \(shown("to"))"
        case .registeredModelTagDeleted: "deleted \(tag) of \(model)"
        case .aliasSet: aliasSet
        case .aliasRemoved:
            "removed \(alias)\(ofModel), which pointed at \(version(details.integer("from")))"
        case .aliasRolledBack:
            "rolled \(alias)\(ofModel) back from \(version(details.integer("from"))) to \(version(details.integer("to")))"
        case .modelVersionCreated: "registered \(version(details.integer("version")))\(ofModel)"
        case .modelVersionImported: "imported \(version(details.integer("version")))\(ofModel)"
        case .modelVersionDescribed: "described \(version(details.integer("version")))\(ofModel)"
        case .modelVersionStageChanged:
            "moved \(version(details.integer("version")))\(ofModel) from \(details.text("from") ?? "None") to <strong>\(details.text("to") ?? "")</strong>"
        case .modelVersionDeleted: "deleted version \(details.integer("version") ?? 0)\(ofModel)"
        case .modelVersionTagSet:
            "set \(tag) of \(version(details.integer("version")))\(ofModel) to \(shown("to"))"
        case .modelVersionTagDeleted: "deleted \(tag) of \(version(details.integer("version")))\(ofModel)"
        case .modelVersionSigned:
            "had \(version(details.integer("version")))\(ofModel) signed, with \(details.integer("files") ?? 0) files"
        default: nil
        }
    }

    private var aliasSet: HTML {
        guard let old = details.integer("from") else {
            return "set \(alias)\(ofModel) to \(version(details.integer("to")))"
        }
        return "moved \(alias)\(ofModel) from \(version(old)) to \(version(details.integer("to")))"
    }

    /// Tags may be long.
    private func shown(_ key: String) -> HTML {
        "“<bdi>\((details.text(key) ?? "").shortened(to: 120))</bdi>”"
    }

    private var ruleTarget: HTML {
        switch (details.text("alias"), details.text("stage")) {
        case ("*"?, _): "every alias"
        case (_, "*"?): "every stage"
        case (let alias?, _): AliasBadge(alias: alias).html
        case (_, let stage): "the stage \(stage ?? "")"
        }
    }

    private var request: HTML { "request \(details.integer("request") ?? 0)" }

    private var approval: HTML? {
        switch event.kind {
        case .approvalRuleSet:
            "asks for \(details.integer("to") ?? 0) \(details.integer("to") == 1 ? "approval" : "approvals") before \(ruleTarget)\(ofModel) changes"
        case .approvalRuleRemoved: "asks for no approvals any more before \(ruleTarget)\(ofModel) changes"
        case .approvalRequested: "opened \(request)\(ofModel): \(asked)"
        case .approvalGiven: "approved \(request)\(ofModel)"
        case .approvalRefused: "refused \(request)\(ofModel)"
        case .approvalWithdrawn: "withdrew \(request)\(ofModel)"
        case .approvalLapsed: "made \(request)\(ofModel) lapse"
        default: nil
        }
    }

    private var asked: HTML {
        switch (details.text("alias"), details.text("stage")) {
        case (_?, _) where details.integer("version") == nil: "remove \(alias)"
        case (_?, _): "\(alias) to \(version(details.integer("version")))"
        case (_, let stage): "\(version(details.integer("version"))) to \(stage ?? "")"
        }
    }

    private var run: HTML {
        let id = steps.last ?? ""
        return "<a href=\"\(models.run(id))\">\(ShownName(name ?? "", id: id).html)</a>"
    }

    private var experiment: HTML {
        let id = steps.last ?? ""
        return "<a href=\"\(base["experiments"][id])\"><bdi>\(name ?? "experiment \(id)")</bdi></a>"
    }

    private var tracking: HTML? {
        switch event.kind {
        case .runUpdated: "\(details.text("status").map(Self.ended) ?? "changed") the run \(run)"
        case .runDeleted: "deleted the run \(run)"
        case .runRestored: "restored the run \(run)"
        case .experimentCreated: "created the experiment \(experiment)"
        case .experimentDeleted: "deleted the experiment \(experiment)"
        case .experimentRestored: "restored the experiment \(experiment)"
        default: nil
        }
    }

    /// How a run ended, as what was done.
    static func ended(_ status: String) -> String {
        switch status {
        case "FINISHED": "finished"
        case "FAILED": "failed in"
        case "KILLED": "stopped"
        default: "changed"
        }
    }

    private var ref: String {
        event.subject.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
    }

    private var branch: HTML { "<a href=\"\(base["src"].below(ref))\"><bdi>\(ref)</bdi></a>" }

    private var git: HTML? {
        switch event.kind {
        case .gitPushed: "pushed \(commits) to \(branch)"
        case .gitBranchCreated: "made the branch \(branch)"
        case .gitBranchDeleted: "deleted the branch \(strong(ref))"
        case .gitTagCreated: "made the tag \(branch)"
        case .gitTagMoved: "moved the tag \(branch)"
        case .gitTagDeleted: "deleted the tag \(strong(ref))"
        default: nil
        }
    }

    private var commits: HTML {
        switch details.integer("commits") {
        case nil: "commits"
        case 1?: "1 commit"
        case let count?: "\(count) commits"
        }
    }
}
