import API
import Core
import Database
import Events
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ObjectStore
import Outbound
import Registry
import TestSupport
import Tracking
import Webhooks

/// Runs a test against endpoints on tracking of their own; the caller is `ann` of the default workspace.
func withMLflow(
    _ endpoints: (Tracking) -> [Endpoint],
    _ body: @escaping @Sendable (MLflow) async throws -> Void
) async throws {
    try await withMLflow({ tracking, _ in endpoints(tracking) }, body)
}

/// Runs a test against endpoints on tracking and a registry of their own.
func withMLflow(
    _ endpoints: (Tracking, Registry) -> [Endpoint],
    _ body: @escaping @Sendable (MLflow) async throws -> Void
) async throws {
    try await withMLflow(signer: nil) { tracking, registry, _ in
        endpoints(tracking, registry)
    } body: { server, _ in
        try await body(server)
    }
}

/// Runs a test against endpoints on all that a server stands on, with the database of its files.
func withMLflow(
    signer: SigningKey?,
    _ endpoints: (Tracking, Registry, any Database) -> [Endpoint],
    body: @escaping @Sendable (MLflow, any Database) async throws -> Void
) async throws {
    try await withDatabase(
        on: .sqlite,
        migrations: EventMigrations.all + TrackingMigrations.all + RegistryMigrations.all
            + WebhookMigrations.all
            + ObjectStoreMigrations.all,
        clock: Clock { 1_000 }
    ) { database in
        let tracking = Tracking(database: database, artifactRoot: "mlflow-artifacts:/")
        let outbound = OutboundClient(policy: OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true))
        let registry = Registry(
            database: database,
            signer: signer,
            webhooks: WebhookMeans(client: outbound)
        )
        if let signer { try await registry.signingKeys.register(signer.publicKey) }
        let ann = Caller(name: "ann", workspace: .standard)
        try await tracking.prepare(for: ann)
        let door = FrontDoor(
            routes: Routes(endpoints(tracking, registry, database)),
            gate: Gate(always: ann)
        )
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await Application(responder: door, logger: logger).test(.router) { client in
            let server = MLflow(client: client, tracking: tracking, registry: registry, caller: ann)
            try await body(server, database)
        }
    }
}

/// A server with one client.
struct MLflow {
    let client: any TestClientProtocol
    let tracking: Tracking
    let registry: Registry
    let caller: Caller

    struct Answered {
        let status: Int
        let body: String
    }

    func ask(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) async throws -> Answered {
        let uri = path.hasPrefix("/") ? path : "/api/2.0/mlflow/" + path
        let response = try await client.execute(
            uri: uri,
            method: method,
            headers: body == nil ? [:] : [.contentType: "application/json"],
            body: body.map { ByteBuffer(string: $0) }
        )
        return Answered(status: Int(response.status.code), body: String(buffer: response.body))
    }

    func post(_ path: String, _ body: String) async throws -> Answered { try await ask(.post, path, body) }

    /// A run of ann's in the experiment `0`.
    func newRun() async throws -> String {
        try await tracking.runs(for: caller).create(
            NewRun(experimentID: 0, userID: "ann", name: "setosa", startTime: 5, tags: [])
        ).info.id
    }
}
