/// What a person reads when the server has started: where it is, where the data lies, and how to log a first run.
struct Greeting: CustomStringConvertible {
    let description: String

    init(_ settings: Settings, port: Int) {
        let host =
            ["0.0.0.0", "::", "127.0.0.1", "::1"].contains(settings.host) ? "127.0.0.1" : settings.host
        let scheme = settings.tls == nil ? "http" : "https"
        let address = "\(scheme)://\(host):\(port)\(settings.staticPrefix)"
        let artifacts = settings.servesArtifacts ? settings.artifactsFolder : settings.defaultArtifactRoot
        var lines = [
            "Roost \(Roost.version) serves MLflow at \(address)",
            "The data lies in \(settings.database.description), artifacts in \(artifacts)",
        ]
        lines += settings.notes
        if !settings.checksRequests {
            lines.append("Requests are not checked: any page in a browser can call this server.")
        }
        lines += [
            "Log a first run:",
            "  export MLFLOW_TRACKING_URI=\(address)",
            "  python3 -c \"import mlflow; mlflow.log_metric('answer', 42)\"",
        ]
        description = lines.joined(separator: "\n")
    }
}
