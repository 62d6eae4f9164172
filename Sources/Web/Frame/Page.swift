/// What a page shows: a struct that holds exactly that, and its markup.
protocol Page: Sendable {
    /// What stands in the window's title, before the name of the server.
    var title: String { get }
    /// The things that this one is in, from the outside in, and itself.
    var crumbs: [Crumb] { get }
    /// The tab of the workspace or the repository that it belongs to.
    var tab: Tab? { get }
    /// The modules of its own, such as `runs/table.js`; those that every page has go without saying.
    var scripts: [String] { get }
    /// Stylesheets of its own, such as `runs/table.css`.
    var styles: [String] { get }
    /// What it uses of others; where a part is not installed the page does without.
    var parts: [Part] { get }
    /// The same for programs.
    var ways: [Way] { get }
    /// Whether it needs the whole width of the window.
    var isWide: Bool { get }
    /// Whether scripts run on it at all.
    var runsScripts: Bool { get }
    /// Whether its markup may take long to make, as of texts in Markdown; then it is made beside the event loops.
    var takesLong: Bool { get }
    var body: HTML { get }
}

extension Page {
    var crumbs: [Crumb] { [] }
    var tab: Tab? { nil }
    var scripts: [String] { [] }
    var styles: [String] { [] }
    var parts: [Part] { [] }
    var ways: [Way] { [] }
    var isWide: Bool { false }
    var runsScripts: Bool { true }
    var takesLong: Bool { false }
}

/// One thing on the way to what a page shows.
struct Crumb: Sendable {
    let text: String
    /// Nil for the thing that the page itself shows.
    let address: Address?

    init(_ text: String, _ address: Address? = nil) {
        self.text = text
        self.address = address
    }
}

/// A tab of a workspace; those of code are only in repositories.
enum Tab: String, Sendable, CaseIterable {
    case code, commits, releases, experiments, models, settings

    var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// How a program gets what a page shows, or does what it does.
enum Way: Sendable {
    /// The address that answers JSON; one's own settings are answered to a password, and to no token.
    case json(Address, isOwn: Bool = false)
    /// Lines for a shell; `$` and what is typed go without a prompt.
    case shell(String)
    /// Lines of Python.
    case python(String)
}
