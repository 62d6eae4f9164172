import Core
import Tracking

/// The datasets that a run used.
struct RunDatasets {
    let inputs: [DatasetInput]

    var html: HTML {
        guard !inputs.isEmpty else { return .empty }
        return """
            <section aria-labelledby="datasets-title"><h2 id="datasets-title">Datasets <span class="badge">\(inputs.count)</span></h2>
            \(inputs.map(card))</section>
            """
    }

    private func card(_ input: DatasetInput) -> HTML {
        let dataset = input.dataset
        let context = input.tags.first { $0.key == Self.contextTag }?.value
        return """
            <details class="card dataset"><summary>\(Icon.table.html) <strong>\(dataset.name)</strong> \
            <code>\(dataset.digest)</code> \(context.map { "<span class=\"badge accent\">\($0)</span>" as HTML })</summary>
            <div class="body">
            <dl class="facts"><dt>Kind of source</dt><dd>\(dataset.sourceType)</dd>
            <dt>Source</dt><dd class="mono">\(dataset.source)</dd>
            \(profile(dataset.profile))
            \(input.tags.filter { $0.key != Self.contextTag }.map { "<dt>\($0.key)</dt><dd>\($0.value)</dd>" as HTML })
            </dl>
            \(dataset.schema.flatMap(schema))
            </div></details>
            """
    }

    private static let contextTag = "mlflow.data.context"

    /// The profile's numbers, which are a JSON object; another text as it is.
    private func profile(_ text: String?) -> HTML? {
        guard let text, !text.isEmpty else { return nil }
        guard case .object(let members)? = try? JSON(parsing: text) else {
            return "<dt>Profile</dt><dd class=\"mono\">\(text.shortened(to: Self.mostText))</dd>"
        }
        let facts = members.prefix(Self.mostFacts).map { member in
            "<dt>\(member.key)</dt><dd class=\"mono\">\(member.value.plainText.shortened(to: Self.mostText))</dd>"
                as HTML
        }
        let hidden = members.count - facts.count
        return facts.joined()
            + (hidden > 0 ? "<dt>Profile</dt><dd>… and \(hidden) numbers more</dd>" : .empty)
    }

    private func schema(_ text: String) -> HTML? {
        guard !text.isEmpty else { return nil }
        guard let json = try? JSON(parsing: text), let columns = SchemaTable(dataset: json) else {
            return "<h3>Schema</h3><pre class=\"long\">\(text.shortened(to: Self.mostText))</pre>"
        }
        return "<h3>Schema</h3>\(columns.html)"
    }

    private static let mostFacts = 50
    private static let mostText = 4_000
}

extension JSON {
    /// A text as it is, anything else as JSON.
    var plainText: String {
        if case .string(let text) = self { return text }
        return text
    }
}
