import Core
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Outbound
import Registry
import Synchronization
import TestSupport
import Webhooks

/// Means that may ask receivers on this machine.
func localMeans(attempts: Int64 = 12, secrets: SecretBox = .temporary) -> WebhookMeans {
    WebhookMeans(
        client: OutboundClient(policy: OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true)),
        secrets: secrets,
        retries: RetryRule(attempts: attempts)
    )
}

extension Registry {
    /// A webhook of ann's that nobody answers for.
    @discardableResult
    func newWebhook(
        _ events: [WebhookEvent] = WebhookEvent.allCases,
        url: String = "http://127.0.0.1:65535/",
        secret: String = ""
    ) async throws -> Webhook {
        let new = try NewWebhook(name: WebhookName("hook"), url: url, events: events, secret: secret)
        return try await webhooks(for: ann).create(new)
    }

    /// What ann's webhook is to be told or was told, oldest first.
    func deliveries(of webhook: Webhook) async throws -> [Delivery] {
        try await deliveries(for: ann).list(of: webhook.id, limit: 1_000).deliveries.reversed()
    }

    /// The bodies of all that ann's webhook is to be told, oldest first.
    func bodies(of webhook: Webhook) async throws -> [JSON] {
        var bodies: [JSON] = []
        for delivery in try await deliveries(of: webhook) {
            let body = try await deliveries(for: ann).get(delivery.id, of: webhook.id).body
            bodies.append(try JSON(parsing: body))
        }
        return bodies
    }
}

/// A receiver of webhooks that answers as it is told.
final class Receiver: Sendable {
    struct Heard: Sendable {
        let id: String
        let timestamp: String
        let signature: String?
        let body: String
    }

    private struct State {
        var answers: [HTTPResponse.Status] = []
        var heard: [Heard] = []
    }

    private let state = Mutex(State())

    var heard: [Heard] { state.withLock { $0.heard } }

    /// What the next requests are answered; those after them get 200.
    func answer(_ statuses: HTTPResponse.Status...) { state.withLock { $0.answers = statuses } }

    /// Runs a test beside a receiver at an address.
    func listen(_ body: @escaping @Sendable (_ url: String) async throws -> Void) async throws {
        let router = Router()
        router.post("**") { request, _ -> Response in
            let body = try await request.body.collect(upTo: 1 << 20)
            func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
            let heard = Heard(
                id: field("X-MLflow-Delivery-Id") ?? "",
                timestamp: field("X-MLflow-Timestamp") ?? "",
                signature: field("X-MLflow-Signature"),
                body: String(buffer: body)
            )
            let status = self.state.withLock { state in
                state.heard.append(heard)
                return state.answers.isEmpty ? .ok : state.answers.removeFirst()
            }
            return Response(status: status)
        }
        let application = Application(
            responder: router.buildResponder(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { client in
            guard let port = client.port else { preconditionFailure("it listens nowhere") }
            try await body("http://127.0.0.1:\(port)/hook")
        }
    }
}

/// Waits until something holds, for half a minute at the most.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
