import HTTP

/// The type that a file's bytes are sent with.
enum RawType {
    /// - Returns: Text as plain text, whatever it is written in; what a browser shows by itself as what it is; anything
    ///   else as bytes.
    static func of(_ name: String) -> String {
        let ending = name.lowercased().split(separator: ".").dropFirst().last.map(String.init) ?? ""
        let type =
            ending == "xhtml" ? "application/xhtml+xml" : MediaTypes.byEnding[ending] ?? ArtifactType.of(name)
        if type == "application/pdf" || type == "text/html" || type == "application/xhtml+xml" { return type }
        for kind in ["image/", "audio/", "video/"] where type.hasPrefix(kind) { return type }
        if type.hasPrefix("text/") || ["application/javascript", "application/xml"].contains(type) {
            return "text/plain; charset=utf-8"
        }
        return "application/octet-stream"
    }

    /// Whether a browser would run what stands in such a file.
    static func isActive(_ type: String) -> Bool {
        ["text/html", "application/xhtml+xml", "image/svg+xml"].contains(type)
    }
}
