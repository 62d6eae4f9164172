import API
import Core
import Database
import HTTPTypes
import Testing
import Tracking

@Suite struct ModelVersionEndpointsTests {
    @Test func `a version of a logged model has its run and its files, and the model knows of it`()
        async throws
    {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(0)
            let run = try await server.newRun()
            let model = try await server.tracking.loggedModels(for: server.caller).create(
                NewLoggedModel(
                    experimentID: 0,
                    name: "petal",
                    type: "",
                    sourceRunID: run,
                    params: [],
                    tags: []
                )
            )
            let body = #"{"name": "iris", "source": "models:/\#(model.id)", "model_id": "\#(model.id)"}"#

            for number in 1...2 {
                let made = try await server.post("model-versions/create", body)
                #expect(made.body.contains(#""version":"\#(number)""#))
                #expect(made.body.contains(#""run_id":"\#(run)""#))
            }

            let address = try await server.ask(.get, "model-versions/get-download-uri?name=iris&version=2")
            #expect(address.body == #"{"artifact_uri":"\#(model.artifactLocation)"}"#)
            let tags = try await server.tracking.loggedModels(for: server.caller).get(model.id).tags
            #expect(tags.map(\.key) == ["mlflow.modelVersions"])
            #expect(tags[0].value == #"[{"name": "iris", "version": 1}, {"name": "iris", "version": 2}]"#)
        }
    }

    @Test func `a version is there also where its logged model goes meanwhile`() async throws {
        try await withMLflow(signer: nil) { tracking, registry, _ in
            registryEndpoints(tracking, registry)
        } body: { server, database in
            try await server.makeVersions(0)
            let model = try await server.tracking.loggedModels(for: server.caller).create(
                NewLoggedModel(
                    experimentID: 0,
                    name: "petal",
                    type: "",
                    sourceRunID: "",
                    params: [],
                    tags: []
                )
            )
            // Somebody deletes the model at the moment in which the version is made.
            _ = try await database.write { connection in
                try connection.execute(
                    """
                    CREATE TRIGGER gone AFTER INSERT ON model_versions
                    BEGIN UPDATE logged_models SET lifecycle_stage = 'deleted'; END
                    """
                )
            }

            let made = try await server.post(
                "model-versions/create",
                #"{"name": "iris", "source": "models:/\#(model.id)", "model_id": "\#(model.id)"}"#
            )

            #expect(made.status == 200)
            #expect(made.body.contains(#""version":"1""#))
        }
    }

    @Test func `a copy follows its original`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let run = try await server.newRun()
            let root = "mlflow-artifacts:/0/\(run)/artifacts"
            _ = try await server.post("registered-models/create", #"{"name": "rose"}"#)
            try await server.makeVersions(1)
            _ = try await server.post(
                "model-versions/create",
                #"{"name": "iris", "source": "\#(root)/model", "run_id": "\#(run)"}"#
            )
            _ = try await server.post(
                "registered-models/alias",
                #"{"name": "iris", "alias": "champion", "version": "2"}"#
            )

            for suffix in ["/2", "@champion", "/latest", "/none"] {
                let copy = try await server.post(
                    "model-versions/create",
                    #"{"name": "rose", "source": "models:/iris\#(suffix)"}"#
                )
                #expect(copy.body.contains(#""source":"models:/iris/2","run_id":"\#(run)""#), "\(copy.body)")
            }
            let address = try await server.ask(.get, "model-versions/get-download-uri?name=rose&version=4")
            #expect(address.body == #"{"artifact_uri":"\#(root)/model"}"#)
        }
    }

    @Test func `a source that is another's is refused`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(0)
            let (mine, other) = (try await server.newRun(), try await server.newRun())

            for source in [
                "mlflow-artifacts:/0/\(other)/artifacts", "runs:/\(other)/m", "/etc", "http://h/m",
            ] {
                let answer = try await server.post(
                    "model-versions/create",
                    #"{"name": "iris", "source": "\#(source)", "run_id": "\#(mine)"}"#
                )
                #expect(answer.status == 400)
            }
            let search = try await server.ask(.get, "model-versions/search")
            #expect(search.body == "{}")
        }
    }

    @Test func `a stock delete goes through and Roost's own asks for force`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(2)
            for version in ["1", "2"] {
                _ = try await server.post(
                    "registered-models/alias",
                    #"{"name": "iris", "alias": "a\#(version)", "version": "\#(version)"}"#
                )
            }
            let own = "/api/2.0/roost/model-versions/delete"

            let refused = try await server.ask(.delete, own, #"{"name": "iris", "version": "1"}"#)
            #expect(refused.status == 400)
            #expect(refused.body.contains("the alias 'a1' points at it"))
            let forced = try await server.ask(
                .delete,
                own,
                #"{"name": "iris", "version": "1", "force": true}"#
            )
            #expect(forced.body == "{}")
            let stock = try await server.ask(
                .delete,
                "model-versions/delete",
                #"{"name": "iris", "version": "2"}"#
            )
            #expect(stock.body == "{}")
        }
    }

    @Test func `a run shows the versions that it made`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let run = try await server.newRun()
            try await server.makeVersions(1)
            _ = try await server.post(
                "model-versions/create",
                #"{"name": "iris", "source": "runs:/\#(run)/m", "run_id": "\#(run)"}"#
            )

            let answer = try await server.ask(
                .post,
                "/graphql",
                #"{"query": "{ mlflowGetRun(input: {runId: \"\#(run)\"}) { run { modelVersions { name version } } } }"}"#
            )

            #expect(
                answer.body == #"{"data":{"mlflowGetRun":{"run":{"modelVersions":"#
                    + #"[{"name":"iris","version":"2"}]}}},"errors":null}"#
            )
        }
    }
}
