extension ArtifactPath {
    /// The folder in this server's store that the address of a root names; nil where the artifacts are elsewhere.
    ///
    /// Whatever host an address names, it is read as a path of our store and of nothing else.
    ///
    /// - Source: MLflow 3, `_get_proxied_run_artifact_destination_path`.
    package init?(address: String) {
        guard let colon = address.firstIndex(of: ":") else { return nil }
        var path = address[address.index(after: colon)...]
        if path.hasPrefix("//") {
            path = path.dropFirst(2).drop { $0 != "/" }
        }
        switch address[..<colon] {
        case "mlflow-artifacts":
            break
        case "http", "https":
            guard let anchor = path.firstRange(of: Self.proxy) else { return nil }
            path = path[anchor.upperBound...]
        default:
            return nil
        }
        while path.hasPrefix("/") { path.removeFirst() }
        guard let path = try? ArtifactPath(String(path)) else { return nil }
        self = path
    }

    private static let proxy = "/api/2.0/mlflow-artifacts/artifacts/"
}
