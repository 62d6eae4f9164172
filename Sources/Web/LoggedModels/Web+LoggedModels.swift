import Core
import HTTP
import Tracking

extension Web {
    /// The logged models of an experiment; the page of each, what its forms do, and its artifacts.
    var loggedModelEndpoints: [Endpoint] {
        [
            page("experiments/:id/models", in: .workspacePages) { visit in
                try await LoggedModelsPage.load(visit, self)
            },
            page("logged-models/:id", in: .workspacePages) { visit in
                let model = try await loggedModel(visit)
                return try await LoggedModelPage.load(model, for: visit, self, browser: nil)
            },
            form("logged-models/:id/tags", in: .workspacePages) { visit, form in
                let model = try await loggedModel(visit)
                let key = form["key"] ?? ""
                guard !key.allSatisfy(\.isWhitespace) else { throw Failure.invalid("A tag has a key.") }
                let tag = Tag(key: key, value: form["value"] ?? "")
                try await tracking.loggedModels(for: visit.caller).set([tag], of: model.id)
                return visit.address(ofLoggedModel: model.id)
            },
            form("logged-models/:id/tags/delete", in: .workspacePages) { visit, form in
                let id = visit.call.parameter("id")
                try await tracking.loggedModels(for: visit.caller).deleteTag(form["key"] ?? "", of: id)
                return visit.address(ofLoggedModel: id)
            },
        ]
            + artifactEndpoints(
                below: "logged-models",
                find: { try await loggedModel($0) },
                holder: { ArtifactHolder(model: $0, for: $1) },
                page: { try await LoggedModelPage.load($0, for: $1, self, browser: $2) }
            )
    }

    /// The model that an address names, also one that is in the bin.
    private func loggedModel(_ visit: Visit) async throws -> LoggedModel {
        try await tracking.loggedModels(for: visit.caller).get(
            visit.call.parameter("id"),
            isDeletedFound: true
        )
    }
}
