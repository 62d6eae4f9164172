import Core

/// Where a caller says that artifacts lie.
///
/// Security: the text is kept and given back; the server opens nothing by it. It is refused where MLflow refuses it, so
/// that a location which clients would read in two ways, or which names a host to connect to, is never stored.
///
/// - Source: MLflow 3.17, `_validate_storage_location_uri`.
enum ArtifactLocation {
    private static let lengthLimit = 2_048

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
        guard !PercentText.decoded(beforeFragment.dropFirst(path.count), mostRounds: 10).contains("..") else {
            throw .invalid("Invalid query string")
        }
        try HostPolicy.check(location, field: "artifact_location")
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
}

extension Substring {
    /// The end of the text as long as a condition holds.
    fileprivate func suffix(while condition: (Character) -> Bool) -> Substring {
        var start = endIndex
        while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
