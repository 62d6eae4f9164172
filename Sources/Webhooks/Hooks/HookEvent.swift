package import Core
import Events

/// What a hook of a repository can be told of.
package enum HookEvent: String, Sendable, Hashable, CaseIterable {
    /// A branch or a tag points at another commit; also a new one does.
    case push
    case create
    case delete
    case release
    case runFinished = "run.finished"
    case modelVersionCreated = "model_version.created"
    /// A version has another stage, or an alias points elsewhere.
    case modelVersionMoved = "model_version.moved"

    /// What Gitea and Gogs have besides, so that their tools may ask for it; it does not happen here.
    package static let silent: Set<String> = [
        "fork", "issues", "issue_assign", "issue_label", "issue_milestone", "issue_comment", "pull_request",
        "pull_request_assign", "pull_request_label", "pull_request_milestone", "pull_request_comment",
        "pull_request_review", "pull_request_review_approved", "pull_request_review_rejected",
        "pull_request_review_comment", "pull_request_review_request", "pull_request_sync",
        "pull_request_only",
        "issues_only", "wiki", "repository", "package", "status", "workflow_run", "workflow_job",
    ]

    /// What an event of the log may be for hooks, in the order in which it is told.
    static func events(of kind: Event.Kind) -> [HookEvent] {
        switch kind {
        case .gitPushed, .gitTagMoved: [.push]
        case .gitBranchCreated, .gitTagCreated: [.create, .push]
        case .gitBranchDeleted, .gitTagDeleted: [.delete]
        case .releasePublished, .releaseUpdated, .releaseDeleted: [.release]
        case .runUpdated: [.runFinished]
        case .modelVersionCreated: [.modelVersionCreated]
        case .modelVersionStageChanged, .aliasSet, .aliasRemoved, .aliasRolledBack: [.modelVersionMoved]
        default: []
        }
    }
}

/// The events that a hook asks for; the initialiser is the validation.
package struct HookEvents: Sendable, Hashable {
    /// By their names, each once.
    package let words: [String]

    /// - Throws: `Failure.invalid` for an event that there is not, and for none at all.
    package init(_ words: [String]) throws(Failure) {
        let known = HookEvent.allCases.map(\.rawValue).joined(separator: ", ")
        guard !words.isEmpty else {
            throw .invalid(
                "A hook without events is told nothing: name some of \(known), or make it inactive."
            )
        }
        for word in words where HookEvent(rawValue: word) == nil && !HookEvent.silent.contains(word) {
            throw .invalid("There is no event '\(word.prefix(40))': a hook is told of \(known).")
        }
        self.words = Set(words).sorted()
    }

    init(stored words: [String]) {
        self.words = words
    }

    /// What is told where nothing is said.
    package static let standard = HookEvents(stored: [HookEvent.push.rawValue])
}
