import ArgumentParser

/// `roost serve`: the options are `mlflow server`'s, with the same names, and a few of our own.
///
/// What they hold is text as it was given; `Settings` says what is allowed.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the MLflow API, as `mlflow server` does.",
        discussion: """
            Every option can also be given as an environment variable (ROOST_PORT, or MLflow's own such as MLFLOW_PORT) or \
            in a file (--config). A flag goes before the environment, the environment before the file.

            On this machine alone:   roost serve
            With PostgreSQL:         roost serve --database postgresql://user@host/name
            For a team:              roost serve --host 0.0.0.0 --allowed-hosts mlflow.example.com,127.0.0.1
            For a trusted network:   roost serve --host 0.0.0.0 --no-auth --allowed-hosts mlflow.example.com
            """,
        // -h is the host, as it is for `mlflow server`.
        helpNames: .long
    )

    @OptionGroup(title: "Where it listens") var network: NetworkOptions
    @OptionGroup(title: "Where the data lies") var storage: StorageOptions
    @OptionGroup(title: "Folders that were restored") var folders: FolderOptions
    @OptionGroup(title: "Who may call") var access: AccessOptions
    @OptionGroup(title: "Signing in at another server") var openID: OpenIDOptions
    @OptionGroup(title: "Webhooks") var webhooks: WebhookOptions
    @OptionGroup(title: "Mirrors and imports of repositories") var mirrors: MirrorOptions
    @OptionGroup(title: "Pages, logs and limits") var operation: OperationOptions

    func run() async throws {
        let flags =
            network.values + storage.values + folders.values + access.values + openID.values
            + webhooks.values + mirrors.values + operation.values
        let settings = try Settings(SettingValues(flags: flags))
        try await Serving(settings).run()
    }
}

struct NetworkOptions: ParsableArguments {
    @Option(
        name: [.customShort("h"), .long],
        help: ArgumentHelp("The address to listen on. (default: 127.0.0.1)")
    )
    var host: String?
    @Option(name: .shortAndLong, help: "The port to listen on; 0 for any that is free. (default: 5000)")
    var port: String?
    @Option(help: "What stands before every path, such as /mlflow.")
    var staticPrefix: String?
    @Option(help: ArgumentHelp("A certificate chain in PEM, to serve HTTPS.", valueName: "file"))
    var tlsCert: String?
    @Option(help: ArgumentHelp("Its private key in PEM.", valueName: "file"))
    var tlsKey: String?
    @Option(
        help: ArgumentHelp(
            "Where sshd is reached, such as git@example.com, to be told to clients.",
            valueName: "account@host"
        )
    )
    var sshAddress: String?
    @Option(
        help: ArgumentHelp(
            "Where people reach this server, with its prefix; for links that are printed and what is asked over SSH.",
            valueName: "address"
        )
    )
    var publicAddress: String?
    @Option(name: .shortAndLong, help: "Accepted for MLflow's sake: one process uses every core.")
    var workers: String?

    var values: [SettingValues.Flag] {
        [
            (.host, host), (.port, port), (.staticPrefix, staticPrefix), (.tlsCert, tlsCert),
            (.tlsKey, tlsKey),
            (.sshAddress, sshAddress), (.publicAddress, publicAddress), (.workers, workers),
        ]
    }
}

struct StorageOptions: ParsableArguments {
    @Option(
        name: [.customLong("database"), .customLong("backend-store-uri")],
        help: ArgumentHelp(
            "sqlite:///file (relative), sqlite:////file (absolute) or postgresql://… (default: roost.db in the data folder)",
            valueName: "uri"
        )
    )
    var database: String?
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The data folder. (default: ./roost-data)", valueName: "folder")
    )
    var data: String?
    @Option(
        help: ArgumentHelp(
            "Where new experiments keep their artifacts. (default: mlflow-artifacts:/)",
            valueName: "uri"
        )
    )
    var defaultArtifactRoot: String?
    @Option(
        help: ArgumentHelp(
            "The folder of the artifacts that this server keeps. (default: artifacts in the data folder)",
            valueName: "folder"
        )
    )
    var artifactsDestination: String?
    @Flag(inversion: .prefixedNo, help: "Whether clients send their artifacts to this server. (default: yes)")
    var serveArtifacts: Bool?
    @Option(
        help: ArgumentHelp(
            "The key that signs model versions; made where it is missing. (default: signing-key.pem in the data folder)",
            valueName: "file"
        )
    )
    var signingKey: String?

    var values: [SettingValues.Flag] {
        [
            (.database, database), (.data, data), (.defaultArtifactRoot, defaultArtifactRoot),
            (.artifactsDestination, artifactsDestination), (.serveArtifacts, serveArtifacts.map(String.init)),
            (.signingKey, signingKey),
        ]
    }
}

