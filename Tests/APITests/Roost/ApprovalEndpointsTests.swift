import API
import HTTPTypes
import Testing

@Suite struct ApprovalEndpointsTests {
    private static let own = "/api/2.0/roost/"

    @Test func `a stock call is told what is missing, and goes through once it was approved`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(1)
            let alias = #"{"name": "iris", "alias": "champion", "version": "1", "comment": "best"}"#
            let rule = try await server.ask(
                .post,
                Self.own + "approval-rules/set",
                #"{"name": "iris", "alias": "champion", "approvals": 1, "allow_own": true}"#
            )
            #expect(rule.body == #"{"rule":{"alias":"champion","approvals":1,"allow_own":true}}"#)

            let denied = try await server.post("registered-models/alias", alias)
            #expect(denied.status == 403)
            #expect(
                denied.body
                    == #"{"error_code":"PERMISSION_DENIED","message":"Setting the alias 'champion' of iris to "#
                    + #"version 1 needs 1 approval and has 0; request 1 is open."}"#
            )
            let open = try await server.ask(.get, Self.own + "approval-requests/list?name=iris&states=open")
            #expect(
                open.body
                    == #"{"requests":[{"id":1,"name":"iris","deed":"set_alias","alias":"champion","version":"1","#
                    + #""requested_by":"ann","comment":"best","creation_timestamp":1000,"state":"open","#
                    + #""approvals":0,"needed":1,"votes":[]}]}"#
            )
            let approved = try await server.ask(
                .post,
                Self.own + "approval-requests/approve",
                #"{"request_id": 1, "comment": "yes"}"#
            )
            #expect(
                approved.body.hasSuffix(
                    #""state":"carried_out","closed_timestamp":1000,"approvals":1,"#
                        + #""votes":[{"actor":"ann","approves":true,"comment":"yes","timestamp":1000}]}}"#
                ),
                "\(approved.body)"
            )
            #expect(try await server.post("registered-models/alias", alias).body == "{}")
        }
    }

    @Test func `rules are listed and removed`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(1)
            let rules = Self.own + "approval-rules/"
            _ = try await server.ask(
                .post,
                rules + "set",
                #"{"name": "iris", "stage": "production", "approvals": 2}"#
            )

            let listed = try await server.ask(.get, rules + "list?name=iris")
            #expect(listed.body == #"{"rules":[{"stage":"Production","approvals":2,"allow_own":false}]}"#)
            let body = #"{"name": "iris", "stage": "Production"}"#
            #expect(try await server.ask(.delete, rules + "delete", body).status == 200)
            #expect(try await server.ask(.delete, rules + "delete", body).status == 404)
        }
    }

    @Test(arguments: [
        ("approval-rules/set", #"{"name": "iris", "approvals": 1}"#, 400),
        ("approval-rules/set", #"{"name": "iris", "alias": "a", "stage": "Staging", "approvals": 1}"#, 400),
        ("approval-rules/set", #"{"name": "iris", "alias": "a", "approvals": 0}"#, 400),
        ("approval-rules/set", #"{"name": "iris", "alias": "a"}"#, 400),
        ("approval-rules/set", #"{"name": "rose", "alias": "a", "approvals": 1}"#, 404),
        ("approval-requests/approve", "{}", 400),
        ("approval-requests/approve", #"{"request_id": 7}"#, 404),
        ("approval-requests/refuse", #"{"request_id": 7}"#, 404),
        ("approval-requests/withdraw", #"{"request_id": "x"}"#, 400),
    ])
    func `what cannot be is refused`(path: String, body: String, status: Int) async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(1)
            #expect(try await server.ask(.post, Self.own + path, body).status == status)
        }
    }

    @Test func `a state that is none is refused`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let answer = try await server.ask(.get, Self.own + "approval-requests/list?states=ajar")
            #expect(answer.status == 400)
            #expect(answer.body.contains("A request is in one of the states open, carried_out"))
        }
    }
}
