import Core
import HTTP
import Registry

/// Two versions of a model side by side; what differs comes first.
struct CompareVersionsPage: Page {
    let visit: Visit
    let first: VersionFacts
    let second: VersionFacts
    let isPrompt: Bool

    static func load(_ visit: Visit, _ web: Web) async throws -> CompareVersionsPage {
        let name = try ModelName(visit.call.parameter("name"))
        guard let a = visit.query("a"), let b = visit.query("b") else {
            throw Failure.invalid("Name two versions: …/compare?a=1&b=2.")
        }
        let model = try await web.registry.registeredModels(for: visit.caller).get(name)
        async let first = VersionFacts.load(VersionNumber.parse(a), of: name, visit, web)
        async let second = VersionFacts.load(VersionNumber.parse(b), of: name, visit, web)
        return try await CompareVersionsPage(
            visit: visit,
            first: first,
            second: second,
            isPrompt: Prompt.isMarked(model.tags)
        )
    }

    private var name: String { first.version.name }
    private var addresses: ModelAddresses { ModelAddresses(visit.base) }

    var title: String { "\(name): version \(first.version.version) and \(second.version.version)" }
    var crumbs: [Crumb] {
        ModelAddresses.crumbs(visit) + [
            isPrompt ? Crumb("Prompts", addresses.prompts) : Crumb("Models", addresses.list),
            Crumb(name, addresses.model(name)), Crumb("Compare"),
        ]
    }
    var tab: Tab? { .models }
    var styles: [String] { ["models/models.css"] }

    var ways: [Way] {
        [first, second].map { facts in
            .json(
                Address(visit.serviceBase).below("api/2.0/mlflow/model-versions/get")
                    .with("name", name).with("version", "\(facts.version.version)")
            )
        }
    }

    var body: HTML {
        """
        <div class="row between page-head"><h1>\(name): version \(first.version.version) and \(second.version.version)</h1>
        <a class="button" href="\(addresses.comparison(of: name, second.version.version, first.version.version))">Swap</a></div>
        \(isPrompt ? template : nil)
        \(section("About", about))
        \(isPrompt ? nil : modelSections)
        \(section("Tags", pairs(tags(of: first), tags(of: second))))
        """
    }

    private var template: HTML {
        let changes = LineDifference(
            from: PromptText(first.version.tags).readable,
            to: PromptText(second.version.tags).readable
        )
        return """
            <h2>Template</h2>
            \(changes.hasChanges ? changes.html : "<p class=\"quiet\">The template is the same.</p>")
            """
    }

    private var modelSections: HTML {
        """
        \(metrics)
        \(section("Params", pairs(first.params, second.params)))
        \(section("Inputs and outputs", pairs(schema(of: first), schema(of: second))))
        \(section("Files", pairs(files(of: first), files(of: second))))
        """
    }

    /// A row of both: what it is, and what each has; nil for what one has not.
    private struct Pair {
        let key: String
        let first: String?
        let second: String?

        var differs: Bool { first != second }
    }

    private func pairs(_ first: [String: String], _ second: [String: String]) -> [Pair] {
        let keys = Set(first.keys).union(second.keys).sorted()
        let pairs = keys.map { Pair(key: $0, first: first[$0], second: second[$0]) }
        return pairs.filter(\.differs) + pairs.filter { !$0.differs }
    }

    private var about: [Pair] {
        let rows: [(String, (VersionFacts) -> String?)] = [
            ("Stage", { $0.version.stage.rawValue }),
            ("Aliases", { $0.version.aliases.isEmpty ? nil : $0.version.aliases.joined(separator: ", ") }),
            ("Registered", { UTCTime(epochMs: $0.version.creationTime).short + " UTC" }),
            ("Run", { $0.version.runID.isEmpty ? nil : $0.version.runID }),
            ("Source", { $0.version.source }),
            ("Flavors", { $0.folder?.model?.flavors.joined(separator: ", ") }),
            ("MLflow", { $0.folder?.model?.mlflowVersion }),
            ("Description", { $0.version.description.flatMap { $0.isEmpty ? nil : $0 } }),
        ]
        return rows.map { Pair(key: $0.0, first: $0.1(first), second: $0.1(second)) }
            .filter { $0.first != nil || $0.second != nil }
    }

