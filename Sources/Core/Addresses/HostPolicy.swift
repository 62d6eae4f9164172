/// Which hosts an address of artifacts may name: none, where whoever reads it would connect there.
///
/// - Source: MLflow 3.17, `mlflow/store/artifact/host_policy.py`.
package enum HostPolicy {
    private static let schemesWithHosts: Set<String> = [
        "ftp", "sftp", "hdfs", "viewfs", "http", "https", "mlflow-artifacts", "r2", "b2", "abfss",
    ]

    /// - Parameters:
    ///   - address: The address.
    ///   - field: What the request calls it.
    /// - Throws: `Failure.invalid` in MLflow's words.
    package static func check(_ address: String, field: String) throws(Failure) {
        guard let colon = address.firstIndex(of: ":") else { return }
        let scheme = address[..<colon].lowercased()
        let rest = address[colon...].dropFirst()
        guard schemesWithHosts.contains(scheme) else { return }
        // Without a host, `mlflow-artifacts:` is this server's own store; the others still connect somewhere.
        let hasHost = rest.hasPrefix("//") && rest.dropFirst(2).first.map { $0 != "/" && $0 != "?" } == true
        guard hasHost || scheme != "mlflow-artifacts" else { return }
        throw .invalid(
            "'\(field)' cannot use the '\(scheme)' scheme: the '\(scheme)' scheme addresses a host other "
                + "than the tracking server's configured artifact storage, so the server would connect to the host "
                + "named in the URI."
        )
    }
}
