import API
import Accounts
import Core
import HTTP
import Outbound
import Registry
import Repositories
import Tracking

/// What a server is to do, checked: whoever holds it need not ask again.
struct Settings: Sendable {
    var host: String
    var port: Int
    var staticPrefix: String
    var tls: TLSFiles?
    /// Where `sshd` is reached, to be told to clients; nil where there is none.
    var sshAddress: SSHAddress?
    /// Where people reach this server, for what is asked in another way than over HTTP; nil where nobody has said.
    var publicAddress: String?
    var database: DatabaseAddress
    var dataFolder: String
    var defaultArtifactRoot: String
    /// The folder of the artifacts that this server keeps.
    var artifactsFolder: String
    var servesArtifacts: Bool
    /// Whether folders that are not known to be those of the database are taken as they are.
    var adoptsFolders: Bool
    /// The file of the key that signs versions.
    var signingKeyFile: String
    /// Whether people have accounts, rather than everybody being the local person.
    var hasAccounts: Bool
    /// Whether all requests come by a proxy, which says for whom it asks.
    var isBehindProxy: Bool
    /// Who is believed for whom they ask.
    var trustedProxies: TrustedProxies
    /// Another server at which people sign in; nil for none.
    var openID: OpenIDSettings?
    /// nil for this machine and private addresses.
    var allowedHosts: [String]?
    var allowedOrigins: [String]
    var frameOptions: String?
    var checksRequests: Bool
    /// The Python that knows where MLflow's pages lie; nil to serve none.
    var mlflowUIPython: String?
    /// Where the parts of others lie that pages use; nil to do without.
    var webParts: String?
    /// Where the files of pages are read from anew each time; nil for those that were built with this program.
    var webFiles: String?
    /// What the sources of new versions must match; nil for anything.
    var modelSourcePattern: SourcePattern?
    /// Where webhooks may be.
    var webhookPolicy: OutboundPolicy
    /// How often a delivery of a webhook is tried.
    var webhookAttempts: Int64
    /// Where repositories may be that are imported and mirrored.
    var mirrorPolicy: OutboundPolicy
    /// What one run of a mirror, or an import, may take.
    var mirrorLimits: MirrorMeans.Limits
    /// How long a deleted repository can be taken back.
    var repositoryGraceDays: Int
    var logLevel: LogLevel
    var logFormat: LogFormat
    var bodyLimitBytes: Int
    /// What was given and has no effect here, a sentence each.
    var notes: [String]
    /// Whether MLflow's clients may name workspaces.
    var hasWorkspaces: Bool

    struct TLSFiles: Sendable, Hashable {
        let certificate: String
        let key: String
    }

    enum LogLevel: String, CaseIterable, Sendable {
        case trace, debug, info, notice, warning, error, critical
    }

    enum LogFormat: String, CaseIterable, Sendable {
        case text, json
    }

    private enum FrameOptions: String, CaseIterable {
        case sameorigin, deny, none
    }

    init(_ values: SettingValues) throws {
        host = try Self.host(values)
        port = try values.integer(.port, in: 0...65_535) ?? 5_000
        staticPrefix = try Self.staticPrefix(values)
        tls = try Self.tls(values)
        sshAddress = try Self.sshAddress(values)
        publicAddress = try Self.publicAddress(values)
        dataFolder = values.text(.data) ?? "./roost-data"
        database = try Self.database(values, dataFolder: dataFolder)
        servesArtifacts = try values.boolean(.serveArtifacts) ?? true
        adoptsFolders = try values.boolean(.adoptFolder) ?? false
        signingKeyFile = values.text(.signingKey) ?? dataFolder + "/signing-key.pem"
        artifactsFolder = try Self.artifactsFolder(values, dataFolder: dataFolder)
        defaultArtifactRoot = try Self.defaultArtifactRoot(values, servesArtifacts: servesArtifacts)
        hasAccounts = try Self.hasAccounts(values, host: host)
        isBehindProxy = try values.boolean(.behindProxy) ?? false
        trustedProxies = try Self.trustedProxies(values, isBehindProxy: isBehindProxy)
        openID = try OpenIDSettings(values)
        allowedHosts = try Self.allowedHosts(values)
        allowedOrigins = try Self.allowedOrigins(values)
        let frames: FrameOptions = try values.word(.xFrameOptions) ?? .sameorigin
        frameOptions = frames == .none ? nil : frames.rawValue.uppercased()
        checksRequests = try values.boolean(.disableSecurityMiddleware) != true
        mlflowUIPython =
            try values.boolean(.mlflowUI) == true ? values.text(.mlflowUIPython) ?? "python3" : nil
        webParts = values.text(.webParts)
        webFiles = values.text(.webFiles)
        modelSourcePattern = try Self.modelSourcePattern(values)
        webhookPolicy = try Self.webhookPolicy(values)
        webhookAttempts = Int64(try values.integer(.webhookAttempts, in: 1...100) ?? 12)
        mirrorPolicy = .mirrors(
            allowsPrivateAddresses: try values.boolean(.mirrorAllowPrivateIPs) ?? false
        )
        mirrorLimits = try Self.mirrorLimits(values)
        repositoryGraceDays = try values.integer(.repositoryGraceDays, in: 0...3_650) ?? 30
        logLevel = try values.word(.logLevel) ?? .info
        logFormat = try values.word(.logFormat) ?? .text
        bodyLimitBytes = try values.integer(.bodyLimitBytes, in: 1_024...(1 << 32)) ?? 64 << 20
        hasWorkspaces = try values.boolean(.enableWorkspaces) ?? false
        notes = Self.notes(values)
    }

