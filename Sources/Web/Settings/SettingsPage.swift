/// What one page of settings is about.
protocol Panel: Sendable {
    var title: String { get }
    /// The same for programs.
    var ways: [Way] { get }
    var body: HTML { get }
}

extension Panel {
    var ways: [Way] { [] }
}

/// The pages of settings that belong together.
struct SettingsMenu: Sendable {
    struct Item: Sendable {
        let title: String
        let address: Address

        init(_ title: String, _ address: Address) {
            self.title = title
            self.address = address
        }
    }

    let title: String
    let crumbs: [Crumb]
    var tab: Tab?
    let items: [Item]
}

/// A page of settings: its neighbours, and what it is about.
struct SettingsPage: Page {
    let menu: SettingsMenu
    let panel: any Panel
    let notice: Notice?
    /// The item of the menu that the page is below; the one with its title where it is nil.
    var item: String?

    var title: String { "\(panel.title) · \(menu.title)" }
    var crumbs: [Crumb] { menu.crumbs + [Crumb(panel.title)] }
    var tab: Tab? { menu.tab }
    var styles: [String] { ["settings/settings.css"] }
    var ways: [Way] { panel.ways }

    var body: HTML {
        """
        <div class="settings">
        <nav class="settings-menu" aria-label="\(menu.title)"><ul>\(menu.items.map(link))</ul></nav>
        <div class="settings-panel">
        <h1>\(panel.title)</h1>
        \(notice?.html)
        \(panel.body)
        </div>
        </div>
        """
    }

    private func link(_ shown: SettingsMenu.Item) -> HTML {
        let mark: HTML = shown.title == item ?? panel.title ? "aria-current=\"page\"" : ""
        return "<li><a href=\"\(shown.address)\" \(mark)>\(shown.title)</a></li>"
    }
}
