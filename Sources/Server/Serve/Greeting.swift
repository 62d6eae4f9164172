import Accounts

/// What a person reads when the server has started: where it is, where the data lies, and how to log a first run.
struct Greeting: CustomStringConvertible {
    let description: String

    /// - Parameters:
    ///   - settings: What is served.
    ///   - port: Where.
    ///   - setUp: The link by which the first account is made; nil where there is one.
    init(_ settings: Settings, port: Int, setUp: Secret? = nil) {
        let address = settings.publicAddress ?? Self.address(settings, port: port)
        let artifacts = settings.servesArtifacts ? settings.artifactsFolder : settings.defaultArtifactRoot
        var lines = [
            "Roost \(Roost.version) serves MLflow at \(address)",
            "The data lies in \(settings.database.description), artifacts in \(artifacts)",
        ]
        lines += settings.notes
        if !settings.checksRequests {
            lines.append("Requests are not checked: any page in a browser can call this server.")
        }
        if let setUp {
            lines += [
                "Nobody can sign in yet. Make the first account, which looks after this server, within a day:",
                "  \(address)/set-up/\(setUp.text)",
            ]
        }
        if settings.hasAccounts {
            lines.append("People sign in at \(address)/login; programs send a token (docs/accounts.md).")
        }
        lines += [
            "Log a first run:",
            "  export MLFLOW_TRACKING_URI=\(address)",
            "  python3 -c \"import mlflow; mlflow.log_metric('answer', 42)\"",
        ]
        description = lines.joined(separator: "\n")
    }

    /// By a name that is allowed, where the server listens everywhere and the names are said.
    static func address(_ settings: Settings, port: Int) -> String {
        let scheme = settings.tls == nil ? "http" : "https"
        let listensEverywhere = ["0.0.0.0", "::"].contains(settings.host)
        var host = listensEverywhere ? "127.0.0.1" : settings.host
        if listensEverywhere, let allowed = settings.allowedHosts {
            host = allowed.first { !$0.contains("*") && !$0.contains(":") } ?? host
        }
        // An address of IPv6 stands in brackets, or its end would be read as the port.
        if host.contains(":") { host = "[\(host)]" }
        return "\(scheme)://\(host):\(port)\(settings.staticPrefix)"
    }
}
