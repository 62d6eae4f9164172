import Accounts
import Core
import HTTP
import Registry
import Tracking

/// Finds what the fields of a whole are about, as MLflow's messages have it.
struct GraphQLResolver {
    let tracking: Tracking
    let registry: Registry
    let caller: Caller
    /// What the client calls the workspace.
    let workspaceName: String

    init(_ tracking: Tracking, _ registry: Registry, _ call: Call) {
        self.tracking = tracking
        self.registry = registry
        caller = call.caller
        workspaceName = call.access.workspaceName
    }

    /// - Throws: `Failure` for what is not there or wrongly asked.
    func resolve(_ field: GraphQLRequest.Field) async throws -> JSON {
        let message = Message(field.input)
        return switch field.name {
        case "mlflowGetRun": try await run(message, field)
        case "mlflowSearchModelVersions": try await versions(message)
        case "mlflowSearchRuns": try await runs(message, field)
        case "mlflowGetExperiment": try await experiment(message)
        case "mlflowGetMetricHistoryBulkInterval": try await histories(message)
        case let other: preconditionFailure("nothing finds \(other)")
        }
    }

    private func run(_ message: Message, _ field: GraphQLRequest.Field) async throws -> JSON {
        let id = try message.string("run_id") ?? message.string("run_uuid") ?? ""
        let run = try await tracking.runs(for: caller).get(id)
        let experiments = try await experiments(of: [run], isAsked: field.asks("run", "experiment"))
        let versions = try await versions(of: [run], isAsked: field.asks("run", "modelVersions"))
        let value = try json(run, NamedObjects(run.names), experiments, versions, showsModelInputs: true)
        return .object([JSON.Member(key: "run", value: value)])
    }

    private func runs(_ message: Message, _ field: GraphQLRequest.Field) async throws -> JSON {
        let page = try await RunEndpoints.search(message, tracking.runs(for: caller))
        let experiments = try await experiments(of: page.runs, isAsked: field.asks("runs", "experiment"))
        let versions = try await versions(of: page.runs, isAsked: field.asks("runs", "modelVersions"))
        let objects = NamedObjects(page.runs.first?.names ?? [])
        let runs = try page.runs.map { try json($0, objects, experiments, versions, showsModelInputs: false) }
        return .object([
            JSON.Member(key: "runs", value: .array(runs)),
            JSON.Member(key: "next_page_token", value: .string(page.next ?? "")),
        ])
    }

    private func versions(_ message: Message) async throws -> JSON {
        let page = try await ModelVersionEndpoints.search(message, registry.modelVersions(for: caller))
        let versions = try page.versions.map { version in try JSON.written { $0.value(version) } }
        return .object([
            JSON.Member(key: "model_versions", value: .array(versions)),
            JSON.Member(key: "next_page_token", value: .string(page.next ?? "")),
        ])
    }

    private func experiment(_ message: Message) async throws -> JSON {
        let id = try ExperimentID.parse(message.string("experiment_id") ?? "")
        let experiment = try await tracking.experiments(for: caller).get(id)
        return try .object([
            JSON.Member(key: "experiment", value: .written { $0.value(experiment, in: workspaceName) })
        ])
    }

    private func histories(_ message: Message) async throws -> JSON {
        // Unlike the call of the same name, no runs and no key find nothing.
        guard try !message.strings("run_ids").isEmpty, try message.nonEmptyString("metric_key") != nil else {
            return .object([])
        }
        let found = try await MetricEndpoints.sampled(message, tracking.runs(for: caller))
        return try .written { json in
            json.object { json in
                json.array("metrics") { json in
                    for (run, points) in found {
                        for point in points { json.value(point, of: run) }
                    }
                }
            }
        }
    }

    /// Each experiment of the runs, read once.
    private func experiments(of runs: [Run], isAsked: Bool) async throws -> [Int64: JSON] {
        guard isAsked else { return [:] }
        var experiments: [Int64: JSON] = [:]
        for id in Set(runs.map(\.info.experimentID)) {
            let experiment = try await tracking.experiments(for: caller).get(id)
            experiments[id] = try .written { $0.value(experiment, in: workspaceName) }
        }
        return experiments
    }

    /// The versions that runs made, by the run.
    private func versions(of runs: [Run], isAsked: Bool) async throws -> [String: [JSON]] {
        guard isAsked else { return [:] }
        var versions: [String: [JSON]] = [:]
        let found = try await registry.modelVersions(for: caller).versions(ofRuns: runs.map(\.info.id))
        for version in found {
            versions[version.runID, default: []].append(try .written { $0.value(version) })
        }
        return versions
    }

    private func json(
        _ run: Run,
        _ objects: NamedObjects,
        _ experiments: [Int64: JSON],
        _ versions: [String: [JSON]],
        showsModelInputs: Bool
    ) throws -> JSON {
        let json = try JSON.written {
            $0.value(run, objects, showsOutputs: true, showsModelInputs: showsModelInputs)
        }
        guard case .object(var members) = json else { return json }
        if let experiment = experiments[run.info.experimentID] {
            members.append(JSON.Member(key: "experiment", value: experiment))
        }
        if let versions = versions[run.info.id] {
            members.append(JSON.Member(key: "model_versions", value: .array(versions)))
        }
        return .object(members)
    }
}

extension JSON {
    /// What a writer wrote, as a tree.
    fileprivate static func written(_ write: (inout JSONWriter) -> Void) throws(JSONError) -> JSON {
        var writer = JSONWriter()
        write(&writer)
        return try JSON(parsing: writer.bytes, valueLimit: .max)
    }
}
