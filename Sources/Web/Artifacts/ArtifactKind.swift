/// How a file is shown, by its name.
enum ArtifactKind: Sendable, Hashable {
    case text(language: String)
    case markdown
    case json
    case table(separator: String)
    case image
    case page
    case notebook
    case pdf
    case audio
    case video
    case model
    /// Shown as text where it is some.
    case unknown

    init(_ name: String) {
        if name == "MLmodel" {
            self = .model
            return
        }
        let ending = name.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        self = Self.byEnding[ending] ?? Self.languages[ending].map { .text(language: $0) } ?? .unknown
    }

    private static let byEnding: [String: ArtifactKind] = [
        "md": .markdown, "markdown": .markdown, "json": .json, "geojson": .json,
        "csv": .table(separator: ","),
        "tsv": .table(separator: "\t"), "png": .image, "jpg": .image, "jpeg": .image, "gif": .image,
        "webp": .image,
        "avif": .image, "bmp": .image, "ico": .image, "svg": .image, "html": .page, "htm": .page,
        "ipynb": .notebook, "pdf": .pdf, "wav": .audio, "mp3": .audio, "ogg": .audio, "oga": .audio,
        "flac": .audio,
        "opus": .audio, "m4a": .audio, "mp4": .video, "webm": .video, "mov": .video, "m4v": .video,
    ]

    /// The names that highlight.js has for what files with an ending hold.
    private static let languages: [String: String] = [
        "txt": "plaintext", "log": "plaintext", "out": "plaintext", "err": "plaintext", "py": "python",
        "r": "r",
        "swift": "swift", "js": "javascript", "mjs": "javascript", "ts": "typescript", "css": "css",
        "yaml": "yaml", "yml": "yaml", "toml": "ini", "ini": "ini", "cfg": "ini", "conf": "ini",
        "properties": "ini", "xml": "xml", "sh": "bash", "sql": "sql", "c": "cpp", "h": "cpp", "cc": "cpp",
        "cpp": "cpp", "hpp": "cpp", "java": "java", "go": "go", "rs": "rust", "jl": "julia", "scala": "scala",
        "tex": "tex", "diff": "diff", "patch": "diff", "jsonl": "json", "rst": "plaintext",
        "dot": "plaintext",
    ]
}