    private static func host(_ values: SettingValues) throws -> String {
        guard let host = values.text(.host) else { return "127.0.0.1" }
        guard !host.isEmpty, !host.contains("/"), !host.contains(where: \.isWhitespace) else {
            throw values.wrong(
                .host,
                "must be an address of this machine or a name of one, such as 127.0.0.1"
            )
        }
        return host
    }

    private static func staticPrefix(_ values: SettingValues) throws -> String {
        guard let prefix = values.text(.staticPrefix) else { return "" }
        guard prefix.hasPrefix("/"), !prefix.hasSuffix("/"), !prefix.contains("//"), !prefix.contains(":"),
            !prefix.contains("*")
        else {
            throw values.wrong(.staticPrefix, "must begin and must not end with a slash, such as /mlflow")
        }
        let steps = prefix.dropFirst().split(separator: "/")
        guard steps.allSatisfy({ $0 != "." && $0 != ".." && $0.isMade(of: "-._~!$&'()+,;=@") }) else {
            throw values.wrong(
                .staticPrefix,
                "must be made of slashes, letters of English, digits and -._~!$&'()+,;=@, such as /mlflow"
            )
        }
        return prefix
    }

    private static func tls(_ values: SettingValues) throws -> TLSFiles? {
        switch (values.text(.tlsCert), values.text(.tlsKey)) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        default: throw SettingError("--tls-cert and --tls-key must be given together.")
        }
    }

    private static func publicAddress(_ values: SettingValues) throws -> String? {
        guard let text = values.text(.publicAddress) else { return nil }
        let rest = ["https://", "http://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, let first = rest.first, first != "/", !rest.contains("?"), !rest.contains("#"),
            rest.allSatisfy({ $0.isASCII && !$0.isWhitespace })
        else {
            throw values.wrong(.publicAddress, "must be an address such as https://roost.example.com")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func sshAddress(_ values: SettingValues) throws -> SSHAddress? {
        guard let text = values.text(.sshAddress) else { return nil }
        guard let address = SSHAddress(text) else {
            throw values.wrong(.sshAddress, "must be an account and a host, such as git@example.com:2222")
        }
        return address
    }

    private static func database(_ values: SettingValues, dataFolder: String) throws -> DatabaseAddress {
        let text = values.text(.database)
        if values[.registryStoreURI] != nil, values.text(.registryStoreURI) != text {
            throw SettingError(
                "--registry-store-uri must be the same as --database: one database holds everything."
            )
        }
        guard let text else { return .sqlite(path: dataFolder + "/roost.db") }
        guard let address = DatabaseAddress(text) else {
            throw SettingError(
                "\(values[.database]?.source ?? "--database") must begin with sqlite:///, sqlite://// or postgresql://, "
                    + "with the name of a file or of a database behind it."
            )
        }
        guard address.isWellFormed else {
            throw SettingError("\(values[.database]?.source ?? "--database"): \(DatabaseAddress.malformed)")
        }
        return address
    }

    private static func artifactsFolder(_ values: SettingValues, dataFolder: String) throws -> String {
        guard let text = values.text(.artifactsDestination) else { return dataFolder + "/artifacts" }
        let path = text.hasPrefix("file://") ? String(text.dropFirst("file://".count)) : text
        guard !path.isEmpty, !path.contains("://"), text == path || path.hasPrefix("/") else {
            throw values.wrong(.artifactsDestination, "must be a folder of this machine")
        }
        return path
    }

    /// What is of this machine is made absolute, so that it means the same wherever clients and later servers are.
    private static func defaultArtifactRoot(_ values: SettingValues, servesArtifacts: Bool) throws -> String {
        guard let root = values.text(.defaultArtifactRoot) else {
            guard servesArtifacts else {
                throw SettingError(
                    "--no-serve-artifacts needs --default-artifact-root, to say where clients put artifacts."
                )
            }
            return "mlflow-artifacts:/"
        }
        let scheme = root.contains(":") ? root.prefix { $0 != ":" }.lowercased() : ""
        let steps = PercentText.decoded(root).split { "/\\:".contains($0) }
        guard !root.isEmpty, !["runs", "models"].contains(scheme), !steps.contains("..") else {
            throw values.wrong(
                .defaultArtifactRoot,
                "must be a folder or an address such as s3://bucket/path, without '..', and not of runs: or models:"
            )
        }
        return ArtifactLocation.absolute(root, in: WorkingFolder.path)
    }

    private static func modelSourcePattern(_ values: SettingValues) throws -> SourcePattern? {
        guard let text = values.text(.modelSourceRegex) else { return nil }
        do {
            return try SourcePattern(text)
        } catch {
            throw values.wrong(.modelSourceRegex, "must be a regular expression (\(error))")
        }
    }

    private static func webhookPolicy(_ values: SettingValues) throws -> OutboundPolicy {
        let schemes = values.list(.webhookAllowedSchemes)?.map { $0.lowercased() } ?? ["https"]
        guard !schemes.isEmpty, Set(schemes).isSubset(of: ["http", "https"]) else {
            throw values.wrong(.webhookAllowedSchemes, "must be https, http or both, with a comma")
        }
        return OutboundPolicy(
            schemes: schemes,
            allowsPrivateAddresses: try values.boolean(.webhookAllowPrivateIPs) ?? false
        )
    }

    /// Names as browsers write them in `Host`; any other would never be met.
    private static func allowedHosts(_ values: SettingValues) throws -> [String]? {
        guard let hosts = values.list(.allowedHosts) else { return nil }
        guard !hosts.isEmpty, hosts.allSatisfy(isHost) else {
            throw values.wrong(
                .allowedHosts,
                "must be names or addresses, such as mlflow.example.com, *.example.com or [::1]:5000, with commas"
            )
        }
        return hosts
    }

    private static func isHost(_ text: String) -> Bool {
        if text.hasPrefix("[") {
            let ends = text.dropFirst().split(separator: "]", omittingEmptySubsequences: false)
            return ends.count == 2 && ends[0].isMade(of: ":.*")
                && (ends[1].isEmpty || ends[1].first == ":" && ends[1].dropFirst().isMade(of: "*"))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.isMade(of: "-._*") }
    }

    /// Origins as browsers write them, without a slash at the end.
    private static func allowedOrigins(_ values: SettingValues) throws -> [String] {
        try (values.list(.corsAllowedOrigins) ?? []).map { text in
            let origin = text.hasSuffix("/") ? String(text.dropLast()) : text
            guard isOrigin(origin) else {
                throw values.wrong(
                    .corsAllowedOrigins,
                    "must be origins, such as https://app.example.com or https://*.example.com, with commas, or *"
                )
            }
            return origin
        }
    }

    private static func isOrigin(_ text: String) -> Bool {
        guard let slashes = text.firstRange(of: "://") else {
            return text == "null" || text.contains("*") && text.isMade(of: "-._*:")
        }
        let host = text[slashes.upperBound...]
        return text[..<slashes.lowerBound].isMade(of: "+-.*") && host.isMade(of: "-._*:[]")
    }

    /// Security: who merely reaches this server is not believed that they speak for somebody else.
    private static func trustedProxies(
        _ values: SettingValues,
        isBehindProxy: Bool
    ) throws -> TrustedProxies {
        guard let texts = values.list(.trustedProxies) else {
            return isBehindProxy ? .privateNetworks : .thisMachine
        }
        return TrustedProxies(
            try texts.map { text in
                guard let range = NetworkRange(text) else {
                    throw values.wrong(
                        .trustedProxies,
                        "must be addresses or ranges of them, such as 10.0.0.0/8, with commas"
                    )
                }
                return range
            }
        )
    }

    private static func mirrorLimits(_ values: SettingValues) throws -> MirrorMeans.Limits {
        typealias Limits = MirrorMeans.Limits
        return Limits(
            receivedBytes: Int64(
                try values.integer(.mirrorLimitBytes, in: 1_024...(1 << 50)) ?? Limits.standardReceivedBytes
            ),
            timeSeconds: Int64(
                try values.integer(.mirrorTimeoutSeconds, in: 1...86_400) ?? Int(Limits.standardTimeSeconds)
            )
        )
    }

    private static func notes(_ values: SettingValues) -> [String] {
        let noPython = "no Python serves here"
        let reasons: [(SettingName, String)] = [
            (.workers, "one process uses every core"), (.exposePrometheus, "/metrics is always there"),
            (.gunicornOptions, noPython), (.uvicornOptions, noPython), (.waitressOptions, noPython),
        ]
        return reasons.compactMap { name, reason in
            values[name].map { "\($0.source) has no effect: \(reason)." }
        }
    }

    /// Security: an address that others reach has accounts unless it is said aloud that it is open to all of them.
    private static func hasAccounts(_ values: SettingValues, host: String) throws -> Bool {
        let isLocal = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
        switch (try values.boolean(.auth), try values.boolean(.noAuth)) {
        case (true, true):
            throw SettingError(
                "\(values[.auth]?.source ?? "--auth") and \(values[.noAuth]?.source ?? "--no-auth") speak against one another."
            )
        case (true, _): return true
        case (_, true): return false
        // Reached by this machine alone, unless a proxy lets others in.
        default: return try !isLocal || values.boolean(.behindProxy) == true
        }
    }
}

extension StringProtocol {
    /// Whether it is letters of English, digits and some other characters, and one of them at least.
    fileprivate func isMade(of others: String) -> Bool {
        !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || others.contains($0) }
    }
}
