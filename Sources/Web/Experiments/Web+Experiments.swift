import Accounts
import Core
import HTTP
import Tracking

extension Web {
    var experimentEndpoints: [Endpoint] {
        [
            page("experiments", in: .workspacePages) { visit in
                try await ExperimentsPage.load(visit, from: tracking)
            },
            form("experiments", in: .workspacePages) { visit, form in
                let description = form["description"] ?? ""
                let id = try await tracking.experiments(for: visit.caller).create(
                    NewExperiment(
                        checkedName: (form["name"] ?? "").trimmed,
                        artifactLocation: nil,
                        tags: description.isEmpty
                            ? [] : [Tag(key: ExperimentWords.noteKey, value: description)]
                    )
                )
                return visit.base["experiments"]["\(id)"]
            },
            form("experiments/:id/edit", in: .workspacePages) { visit, form in
                try await edit(try visit.experimentID, form, for: visit)
            },
            form("experiments/:id/tags", in: .workspacePages) { visit, form in
                let id = try visit.experimentID
                let tag = Tag(key: (form["key"] ?? "").trimmed, value: form["value"] ?? "")
                try await tracking.experiments(for: visit.caller).set(tag, of: id)
                return visit.base["experiments"]["\(id)"]
            },
            form("experiments/:id/tags/delete", in: .workspacePages) { visit, form in
                let id = try visit.experimentID
                try await tracking.experiments(for: visit.caller).deleteTag(form["key"] ?? "", of: id)
                return visit.base["experiments"]["\(id)"]
            },
            form("experiments/:id/delete", in: .workspacePages) { visit, _ in
                try await tracking.experiments(for: visit.caller).delete(try visit.experimentID)
                return visit.base["experiments"]
            },
            form("experiments/:id/restore", in: .workspacePages) { visit, _ in
                let id = try visit.experimentID
                try await tracking.experiments(for: visit.caller).restore(id)
                return visit.base["experiments"]["\(id)"]
            },
        ]
    }

    private func edit(_ id: Int64, _ form: Query, for visit: Visit) async throws -> Address {
        let store = tracking.experiments(for: visit.caller)
        let experiment = try await store.get(id)
        let name = (form["name"] ?? "").trimmed
        if name != experiment.name { try await store.rename(id, to: name) }
        let note = form["description"] ?? ""
        let known = experiment.tags.first { $0.key == ExperimentWords.noteKey }
        if note.isEmpty, known != nil {
            try await store.deleteTag(ExperimentWords.noteKey, of: id)
        } else if note != known?.value ?? "" {
            try await store.set(Tag(key: ExperimentWords.noteKey, value: note), of: id)
        }
        return visit.base["experiments"]["\(id)"]
    }
}

extension Visit {
    /// The number of the experiment that the address names.
    var experimentID: Int64 {
        get throws { try ExperimentID.parse(call.parameter("id")) }
    }
}

extension String {
    var trimmed: String {
        let start = trimmingPrefix { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