struct FolderOptions: ParsableArguments {
    @Flag(
        help:
            "Take the folders of artifacts and repositories as they are, though the database knows files of other ones."
    )
    var adoptFolder = false

    var values: [SettingValues.Flag] { [(.adoptFolder, adoptFolder ? "true" : nil)] }
}

struct AccessOptions: ParsableArguments {
    @Flag(
        help:
            "Let in who has an account or shows a token. (default: where other machines reach the address, not on 127.0.0.1)"
    )
    var auth = false
    @Flag(help: "Serve everyone who reaches this server, with every right.")
    var noAuth = false
    @Flag(
        help:
            "All requests come by a proxy, which says in X-Forwarded-For and X-Forwarded-Proto for whom it asks."
    )
    var behindProxy = false
    @Option(
        help: ArgumentHelp(
            "Addresses of proxies that are believed, with commas, such as 10.0.0.0/8. "
                + "(default: this machine; with --behind-proxy private networks too)",
            valueName: "addresses"
        )
    )
    var trustedProxies: String?
    @Option(
        help: ArgumentHelp(
            "Names by which this server may be called, with commas; * within them stands for anything. "
                + "(default: this machine and private addresses)",
            valueName: "hosts"
        )
    )
    var allowedHosts: String?
    @Option(
        help: ArgumentHelp(
            "Origins of other pages that may call, with commas. (default: pages of this machine)",
            valueName: "origins"
        )
    )
    var corsAllowedOrigins: String?
    @Flag(help: "Let MLflow's clients use repositories as workspaces (mlflow.set_workspace).")
    var enableWorkspaces = false
    @Option(help: ArgumentHelp("SAMEORIGIN, DENY or NONE. (default: SAMEORIGIN)", valueName: "word"))
    var xFrameOptions: String?
    @Flag(
        help: "Check neither hosts nor origins. Any page in your browser can then read and change everything."
    )
    var disableSecurityMiddleware = false
    @Option(
        help: ArgumentHelp(
            "A regular expression that the source of a new model version must match. (default: any source)",
            valueName: "regex"
        )
    )
    var modelSourceRegex: String?

    var values: [SettingValues.Flag] {
        [
            (.enableWorkspaces, enableWorkspaces ? "true" : nil),
            (.auth, auth ? "true" : nil), (.noAuth, noAuth ? "true" : nil),
            (.behindProxy, behindProxy ? "true" : nil), (.trustedProxies, trustedProxies),
            (.allowedHosts, allowedHosts),
            (.corsAllowedOrigins, corsAllowedOrigins),
            (.xFrameOptions, xFrameOptions),
            (.disableSecurityMiddleware, disableSecurityMiddleware ? "true" : nil),
            (.modelSourceRegex, modelSourceRegex),
        ]
    }
}

struct OpenIDOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address of a server for OpenID Connect, as its tokens name it.",
            valueName: "address"
        )
    )
    var oidcIssuer: String?
    @Option(
        name: .customLong("oidc-client-id"),
        help: ArgumentHelp("What this server is called there.", valueName: "id")
    )
    var oidcClientID: String?
    @Option(help: ArgumentHelp("The file of what this server shows there.", valueName: "file"))
    var oidcClientSecretFile: String?
    @Option(
        help: ArgumentHelp(
            "What is asked for, with spaces. (default: openid profile email)",
            valueName: "words"
        )
    )
    var oidcScopes: String?
    @Option(
        help: ArgumentHelp(
            "The claim that names the groups of a person. (default: groups)",
            valueName: "name"
        )
    )
    var oidcGroupsClaim: String?
    @Option(help: ArgumentHelp("The group whose members look after this server.", valueName: "group"))
    var oidcAdminGroup: String?
    @Option(
        help: ArgumentHelp(
            "What groups give: group=organization or group=organization/team, with commas.",
            valueName: "rules"
        )
    )
    var oidcGroups: String?

    var values: [SettingValues.Flag] {
        [
            (.oidcIssuer, oidcIssuer), (.oidcClientID, oidcClientID),
            (.oidcClientSecretFile, oidcClientSecretFile), (.oidcScopes, oidcScopes),
            (.oidcGroupsClaim, oidcGroupsClaim), (.oidcAdminGroup, oidcAdminGroup), (.oidcGroups, oidcGroups),
        ]
    }
}

