import Core

/// Where a caller says that artifacts lie.
///
/// Security: the text is kept and given back; the server opens nothing by it. It is refused where MLflow refuses it, so
/// that a location which clients would read in two ways, or which names a host to connect to, is never stored.
///
/// - Source: MLflow 3.17, `_validate_storage_location_uri`.
package enum ArtifactLocation {
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
        try checkLength(location)
    }

    static func checkLength(_ location: String) throws(Failure) {
        guard location.unicodeScalars.count <= lengthLimit else {
            throw .invalid(
                "Invalid artifact path length. The length of the artifact path cannot be greater than "
                    + "\(lengthLimit) characters. To configure this limit, please set the "
                    + "MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable."
            )
        }
    }
}

extension ArtifactLocation {
    /// A path of this machine, or a `file:` address, as it is read wherever somebody works; any other location as it is.
    ///
    /// - Parameters:
    ///   - location: What a caller or a setting says.
    ///   - folder: Where relative paths begin.
    /// - Returns: The location; a `file:` address stays one.
    /// - Source: MLflow 3.17, `resolve_uri_if_local`.
    package static func absolute(_ location: String, in folder: String) -> String {
        guard let colon = schemeEnd(of: location) else {
            return location.hasPrefix("/") ? location : joined(folder, location[...])
        }
        let rest = location[colon...].dropFirst()
        guard location[..<colon].lowercased() == "file", !rest.hasPrefix("/") else { return location }
        let path = rest.prefix { $0 != "?" }
        return "file://" + joined(PercentText.escaped(folder), path) + rest.dropFirst(path.count)
    }

    /// The colon behind a scheme; nil for a path, in which one may stand as well.
    private static func schemeEnd(of location: String) -> String.Index? {
        guard location.first?.isASCII == true, location.first?.isLetter == true,
            let colon = location.firstIndex(of: ":")
        else { return nil }
        let isScheme = location[..<colon].allSatisfy { character in
            character.isASCII && (character.isLetter || character.isNumber || "+-.".contains(character))
        }
        return isScheme ? colon : nil
    }

    /// Without empty steps and single dots; two dots stay, since what is before them may be a link.
    private static func joined(_ folder: String, _ path: Substring) -> String {
        let steps = path.split(separator: "/").filter { $0 != "." }
        return (folder.split(separator: "/") + steps).reduce(into: "") { $0 += "/\($1)" }
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
