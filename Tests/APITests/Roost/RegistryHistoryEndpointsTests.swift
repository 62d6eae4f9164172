import API
import HTTPTypes
import Testing

@Suite struct RegistryHistoryEndpointsTests {
    private static let own = "/api/2.0/roost/registered-models"

    @Test func `the history tells who did what, when and why`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(1)
            _ = try await server.post(
                "registered-models/alias",
                #"{"name": "iris", "alias": "champion", "version": "1", "comment": "best"}"#
            )

            let history = try await server.ask(.get, Self.own + "/history?name=iris&alias=champion")
            #expect(
                history.body == #"{"events":[{"id":4,"timestamp":1000,"actor":"ann","#
                    + #""kind":"registered_model.alias_set","subject":"registered_model/iris/@champion","#
                    + #""details":{"alias":"champion","to":1,"comment":"best"}}]}"#
            )
            let first = try await server.ask(.get, Self.own + "/history?name=iris&max_results=2")
            #expect(first.body.hasSuffix(#""next_page_token":"3"}"#), "\(first.body)")
            let second = try await server.ask(
                .get,
                Self.own + "/history?name=iris&max_results=2&page_token=3"
            )
            #expect(second.body.contains("registered_model.created"))
            #expect(!second.body.contains("next_page_token"))
            #expect(try await server.ask(.get, Self.own + "/history?name=nobody").status == 404)
        }
    }

    @Test func `an alias is looked up in the past and rolled back`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(2)
            for version in ["1", "2"] {
                _ = try await server.post(
                    "registered-models/alias",
                    #"{"name": "iris", "alias": "champion", "version": "\#(version)"}"#
                )
            }

            let past = try await server.ask(
                .get,
                Self.own + "/alias-at?name=iris&alias=champion&timestamp=999"
            )
            #expect(past.body == #"{"name":"iris","alias":"champion"}"#)
            let now = try await server.ask(
                .get,
                Self.own + "/alias-at?name=iris&alias=champion&timestamp=1000"
            )
            #expect(now.body == #"{"name":"iris","alias":"champion","version":"2"}"#)
            let back = try await server.ask(
                .post,
                Self.own + "/roll-back-alias",
                #"{"name": "iris", "alias": "champion", "comment": "drift"}"#
            )
            #expect(back.body == #"{"name":"iris","alias":"champion","version":"1"}"#)
        }
    }
}
