import Core
import Tracking

/// What people wrote of an experiment, apart from the tags that are for programs.
struct ExperimentWords: Sendable {
    /// The tag that MLflow keeps the description in.
    static let noteKey = "mlflow.note.content"

    let note: String
    let tags: [Tag]

    init(_ experiment: Experiment) {
        note = experiment.tags.first { $0.key == Self.noteKey }?.value ?? ""
        tags = experiment.tags.filter { !$0.key.hasPrefix("mlflow.") }
    }

    /// The first words of the description, for lists.
    var summary: String {
        let text = Markdown(note).beginning
        return text.count > 160 ? text.prefix(159) + "…" : text
    }

    var badges: HTML {
        tags.map { tag in
            """
            <span class="badge" title="\(tag.key): \(tag.value)">\(tag.key)\
            \(tag.value.isEmpty ? "" : ": \(tag.value.prefix(60))")</span>
            """ as HTML
        }.joined(separator: " ")
    }
}
