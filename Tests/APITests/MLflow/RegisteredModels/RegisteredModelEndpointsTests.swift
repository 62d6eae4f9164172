import API
import Core
import HTTPTypes
import Testing

@Suite struct RegisteredModelEndpointsTests {
    @Test func `a model is made, described, renamed and deleted`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let made = try await server.post(
                "registered-models/create",
                #"{"name": "iris", "description": "d", "tags": [{"key": "team", "value": "blue"}]}"#
            )
            #expect(
                made.body == #"{"registered_model":{"name":"iris","creation_timestamp":1000,"#
                    + #""last_updated_timestamp":1000,"description":"d","tags":[{"key":"team","value":"blue"}]}}"#
            )
            #expect(try await server.ask(.get, "registered-models/get?name=iris").body == made.body)

            let described = try await server.ask(.patch, "registered-models/update", #"{"name": "iris"}"#)
            #expect(!described.body.contains("description"))
            let renamed = try await server.post(
                "registered-models/rename",
                #"{"name": "iris", "new_name": "rose"}"#
            )
            #expect(renamed.body.contains(#""name":"rose""#))
            #expect(
                try await server.ask(.delete, "registered-models/delete", #"{"name": "rose"}"#).body == "{}"
            )
            #expect(try await server.ask(.get, "registered-models/get?name=rose").status == 404)
        }
    }

    @Test func `a model shows its aliases and its newest version in each stage`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(2)
            _ = try await server.post(
                "model-versions/transition-stage",
                #"{"name": "iris", "version": "1", "stage": "production", "archive_existing_versions": true}"#
            )
            let set = try await server.post(
                "registered-models/alias",
                #"{"name": "iris", "alias": "champion", "version": "1"}"#
            )
            #expect(set.body == "{}")

            let model = try await server.ask(.get, "registered-models/get?name=iris")
            #expect(
                model.body.hasSuffix(#""aliases":[{"alias":"champion","version":"1"}]}}"#),
                "\(model.body)"
            )
            for path in [
                "registered-models/alias?name=iris&alias=champion", "model-versions/get?name=iris&version=1",
            ] {
                let version = try await server.ask(.get, path)
                #expect(
                    version.body
                        == #"{"model_version":{"name":"iris","version":"1","creation_timestamp":1000,"#
                        + #""last_updated_timestamp":1000,"current_stage":"Production","description":"","#
                        + #""source":"s3://b/m","run_id":"","status":"READY","run_link":"","#
                        + #""aliases":["champion"]}}"#
                )
            }
            let latest = try await server.post(
                "registered-models/get-latest-versions",
                #"{"name": "iris", "stages": ["production"]}"#
            )
            #expect(latest.body.hasPrefix(#"{"model_versions":[{"name":"iris","version":"1""#))
            #expect(
                try await server.ask(.get, "registered-models/alias?name=iris&alias=nobody").status == 400
            )
        }
    }

    @Test func `a search is answered page by page and an empty one by nothing`() async throws {
        try await withMLflow(registryEndpoints) { server in
            for name in ["a", "b", "c"] {
                _ = try await server.post("registered-models/create", #"{"name": "\#(name)"}"#)
            }

            let first = try await server.ask(.get, "registered-models/search?max_results=2")

            #expect(first.body.contains(#""name":"b""#))
            #expect(first.body.contains("next_page_token"))
            #expect(try await server.ask(.get, "registered-models/search?filter=name%3D%27z%27").body == "{}")
            for limit in ["0", "1001", "x"] {
                #expect(
                    try await server.ask(.get, "registered-models/search?max_results=\(limit)").status == 400
                )
            }
        }
    }
}
