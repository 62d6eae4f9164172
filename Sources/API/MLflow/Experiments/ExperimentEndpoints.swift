import Accounts
package import HTTP
package import Tracking
import Core
import HTTPTypes

/// What MLflow answers about experiments.
package enum ExperimentEndpoints {
    package static func all(_ tracking: Tracking) -> [Endpoint] {
        [
            Endpoint(.post, "experiments/create", needs: .write, touching: .workspace) { call in
                let message = try await call.message()
                let new = try NewExperiment(
                    checkedName: message.requiredString("name"),
                    artifactLocation: message.nonEmptyString("artifact_location"),
                    tags: message.tags("tags")
                )
                let id = try await tracking.experiments(for: call.caller).create(new)
                return .json { $0.field("experiment_id", "\(id)") }
            },
            Endpoint(.get, "experiments/get", needs: .read, touching: .experiment(.read, tracking)) { call in
                let id = try await ExperimentID.parse(call.message().requiredString("experiment_id"))
                return answer(try await tracking.experiments(for: call.caller).get(id), call)
            },
            Endpoint(.get, "experiments/get-by-name", needs: .read, touching: .reached) { call in
                let name = try await call.message().requiredString("experiment_name")
                guard let found = try await tracking.experiments(for: call.caller).find(named: name) else {
                    throw Failure.missing("Could not find experiment with name '\(name)'")
                }
                return answer(found, call)
            },
            Endpoint(.post, "experiments/update", needs: .write, touching: .experiment(.update, tracking)) {
                call in
                let message = try await call.message()
                let id = try message.requiredString("experiment_id")
                let name = try message.requiredString("new_name")
                try await tracking.experiments(for: call.caller).rename(ExperimentID.parse(id), to: name)
                return .empty
            },
            Endpoint(.post, "experiments/delete", needs: .write, touching: .experiment(.delete, tracking)) {
                call in
                let id = try await ExperimentID.parse(call.message().requiredString("experiment_id"))
                try await tracking.experiments(for: call.caller).delete(id)
                return .empty
            },
            Endpoint(.post, "experiments/restore", needs: .write, touching: .experiment(.delete, tracking)) {
                call in
                let id = try await ExperimentID.parse(call.message().requiredString("experiment_id"))
                try await tracking.experiments(for: call.caller).restore(id)
                return .empty
            },
            Endpoint(
                .post,
                "experiments/set-experiment-tag",
                needs: .write,
                touching: .experiment(.update, tracking)
            ) { call in
                let message = try await call.message()
                let id = try message.requiredString("experiment_id")
                let tag = Tag(
                    key: try message.requiredString("key"),
                    value: try message.string("value") ?? ""
                )
                try await tracking.experiments(for: call.caller).set(tag, of: ExperimentID.parse(id))
                return .empty
            },
            Endpoint(
                .post,
                "experiments/delete-experiment-tag",
                needs: .write,
                touching: .experiment(.update, tracking)
            ) { call in
                let message = try await call.message()
                let id = try message.requiredString("experiment_id")
                let key = try message.requiredString("key")
                try await tracking.experiments(for: call.caller).deleteTag(key, of: ExperimentID.parse(id))
                return .empty
            },
            Endpoint(.post, "experiments/search", needs: .read, touching: .reached) {
                try await search($0, tracking)
            },
            Endpoint(.get, "experiments/search", needs: .read, touching: .reached) {
                try await search($0, tracking)
            },
        ]
    }

    private static func answer(_ experiment: Experiment, _ call: Call) -> Answer {
        .json { json in
            json.key("experiment")
            json.value(experiment, in: call.access.workspaceName)
        }
    }

    private static func search(_ call: Call, _ tracking: Tracking) async throws -> Answer {
        let message = try await call.message()
        let search = ExperimentSearch(
            filter: try message.string("filter"),
            orderBy: try message.strings("order_by"),
            viewType: try message.viewType("view_type"),
            limit: try SearchLimit.check(message.integer("max_results") ?? 0),
            pageToken: try message.string("page_token")
        )
        let page = try await tracking.experiments(for: call.caller).search(search)
        return await .page(capacityBytes: page.experiments.count * 512 + 64) { json in
            if !page.experiments.isEmpty {
                json.array("experiments") { json in
                    for experiment in page.experiments {
                        json.value(experiment, in: call.access.workspaceName)
                    }
                }
            }
            if let next = page.next { json.field("next_page_token", next) }
        }
    }
}

extension JSONWriter {
    /// - Source: `service.proto`, message `Experiment`.
    ///
    /// - Parameters:
    ///   - experiment: What is written.
    ///   - workspace: What the client calls the workspace that it is in.
    mutating func value(_ experiment: Experiment, in workspace: String) {
        object { json in
            json.field("experiment_id", "\(experiment.id)")
            json.field("name", experiment.name)
            json.field("artifact_location", experiment.artifactLocation)
            json.field("lifecycle_stage", experiment.stage.rawValue)
            json.field("last_update_time", experiment.lastUpdateTime)
            json.field("creation_time", experiment.creationTime)
            json.tags("tags", experiment.tags)
            json.field("workspace", workspace)
        }
    }

    /// Keys and values; left out where there are none.
    mutating func tags(_ key: StaticString, _ tags: [Tag]) {
        guard !tags.isEmpty else { return }
        array(key) { json in
            for tag in tags { json.pair(tag.key, tag.value) }
        }
    }

    mutating func pair(_ key: String, _ value: String) {
        object { json in
            json.field("key", key)
            json.field("value", value)
        }
    }
}

extension Message {
    /// A string that says something; nil where it is empty or not there.
    func nonEmptyString(_ name: String) throws -> String? {
        try string(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A list of keys and values; a key or value that is not there is empty.
    func tags(_ name: String) throws -> [Tag] {
        try messages(name).map { Tag(key: try $0.string("key") ?? "", value: try $0.string("value") ?? "") }
    }

    /// Which stages to look at; a word that MLflow does not know means the active ones, as it does there.
    func viewType(_ name: String) throws -> ViewType {
        guard let json = try json(name) else { return .activeOnly }
        return ViewType.allCases.first { view in
            json == .integer(Int64(view.rawValue)) || json == .string("\(view.rawValue)")
                || json == .string(view.word)
        } ?? .activeOnly
    }
}

extension ViewType {
    /// MLflow's word.
    fileprivate var word: String {
        switch self {
        case .activeOnly: "ACTIVE_ONLY"
        case .deletedOnly: "DELETED_ONLY"
        case .all: "ALL"
        }
    }
}
