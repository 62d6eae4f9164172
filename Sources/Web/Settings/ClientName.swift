/// What a browser says of itself, in a few words.
struct ClientName: Sendable {
    private let said: String

    init(_ said: String) { self.said = said }

    /// As in `Firefox on Linux`; what is said where it is none of those that are known.
    var text: String {
        guard !said.isEmpty else { return "unknown" }
        guard let browser = Self.browsers.first(where: { said.contains($0.mark) }) else { return said }
        guard let system = Self.systems.first(where: { said.contains($0.mark) }) else { return browser.name }
        return "\(browser.name) on \(system.name)"
    }

    /// All that is said is in the title.
    var html: HTML { "<span title=\"\(said)\">\(text)</span>" }

    /// Each says also what it is like, so that the order counts.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]
    private static let systems: [(mark: String, name: String)] = [
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"),
        ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]
}
