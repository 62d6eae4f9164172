import Tracking

/// The spot in the colour of a run, which is the same on every page; see `core/colours.js`.
struct RunMark {
    private static let colourCount: UInt32 = 10

    /// Which of the colours of series it is.
    let colour: UInt32

    init(_ runID: String) {
        // FNV-1a over UTF-16, as the browser's modules have it.
        let hash = runID.utf16.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        colour = hash % Self.colourCount
    }

    var html: HTML { "<span class=\"run-mark run-mark-\(colour)\" aria-hidden=\"true\"></span>" }
}

extension RunStatus {
    /// What people call it.
    var label: String { word.prefix(1) + word.dropFirst().lowercased() }

    var badge: HTML { "<span class=\"badge \(tone)\" data-run-status=\"\(word)\">\(label)</span>" }

    private var tone: String {
        switch self {
        case .running: "busy"
        case .scheduled: "accent"
        case .finished: "good"
        case .failed: "bad"
        case .killed: "warn"
        }
    }
}