    private func tags(of facts: VersionFacts) -> [String: String] {
        let tags = facts.version.tags.filter {
            !$0.key.hasPrefix("mlflow.prompt.") && !$0.key.hasPrefix("_mlflow")
        }
        return Dictionary(tags.map { ($0.key, $0.value) }) { $1 }
    }

    private func files(of facts: VersionFacts) -> [String: String] {
        let files = (facts.folder?.files ?? []).map { file in
            (file.path, "\(ByteCount(bytes: file.sizeBytes).text), \(file.hash.prefix(12))")
        }
        return Dictionary(files) { $1 }
    }

    private func schema(of facts: VersionFacts) -> [String: String] {
        guard let model = facts.folder?.model else { return [:] }
        let parts = [("input", model.inputs), ("output", model.outputs), ("parameter", model.params)]
        let columns = parts.flatMap { part, table in
            (table?.columns ?? []).enumerated().map { place, column in
                (
                    "\(part) \(column.name == "–" ? "\(place + 1)" : column.name)",
                    column.type + (column.notes.isEmpty ? "" : ", " + column.notes)
                )
            }
        }
        return Dictionary(columns) { $1 }
    }

    private func section(_ heading: String, _ pairs: [Pair]) -> HTML? {
        guard !pairs.isEmpty else { return nil }
        let same = pairs.count { !$0.differs }
        return """
            <h2>\(heading) <span class="quiet small">\(pairs.count - same) differ, \(same) are the same</span></h2>
            <div class="scroll"><table class="list comparison"><thead>\(heads(areNumbers: false))</tr></thead>
            <tbody>\(pairs.map(row))</tbody></table></div>
            """
    }

    /// The beginning of the first row.
    private func heads(areNumbers: Bool) -> HTML {
        """
        <tr><th scope="col"><span class="visually-hidden">What</span></th>\([first, second].map { facts in
            """
            <th scope="col"\(areNumbers ? " class=\"number\"" : "" as HTML)><a href="\(addresses.version(facts.version.version, of: name))">Version \(facts.version.version)</a></th>
            """ as HTML
        })
        """
    }

    private func row(_ pair: Pair) -> HTML {
        """
        <tr class="\(pair.differs ? "differs" : "same")"><th scope="row">\(pair.key)\
        \(pair.differs ? " <span class=\"visually-hidden\">(differs)</span>" : nil as HTML?)</th>\
        <td>\(cell(pair.first))</td><td>\(cell(pair.second))</td></tr>
        """
    }

    private func cell(_ text: String?) -> HTML {
        text.map { HTML($0) } ?? "<span class=\"quiet\">none</span>"
    }

    private var metrics: HTML? {
        let keys = Set(first.metrics.keys).union(second.metrics.keys).sorted()
        guard !keys.isEmpty else { return nil }
        return """
            <h2>Metrics</h2>
            <div class="scroll"><table class="list comparison metrics"><thead>\(heads(areNumbers: true))<th scope="col" class="number">Difference</th></tr></thead>
            <tbody>\(keys.map(metricRow))</tbody></table></div>
            """
    }

    private func metricRow(_ key: String) -> HTML {
        let (a, b) = (first.metrics[key], second.metrics[key])
        return """
            <tr class="\(a == b ? "same" : "differs")"><th scope="row">\(key)</th><td class="number">\(number(a))</td>\
            <td class="number">\(number(b))</td><td class="number">\(difference(a, b))</td></tr>
            """
    }

    private func number(_ value: Double?) -> HTML {
        value.map { HTML(ComparedMetric($0).text) } ?? "<span class=\"quiet\">none</span>"
    }

    private func difference(_ a: Double?, _ b: Double?) -> HTML? {
        guard let a, let b else { return nil }
        return ComparedMetric(b).difference(from: ComparedMetric(a)).map { HTML($0.text) }
    }
}
