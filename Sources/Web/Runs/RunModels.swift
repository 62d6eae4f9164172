import Core
import Tracking

/// The logged models that a run made and used.
struct RunModels: Sendable {
    private static let mostModels = 50

    struct Entry: Sendable {
        let id: String
        /// Nil for one that is gone.
        let model: LoggedModel?
    }

    let made: [Entry]
    let used: [Entry]
    /// How many more it made and used.
    let hiddenMade: Int
    let hiddenUsed: Int

    static func load(_ run: Run, for visit: Visit, _ web: Web) async throws -> RunModels {
        let store = web.tracking.loggedModels(for: visit.caller)
        async let made = entries(run.modelOutputs.map(\.modelID), store)
        async let used = entries(run.modelInputs, store)
        return try await RunModels(
            made: made,
            used: used,
            hiddenMade: max(0, run.modelOutputs.count - mostModels),
            hiddenUsed: max(0, run.modelInputs.count - mostModels)
        )
    }

    private static func entries(_ ids: [String], _ store: LoggedModelStore) async throws -> [Entry] {
        var entries: [Entry] = []
        for id in ids.prefix(mostModels) {
            do {
                entries.append(Entry(id: id, model: try await store.get(id, isDeletedFound: true)))
            } catch let failure as Failure where failure.code == .missing {
                entries.append(Entry(id: id, model: nil))
            }
        }
        return entries
    }

    func html(_ visit: Visit) -> HTML {
        guard !made.isEmpty || !used.isEmpty else { return .empty }
        return """
            <section aria-labelledby="models-title"><h2 id="models-title">Logged models</h2>
            \(list("Made", made, hiddenMade, visit))\(list("Used", used, hiddenUsed, visit))</section>
            """
    }

    private func list(_ heading: String, _ entries: [Entry], _ hidden: Int, _ visit: Visit) -> HTML? {
        guard !entries.isEmpty else { return nil }
        return """
            <h3>\(heading)</h3><ul class="plain">\(entries.map { entry in
                """
                <li>\(Icon.model.html) <a href="\(visit.address(ofLoggedModel: entry.id))">\
                \(entry.model?.name ?? entry.id)</a> \(entry.model?.badge)</li>
                """ as HTML
            })</ul>\(ListEnd(hidden: hidden).html)
            """
    }
}

extension LoggedModel {
    /// How far it has come.
    var badge: HTML {
        if stage == .deleted { return "<span class=\"badge warn\">Deleted</span>" }
        return switch status {
        case .ready: "<span class=\"badge good\">Ready</span>"
        case .pending: "<span class=\"badge busy\">Pending</span>"
        case .uploadFailed: "<span class=\"badge bad\">Upload failed</span>"
        case .unspecified: "<span class=\"badge\">Unknown</span>"
        }
    }
}
