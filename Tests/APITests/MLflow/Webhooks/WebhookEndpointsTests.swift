import API
import Core
import HTTP
import HTTPTypes
import Registry
import Testing
import Tracking

@Suite struct WebhookEndpointsTests {
    private static let event = #"{"entity": "REGISTERED_MODEL", "action": "CREATED"}"#

    @Test func `a webhook is made, changed, listed and deleted, and never shows its secret`() async throws {
        try await withMLflow(endpoints) { server in
            let made = try await server.post(
                "webhooks",
                #"{"name": "hook", "url": "http://127.0.0.1:65535/x", "secret": "quiet", "description": "d", "#
                    + #""events": [{"entity": 5, "action": 1}, \#(Self.event)]}"#
            )
            let id = try id(of: made)
            #expect(
                made.body == #"{"webhook":{"webhook_id":"\#(id)","name":"hook","description":"d","#
                    + #""url":"http://127.0.0.1:65535/x","events":[{"entity":"PROMPT","action":"CREATED"},"#
                    + #"{"entity":"REGISTERED_MODEL","action":"CREATED"}],"status":"ACTIVE","#
                    + #""creation_timestamp":1000,"last_updated_timestamp":1000}}"#
            )
            #expect(try await server.ask(.get, "webhooks/\(id)").body == made.body)
            #expect(try await server.ask(.get, "/ajax-api/2.0/mlflow/webhooks/\(id)").body == made.body)

            let changed = try await server.ask(
                .patch,
                "webhooks/\(id)",
                #"{"name": "", "url": "", "events": [], "description": "", "status": "DISABLED"}"#
            )
            #expect(!changed.body.contains("description"))
            #expect(changed.body.contains(#""name":"hook""#))
            #expect(changed.body.contains(#""status":"DISABLED""#))

            let list = try await server.ask(.get, "webhooks?max_results=0")
            #expect(list.body == #"{"webhooks":["# + changed.body.dropFirst(11).dropLast() + "]}")
            #expect(try await server.ask(.delete, "webhooks/\(id)").body == "{}")
            #expect(try await server.ask(.get, "webhooks/\(id)").status == 404)
            #expect(try await server.ask(.get, "webhooks").body == "{}")
        }
    }

    @Test(arguments: [
        (#"{"url": "http://h"}"#, "Missing value for required parameter 'name'."),
        (#"{"name": "a"}"#, "Missing value for required parameter 'url'."),
        (#"{"name": "a", "url": "x"}"#, "Missing value for required parameter 'events'."),
        (
            #"{"name": "a", "url": "x", "events": []}"#,
            "Webhook events must be a non-empty list of WebhookEvent objects: []."
        ),
        (
            #"{"name": "a", "url": "x", "events": [{"entity": "PROMPT", "action": "SET"}]}"#,
            "Invalid action 'set' for entity 'prompt'. Valid actions are: ['created']"
        ),
        (
            #"{"name": "a", "url": "x", "events": [{"entity": "PROMPT"}]}"#,
            "Missing value for required parameter 'events[0].action'."
        ),
        (#"{"name": "a", "url": "x", "events": [\#(event)]}"#, "Invalid webhook URL scheme: ''."),
        (#"{"name": "a b", "url": "x", "events": [\#(event)]}"#, "Webhook name 'a b' is invalid."),
    ])
    func `what is wrong is said in the original's words`(body: String, words: String) async throws {
        try await withMLflow(endpoints) { server in
            let answer = try await server.post("webhooks", body)
            #expect(answer.status == 400)
            #expect(answer.body.contains(words), "\(answer.body)")
        }
    }

    @Test func `a test says how the receiver took it`() async throws {
        try await withMLflow(endpoints) { server in
            let id = try id(of: try await make(server))
            let answer = try await server.post("webhooks/\(id)/test", "{}")
            #expect(
                answer.body
                    == #"{"result":{"success":false,"error_message":"Failed to test webhook: There was no "#
                    + #"connection: connection refused."}}"#
            )
        }
    }

    @Test func `the log is read, and what is under way is not sent again`() async throws {
        try await withMLflow(endpoints) { server in
            let id = try id(of: try await make(server))
            try await server.makeVersions(0)

            let place = "/api/2.0/roost/webhooks/\(id)/deliveries"
            let log = try await server.ask(.get, place)
            guard case .array(let entries)? = try JSON(parsing: log.body)["deliveries"],
                case .string(let delivery)? = entries.first?["delivery_id"]
            else {
                Issue.record("\(log.body)")
                return
            }
            let fields =
                #"{"delivery_id":"\#(delivery)","event":"registered_model.created","status":"PENDING","#
                + #""attempts":0,"creation_timestamp":1000,"due_timestamp":1000"#
            #expect(log.body == #"{"deliveries":[\#(fields)}]}"#)
            #expect(try await server.ask(.get, place + "?status=FAILED").body == "{}")
            #expect(
                try await server.ask(.get, "\(place)/\(delivery)").body == #"{"delivery":\#(fields),"#
                    + #""payload":{"entity": "registered_model", "action": "created", "#
                    + #""timestamp": "1970-01-01T00:00:01.000000+00:00", "data": {"name": "iris", "tags": {}, "#
                    + #""description": ""}}}}"#
            )
            let again = try await server.post("\(place)/\(delivery)/send-again", "{}")
            #expect(again.status == 400)
            #expect(again.body.contains("Delivery with ID \(delivery) is under way."))
        }
    }

    private func endpoints(_ tracking: Tracking, _ registry: Registry) -> [Endpoint] {
        registryEndpoints(tracking, registry) + WebhookEndpoints.all(registry)
    }

    private func make(_ server: MLflow) async throws -> MLflow.Answered {
        try await server.post(
            "webhooks",
            #"{"name": "hook", "url": "http://127.0.0.1:65535/", "events": [\#(Self.event)]}"#
        )
    }

    private func id(of answer: MLflow.Answered) throws -> String {
        guard case .string(let id)? = try JSON(parsing: answer.body)["webhook"]?["webhook_id"] else {
            throw Failure.missing(answer.body)
        }
        return id
    }
}
