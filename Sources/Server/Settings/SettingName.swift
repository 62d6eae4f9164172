/// The name of a setting: of the option with two dashes before it, and of the key in a file.
enum SettingName: String, CaseIterable, Sendable {
    case config
    case host
    case port
    case staticPrefix = "static-prefix"
    case tlsCert = "tls-cert"
    case tlsKey = "tls-key"
    case sshAddress = "ssh-address"
    case publicAddress = "public-address"
    case workers
    case database
    case data
    case registryStoreURI = "registry-store-uri"
    case defaultArtifactRoot = "default-artifact-root"
    case artifactsDestination = "artifacts-destination"
    case serveArtifacts = "serve-artifacts"
    case adoptFolder = "adopt-folder"
    case signingKey = "signing-key"
    case enableWorkspaces = "enable-workspaces"
    case auth
    case noAuth = "no-auth"
    case behindProxy = "behind-proxy"
    case trustedProxies = "trusted-proxies"
    case oidcIssuer = "oidc-issuer"
    case oidcClientID = "oidc-client-id"
    case oidcClientSecretFile = "oidc-client-secret-file"
    case oidcScopes = "oidc-scopes"
    case oidcGroupsClaim = "oidc-groups-claim"
    case oidcAdminGroup = "oidc-admin-group"
    case oidcGroups = "oidc-groups"
    case allowedHosts = "allowed-hosts"
    case corsAllowedOrigins = "cors-allowed-origins"
    case xFrameOptions = "x-frame-options"
    case disableSecurityMiddleware = "disable-security-middleware"
    case mlflowUI = "mlflow-ui"
    case mlflowUIPython = "mlflow-ui-python"
    case webParts = "web-parts"
    case webFiles = "web-files"
    case modelSourceRegex = "model-source-regex"
    case webhookAllowedSchemes = "webhook-allowed-schemes"
    case webhookAllowPrivateIPs = "webhook-allow-private-ips"
    case webhookAttempts = "webhook-attempts"
    case mirrorAllowPrivateIPs = "mirror-allow-private-ips"
    case mirrorLimitBytes = "mirror-limit-bytes"
    case mirrorTimeoutSeconds = "mirror-timeout-seconds"
    case repositoryGraceDays = "repository-grace-days"
    case logLevel = "log-level"
    case logFormat = "log-format"
    case bodyLimitBytes = "body-limit-bytes"
    case exposePrometheus = "expose-prometheus"
    case gunicornOptions = "gunicorn-opts"
    case uvicornOptions = "uvicorn-opts"
    case waitressOptions = "waitress-opts"

    /// The names that options have beside those, as `mlflow server` calls them.
    static let otherNames: [String: SettingName] = ["backend-store-uri": .database]
    /// Flags that say the opposite of a setting.
    static let opposites: [String: SettingName] = ["no-serve-artifacts": .serveArtifacts]

    /// `ROOST_LOG_LEVEL` for `log-level`.
    var variable: String {
        "ROOST_" + rawValue.uppercased().map { $0 == "-" ? "_" : $0 }
    }

    /// MLflow's variable for the same thing.
    var mlflowVariable: String? {
        switch self {
        case .host, .port, .workers, .defaultArtifactRoot, .artifactsDestination, .serveArtifacts,
            .staticPrefix, .enableWorkspaces,
            .exposePrometheus, .registryStoreURI, .gunicornOptions, .uvicornOptions, .webhookAllowedSchemes,
            .webhookAllowPrivateIPs:
            "MLFLOW_" + variable.dropFirst("ROOST_".count)
        case .database: "MLFLOW_BACKEND_STORE_URI"
        case .allowedHosts, .corsAllowedOrigins, .disableSecurityMiddleware, .xFrameOptions:
            "MLFLOW_SERVER_" + variable.dropFirst("ROOST_".count)
        case .modelSourceRegex: "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX"
        default: nil
        }
    }
}
