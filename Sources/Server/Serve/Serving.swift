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
import UnixSignals
import Web

/// A server from its first line to its last: composed, bound, announced, and stopped in order.
struct Serving: Sendable {
    private let settings: Settings
    private let log: ServerLog

    init(_ settings: Settings) {
        self.settings = settings
        log = ServerLog(settings)
    }

    /// Serves until SIGTERM or SIGINT comes; requests that have begun are finished first.
    func run() async throws {
        defer { log.output.flush() }
        let prometheus = Prometheus()
        MetricsSystem.bootstrap(prometheus)
        let composition = try await Composition(settings, prometheus: prometheus)
        let application = try application(composition)
        let sorting = NameSorting(
            sorter: composition.sorter,
            database: composition.database,
            logger: log.logger
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                // These end after the requests, which may still queue something.
                services: [
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
                    NamedService("requests", application),
                    // Streams of pages end first, or their requests would be waited for.
                    NamedService("live pages", LiveUpdates(web: composition.web, logger: log.logger)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: log.logger
            )
        )
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw SettingError(
                "Port \(settings.port) of \(settings.host) is in use: choose another with --port."
            )
        } catch let error as IOError where error.errnoCode == EACCES || error.errnoCode == EADDRNOTAVAIL {
            throw SettingError("\(settings.host):\(settings.port) cannot be listened on: \(error).")
        }
        try await composition.database.close()
    }

    private func removal(_ composition: Composition) -> [NamedService] {
        guard let removal = composition.removal else { return [] }
        return [
            NamedService(
                "removal",
                RemovalService(removal, graceDays: settings.repositoryGraceDays, logger: log.logger)
            )
        ]
    }

    private func application(_ composition: Composition) throws -> some ApplicationProtocol {
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
            server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: 1_024
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

    private func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder { responder in
            LoopChannel(
                HTTP1Channel(
                    responder: responder,
                    configuration: HTTP1Channel.Configuration(
                        additionalChannelHandlers: [ExpectHandler(), LateBodyHandler()],
                        idleTimeout: .seconds(120)
                    )
                )
            )
        }
        guard let files = settings.tls else { return plain }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map(
                NIOSSLCertificateSource.certificate
            )
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            return try .tls(
                plain,
                tlsConfiguration: .makeServerConfiguration(
                    certificateChain: chain,
                    privateKey: .privateKey(key)
                )
            )
        } catch {
            throw SettingError(
                "--tls-cert \(files.certificate) and --tls-key \(files.key) are no pair in PEM: \(error)."
            )
        }
    }
}
