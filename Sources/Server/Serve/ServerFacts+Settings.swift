import Core
import Database
import FoundationEssentials
import Glibc
import HTTP
import Web

extension ServerFacts {
    /// What this server knows of itself.
    ///
    /// - Parameters:
    ///   - settings: What it was told.
    ///   - database: Where everything is kept.
    ///   - measures: What has been counted, as Prometheus reads it.
    init(_ settings: Settings, _ database: any Database, measures: @escaping @Sendable () -> String) {
        let (address, folder) = (settings.database, settings.dataFolder)
        self.init(
            version: Roost.version,
            startedMs: Clock.system.nowMs(),
            graceDays: settings.repositoryGraceDays,
            settings: settings.shown,
            measures: measures,
            databaseBytes: { try await address.sizeBytes(database) },
            disk: { try Self.disk(of: folder) }
        )
    }

    private static func disk(of folder: String) throws -> (freeBytes: Int64, totalBytes: Int64) {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else {
            throw Failure(
                .internalError,
                "The disk of \(folder) cannot be asked: \(String(cString: strerror(errno)))."
            )
        }
        let block = Int64(status.f_frsize)
        return (Int64(status.f_bavail) * block, Int64(status.f_blocks) * block)
    }
}

extension DatabaseAddress {
    /// How much it takes on the disk.
    fileprivate func sizeBytes(_ database: any Database) async throws -> Int64 {
        switch self {
        case .sqlite(let path):
            // Beside the file lies what was committed last.
            return ["", "-wal"].reduce(0) { sum, end in
                sum + Int64(FileStatus(ofFile: path + end)?.lengthBytes ?? 0)
            }
        case .postgres:
            let size = try await database.read { connection in
                try connection.first("SELECT pg_database_size(current_database())") { $0.int(0) }
            }
            return size ?? 0
        }
    }
}

extension Settings {
    /// As an administrator is shown them: nothing secret is among them.
    fileprivate var shown: [(name: String, value: String)] {
        let pairs: [(SettingName, String)] = [
            (.host, host), (.port, "\(port)"), (.staticPrefix, staticPrefix),
            (.tlsCert, tls?.certificate ?? ""),
            (.database, database.description), (.data, dataFolder),
            (.serveArtifacts, "\(servesArtifacts)"), (.artifactsDestination, artifactsFolder),
            (.defaultArtifactRoot, defaultArtifactRoot), (.auth, "\(hasAccounts)"),
            (.behindProxy, "\(isBehindProxy)"), (.trustedProxies, trustedProxies.description),
            (.oidcIssuer, openID == nil ? "" : "set"),
            (.enableWorkspaces, "\(hasWorkspaces)"),
            (.allowedHosts, allowedHosts?.joined(separator: ", ") ?? "this machine and private addresses"),
            (.corsAllowedOrigins, allowedOrigins.joined(separator: ", ")),
            (.xFrameOptions, frameOptions ?? "none"), (.disableSecurityMiddleware, "\(!checksRequests)"),
            (.mlflowUIPython, mlflowUIPython ?? ""), (.webParts, webParts ?? ""),
            (.modelSourceRegex, modelSourcePattern == nil ? "" : "set"),
            (.repositoryGraceDays, "\(repositoryGraceDays)"), (.webhookAttempts, "\(webhookAttempts)"),
            (.bodyLimitBytes, "\(bodyLimitBytes)"),
            (.logLevel, logLevel.rawValue), (.logFormat, logFormat.rawValue),
        ]
        return pairs.map { ($0.rawValue, $1.isEmpty ? "–" : $1) }
    }
}