struct WebhookOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("https, http or both, with a comma. (default: https)", valueName: "schemes")
    )
    var webhookAllowedSchemes: String?
    @Flag(
        name: .customLong("webhook-allow-private-ips"),
        help: "Send also to addresses that only this machine or this network reaches."
    )
    var webhookAllowPrivateIPs = false
    @Option(help: "How often a delivery is tried before it is given up. (default: 12)")
    var webhookAttempts: String?

    var values: [SettingValues.Flag] {
        [
            (.webhookAllowedSchemes, webhookAllowedSchemes),
            (.webhookAllowPrivateIPs, webhookAllowPrivateIPs ? "true" : nil),
            (.webhookAttempts, webhookAttempts),
        ]
    }
}

struct MirrorOptions: ParsableArguments {
    @Flag(
        name: .customLong("mirror-allow-private-ips"),
        help: "Ask also Git servers at addresses that only this machine or this network reaches."
    )
    var mirrorAllowPrivateIPs = false
    @Option(help: "How much one import or one run of a mirror may bring. (default: 10737418240)")
    var mirrorLimitBytes: String?
    @Option(help: "How long it may take. (default: 3600)")
    var mirrorTimeoutSeconds: String?

    var values: [SettingValues.Flag] {
        [
            (.mirrorAllowPrivateIPs, mirrorAllowPrivateIPs ? "true" : nil),
            (.mirrorLimitBytes, mirrorLimitBytes), (.mirrorTimeoutSeconds, mirrorTimeoutSeconds),
        ]
    }
}

struct OperationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A YAML file with settings, called as the options are.", valueName: "file"))
    var config: String?
    @Flag(help: "Serve the pages of the mlflow that Python has installed.")
    var mlflowUi = false
    @Option(
        help: ArgumentHelp("The Python to ask where mlflow lies. (default: python3)", valueName: "program")
    )
    var mlflowUiPython: String?
    @Option(
        help: ArgumentHelp(
            "Where Scripts/web-parts.sh put what the pages use of others: charts, formulas, editors. (default: none)",
            valueName: "folder"
        )
    )
    var webParts: String?
    @Option(
        help: ArgumentHelp(
            "Read the styles and scripts of the pages from here each time, while they are worked on.",
            valueName: "folder"
        )
    )
    var webFiles: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?
    @Option(help: "text or json. (default: text)")
    var logFormat: String?
    @Option(help: "How long a body may be that is not an artifact. (default: 67108864)")
    var bodyLimitBytes: String?
    @Option(
        help: ArgumentHelp(
            "How long a deleted repository can be taken back, before it is purged. (default: 30)",
            valueName: "days"
        )
    )
    var repositoryGraceDays: String?
    @Option(help: "Accepted for MLflow's sake: /metrics is always there.")
    var exposePrometheus: String?
    @Option(help: .hidden)
    var registryStoreUri: String?
    @Option(parsing: .unconditional, help: .hidden)
    var gunicornOpts: String?
    @Option(parsing: .unconditional, help: .hidden)
    var uvicornOpts: String?
    @Option(parsing: .unconditional, help: .hidden)
    var waitressOpts: String?

    var values: [SettingValues.Flag] {
        [
            (.config, config), (.mlflowUI, mlflowUi ? "true" : nil), (.mlflowUIPython, mlflowUiPython),
            (.webParts, webParts),
            (.webFiles, webFiles),
            (.logLevel, logLevel), (.logFormat, logFormat), (.bodyLimitBytes, bodyLimitBytes),
            (.repositoryGraceDays, repositoryGraceDays),
            (.exposePrometheus, exposePrometheus), (.registryStoreURI, registryStoreUri),
            (.gunicornOptions, gunicornOpts), (.uvicornOptions, uvicornOpts),
            (.waitressOptions, waitressOpts),
        ]
    }
}
