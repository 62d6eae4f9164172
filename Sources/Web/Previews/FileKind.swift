/// How a file is shown, which its name says.
enum FileKind: Sendable, Hashable {
    case image, audio, video, pdf, markdown, json, table, parquet, notebook
    /// Markup of its own, such as a report, which only a frame of its own shows.
    case page
    /// What MLflow says of a model, `MLmodel`.
    case model
    /// Where DVC keeps what stands for the file.
    case pointer
    /// Shown as text where it is some.
    case text

    init(_ name: String) {
        guard name != "MLmodel" else {
            self = .model
            return
        }
        let ending = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
        self = Self.byEnding[ending.lowercased()] ?? .text
    }

    private static let byEnding: [String: FileKind] = {
        let endings: [FileKind: [String]] = [
            .image: ["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "svg"],
            .audio: ["mp3", "wav", "ogg", "oga", "opus", "flac", "m4a", "aac"],
            .video: ["mp4", "webm", "ogv", "mov", "m4v"],
            .pdf: ["pdf"], .markdown: ["md", "markdown", "mkd"], .json: ["json", "geojson"],
            .table: ["csv", "tsv"], .parquet: ["parquet"], .notebook: ["ipynb"],
            .page: ["html", "htm", "xhtml"], .pointer: ["dvc"],
        ]
        return endings.reduce(into: [:]) { found, entry in
            for ending in entry.value { found[ending] = entry.key }
        }
    }()

    /// Whether the browser shows the bytes by itself, so that they are not read here.
    var isShownByBrowser: Bool {
        switch self {
        case .image, .audio, .video, .pdf: true
        default: false
        }
    }

    /// Whether a text is shown in two ways: as what it means, and as it is written.
    var hasSource: Bool {
        switch self {
        case .markdown, .table, .notebook, .page: true
        default: false
        }
    }
}
