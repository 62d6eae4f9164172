import HTTP
import Repositories

/// How a file is shown, which its name says.
enum FileKind: String, Sendable {
    case image, audio, video, document, markdown, table, notebook, markup, pointer, text

    static func of(_ name: String) -> FileKind {
        let name = name.lowercased()
        let ending = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
        return switch ending {
        case "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "svg": .image
        case "mp3", "wav", "ogg", "oga", "opus", "flac", "m4a", "aac": .audio
        case "mp4", "webm", "ogv", "mov", "m4v": .video
        case "pdf": .document
        case "md", "markdown", "mkd": .markdown
        case "csv", "tsv": .table
        case "ipynb": .notebook
        case "html", "htm", "xhtml": .markup
        case "dvc": .pointer
        default: .text
        }
    }

    /// Whether the browser shows the bytes by itself, so that they are not read here.
    var isShownByBrowser: Bool {
        switch self {
        case .image, .audio, .video, .document: true
        default: false
        }
    }

    /// Whether it is shown in two ways: as what it means, and as it is written.
    var hasSource: Bool {
        switch self {
        case .markdown, .table, .notebook, .markup: true
        default: false
        }
    }
}

/// The type that a file's bytes are sent with.
enum RawType {
    /// What browsers show that `ArtifactType` does not know, or sends as something else.
    private static let more = [
        "webp": "image/webp", "flac": "audio/flac", "ogg": "audio/ogg", "oga": "audio/ogg",
        "m4a": "audio/mp4",
        "ogv": "video/ogg", "m4v": "video/mp4", "xhtml": "application/xhtml+xml", "ico": "image/x-icon",
    ]

    /// - Returns: Text as plain text, whatever it is written in; what a browser shows by itself as what it is; anything
    ///   else as bytes.
    static func of(_ name: String) -> String {
        let ending = name.lowercased().split(separator: ".").dropFirst().last.map(String.init) ?? ""
        let type = more[ending] ?? ArtifactType.of(name)
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
