import API
import Core
import Database
import Glibc
import HTTP
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import Metrics
import NIOCore
import NIOSSL
import ServiceLifecycle
import Web

/// A server from its first line to its last: composed, bound, announced, and stopped in order.
struct Serving: Sendable {
    private let settings: Settings
    private let log: ServerLog

    init(_ settings: Settings) {
        self.settings = settings
        log = ServerLog(settings)
    }

    /// Serves until SIGTERM or SIGINT comes; requests that have begun are finished first, within limits.
    func run() async throws {
        defer { log.output.flush() }
        let address = ListenAddress(host: settings.host, port: settings.port)
        try address.check()
        let tls = try settings.tls?.configuration()
        let prometheus = Prometheus()
        MetricsSystem.bootstrap(prometheus)
        let composition = try await Composition(settings, prometheus: prometheus)
        let application = try application(composition, tls)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services(composition, requests: application),
                logger: log.logger
            )
        )
        do {
            try await SignalledStop(logger: log.logger).run(group) { try await composition.database.close() }
        } catch let error as IOError {
            guard let refusal = address.refusal(for: error) else { throw error }
            throw refusal
        }
    }

    /// From those that end last to those that end first.
    private func services(_ composition: Composition, requests: any Service) -> [NamedService] {
        let sorting = NameSorting(
            sorter: composition.sorter,
            database: composition.database,
            logger: log.logger
        )
        // These end after the requests, which may still queue something.
        return [
            NamedService("sorting of names", sorting),
            NamedService(
                "credentials",
                CredentialsService(composition.authentication, logger: log.logger)
            ),
            NamedService(
                "webhooks",
                WebhookService(composition.database, composition.webhooks, logger: log.logger)
            ),
            NamedService("hooks of repositories", HookService(composition, logger: log.logger)),
            NamedService(
                "git",
                GitHosting(repositories: composition.repositories, logger: log.logger)
            ),
            NamedService("mirrors", MirrorService(composition.repositories, logger: log.logger)),
        ] + removal(composition) + [
            NamedService("requests", RequestService(requests: requests)),
            // Streams of pages end first, or their requests would be waited for.
            NamedService("live pages", LiveUpdates(web: composition.web, logger: log.logger)),
        ]
    }

    private func removal(_ composition: Composition) -> [NamedService] {
        guard let removal = composition.removal else { return [] }
        return [
            NamedService(
                "removal",
                RemovalService(removal, graceDays: settings.repositoryGraceDays, logger: log.logger) {
                    [settings, database = composition.database] in
                    for mark in [StoreMark.artifacts(settings), .repositories(settings)] {
                        try await mark.check(database, settings)
                    }
                }
            )
        ]
    }

    private func application(
        _ composition: Composition,
        _ tls: TLSConfiguration?
    ) throws -> some ApplicationProtocol {
        let door = FrontDoor(
            routes: Routes(composition.endpoints, prefix: settings.staticPrefix),
            gate: composition.gate,
            guards: Guards(
                hosts: settings.allowedHosts.map(AllowedHosts.init) ?? .standard,
                origins: AllowedOrigins(settings.allowedOrigins),
                frameOptions: settings.frameOptions,
                prefix: settings.staticPrefix,
                isEnabled: settings.checksRequests
            ),
            bodyLimitBytes: settings.bodyLimitBytes,
            hasWorkspaces: settings.hasWorkspaces,
            isBehindProxy: settings.isBehindProxy,
            proxies: settings.trustedProxies,
            speaksHTTPS: settings.tls != nil,
            failurePage: composition.web.failurePage,
            log: log.requests
        )
        return Application(
            responder: door,
            server: try server(tls),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: 1_024,
                availableConnectionsDelegate: .maximum(
                    OpenFiles.connections(within: OpenFiles.raiseLimit()),
                    logger: log.logger
                )
            ),
            onServerRunning: { channel in
                print(
                    Greeting(
                        settings,
                        port: channel.localAddress?.port ?? settings.port,
                        setUp: composition.setUp
                    )
                )
                fflush(nil)
            },
            logger: log.logger
        )
    }

    private func server(_ tls: TLSConfiguration?) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder { responder in
            LoopChannel(
                HTTP1Channel(
                    responder: responder,
                    configuration: HTTP1Channel.Configuration(
                        additionalChannelHandlers: [
                            FirstRequestHandler(), ExpectHandler(), LateBodyHandler(),
                        ],
                        idleTimeout: .seconds(120)
                    )
                )
            )
        }
        guard let tls else { return plain }
        return try .tls(plain, tlsConfiguration: tls)
    }
}
