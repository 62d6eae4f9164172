import Core

/// Where a caller says that artifacts lie.
///
/// Security: the text is kept and given back; the server opens nothing by it. It is refused where MLflow refuses it, so
/// that a location which clients would read in two ways, or which names a host to connect to, is never stored.
///
/// - Source: MLflow 3.17, `_validate_storage_location_uri` and `mlflow/store/artifact/host_policy.py`.
enum ArtifactLocation {
    private static let lengthLimit = 2_048
    private static let schemesWithHosts: Set<String> = [
        "ftp", "sftp", "hdfs", "viewfs", "http", "https", "mlflow-artifacts", "r2", "b2", "abfss",
    ]

    static func check(_ location: String) throws(Failure) {
        guard !location.utf8.contains(0) else {
            throw .invalid("'artifact_location' must not hold a NUL character.")
        }
        let beforeFragment = location.prefix { $0 != "#" }
        let path = beforeFragment.prefix { $0 != "?" }
        let lastStep = path.suffix(while: { $0 != "/" })
        guard beforeFragment.count == location.count, !lastStep.contains(";") else {
            throw .invalid("'artifact_location' URL can't include fragments or params.")
        }
        guard !decoded(beforeFragment.dropFirst(path.count)).contains("..") else {
            throw .invalid("Invalid query string")
        }
        if let colon = location.firstIndex(of: ":") {
            try checkHost(scheme: location[..<colon].lowercased(), rest: location[colon...].dropFirst())
        }
        guard !location.hasPrefix("runs:") else {
            throw .invalid("Artifact location cannot be a runs:/ URI. Given: '\(location)'")
        }
        guard location.unicodeScalars.count <= lengthLimit else {
            throw .invalid(
                "Invalid artifact path length. The length of the artifact path cannot be greater than "
                    + "\(lengthLimit) characters. To configure this limit, please set the "
                    + "MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable."
            )
        }
    }

    private static func checkHost(scheme: String, rest: Substring) throws(Failure) {
        guard schemesWithHosts.contains(scheme) else { return }
        // Without a host, `mlflow-artifacts:` is this server's own store; the others still connect somewhere.
        let hasHost = rest.hasPrefix("//") && rest.dropFirst(2).first.map { $0 != "/" && $0 != "?" } == true
        guard hasHost || scheme != "mlflow-artifacts" else { return }
        throw .invalid(
            "'artifact_location' cannot use the '\(scheme)' scheme: the '\(scheme)' scheme addresses a host other "
                + "than the tracking server's configured artifact storage, so the server would connect to the host "
                + "named in the URI."
        )
    }

    /// The text with its percent signs resolved until nothing changes, ten times at the most.
    private static func decoded(_ text: Substring) -> String {
        var current = String(text)
        for _ in 0..<10 {
            let next = decodedOnce(current)
            if next == current { break }
            current = next
        }
        return current
    }

    private static func decodedOnce(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Substring {
    /// The end of the text as long as a condition holds.
    fileprivate func suffix(while condition: (Character) -> Bool) -> Substring {
        var start = endIndex
        while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
