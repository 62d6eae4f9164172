import API
import Accounts
import Core
import Database
import FoundationEssentials
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Server

/// Every route of a repository, asked by those who have permissions for one experiment and one model of it: nothing of the
/// others is told, and nothing of them changes.
@Suite struct ObjectWalkTests {
    /// A row that did not say it would be closed to whom it may be open; one forgotten is found here.
    @Test func `every row of MLflow's service says which experiments and models it touches`() async throws {
        try await withScene { scene in
            let silent = scene.endpoints.filter { endpoint in
                switch endpoint.place {
                case .v2, .v3, .ajax2, .ajax3, .artifacts, .roost, .service: endpoint.touches == nil
                default: false
                }
            }
            #expect(silent.isEmpty, "\(silent.map(\.path))")
            // Pages and the hub know whole repositories alone.
            let told = scene.endpoints.filter { endpoint in
                switch endpoint.place {
                case .workspacePages, .repositoryPages, .site, .git, .hub, .root, .workspaces:
                    endpoint.isOfObjects
                default: false
                }
            }
            #expect(told.isEmpty, "\(told.map(\.path))")
        }
    }

    @Test(arguments: ["READ", "EDIT", "MANAGE"])
    func `permissions for single things open nothing else`(permission: String) async throws {
        try await withScene { scene in
            try await scene.grant(permission)
            let before = try await scene.closedThings()
            for (method, pattern) in scene.routes {
                for ask in scene.questions(pattern) {
                    for (query, body) in ask.ways {
                        let answer = try await scene.ask(
                            method,
                            ask.path + (query.isEmpty ? "" : "?" + query),
                            as: "eve",
                            body
                        )
                        let said =
                            "\(method) \(ask.path)?\(query) \(body): \(answer.status) \(answer.body.prefix(300))"
                        #expect(answer.status < 500 || answer.status == 501, "\(said)")
                        #expect(!answer.body.contains("SECRET"), "\(said)")
                        if ask.isBare {
                            for id in scene.closedIDs where answer.body.contains(id) {
                                Issue.record("\(id) is told: \(said)")
                            }
                        }
                    }
                }
            }
            #expect(try await scene.closedThings() == before)
        }
    }

    @Test func `permissions open what they are for, and pages and the hub stay closed`() async throws {
        try await withScene { scene in
            try await scene.grant("READ")
            let mlflow = "/ann/iris.mlflow/api/2.0/mlflow"
            let open = [
                "\(mlflow)/experiments/get?experiment_id=\(scene.open.experiment)",
                "\(mlflow)/runs/get?run_id=\(scene.open.run)",
                "\(mlflow)/artifacts/list?run_id=\(scene.open.run)",
                "\(mlflow)/registered-models/get?name=open",
                "/ann/iris.mlflow/get-artifact?run_id=\(scene.open.run)&path=file.txt",
                "/ann/iris.mlflow/api/2.0/mlflow-artifacts/artifacts/\(scene.open.experiment)/\(scene.open.run)/artifacts/file.txt",
            ]
            for path in open {
                let answer = try await scene.ask(.get, path, as: "eve", "")
                #expect(answer.status == 200, "\(path): \(answer)")
            }
            for path in [
                "/ann/iris", "/ann/iris/experiments", "/api/v1/repos/ann/iris", "/ann/iris.git/info/refs",
            ] {
                let answer = try await scene.ask(.get, path, as: "eve", "")
                #expect(answer.status == 404, "\(path): \(answer)")
            }
        }
    }

    @Test func `what somebody finishes is signed also where they do not reach it`() async throws {
        try await withScene { scene in
            try await scene.grant("EDIT")
            let mlflow = "/ann/iris.mlflow/api/2.0/mlflow"
            let model = try await scene.makeLoggedModel()
            let made = try await scene.ask(
                .post,
                "\(mlflow)/model-versions/create",
                as: "ann",
                #"{"name":"closed","source":"models:/\#(model)","model_id":"\#(model)"}"#
            )
            #expect(made.status == 200, "\(made)")
            let file = "\(scene.open.experiment)/models/\(model)/artifacts/MLmodel"
            let proxy = "/ann/iris.mlflow/api/2.0/mlflow-artifacts/artifacts"
            #expect(try await scene.ask(.put, "\(proxy)/\(file)", as: "eve", "flavors: {}").status == 200)
            let finished = try await scene.ask(
                .patch,
                "\(mlflow)/logged-models/\(model)",
                as: "eve",
                #"{"model_id":"\#(model)","status":"LOGGED_MODEL_READY"}"#
            )
            #expect(finished.status == 200, "\(finished)")
            let verify = "/ann/iris.mlflow/api/2.0/roost/model-versions/verify?name=closed&version=2"
            let verified = try await scene.ask(.get, verify, as: "ann", "")
            #expect(verified.body.contains(#""verified":true"#), "\(verified)")
        }
    }

    private func withScene(_ body: @escaping @Sendable (ObjectScene) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/roost-objects-\(UUID().uuidString)"
        let settings = try Settings(SettingValues(flags: [(.data, folder)], environment: [:]))
        let composition = try await Composition(settings, prometheus: Prometheus())
        let storage = try await Storage.open(settings)
        let people = try await ObjectPeople(composition.database, storage.accounts)
        let door = FrontDoor(
            routes: Routes(composition.endpoints),
            gate: Gate { request, _, target, endpoint in
                try await storage.accounts.admission.admit(
                    people.identity(request.headers[.authorization] ?? ""),
                    to: target,
                    needing: endpoint.right,
                    isOfObjects: endpoint.isOfObjects
                )
            },
            guards: Guards(isEnabled: false)
        )
        try await Application(responder: door).test(.router) { client in
            try await body(try await ObjectScene(client, composition.endpoints))
        }
        try await composition.database.close()
        try await storage.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
