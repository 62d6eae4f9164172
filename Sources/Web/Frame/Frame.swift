import HTTP
import Accounts

/// What every page has around it: the head, the bar with the way here, the tabs, and the ways for programs.
struct Frame {
    private let page: any Page
    private let visit: Visit?
    private let settings: WebSettings
    private let theme: Theme
    private let assets: Assets

    init(page: any Page, visit: Visit, assets: Assets) {
        self.page = page
        self.visit = visit
        self.assets = assets
        settings = visit.settings
        theme = visit.theme
    }

    /// A page that nobody was let in to, such as one that says so.
    init(page: any Page, settings: WebSettings, theme: Theme, assets: Assets) {
        self.page = page
        visit = nil
        self.settings = settings
        self.theme = theme
        self.assets = assets
    }

    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="en" data-theme="\(theme.rawValue)">
        <head>\(head)</head>
        <body data-root="\(settings.prefix)" \(place)>
        <a class="skip" href="#content">Skip to the content</a>
        \(bar)
        \(tabs)
        <main id="content" class="\(page.isWide ? "wide" : "")" tabindex="-1">
        \(page.body)
        </main>
        \(ways)
        <div id="toasts" class="toasts" role="status" aria-live="polite"></div>
        </body>
        </html>

        """
    }

    private var head: HTML {
        """
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(page.title) · Roost</title>
        <link rel="icon" href="\(assets["icon.svg"])" type="image/svg+xml">
        \((["frame/base.css", "frame/frame.css", "frame/parts.css"] + page.styles).map(stylesheet))
        \(page.parts.flatMap(\.styles).compactMap(partStylesheet))
        \(page.runsScripts ? scripts : nil)
        """
    }

    private var scripts: HTML {
        """
        \(page.parts.flatMap(\.scripts).compactMap(partScript))
        \((["frame/frame.js"] + page.scripts).map(module))
        """
    }

    private func stylesheet(_ name: String) -> HTML {
        "<link rel=\"stylesheet\" href=\"\(assets[name])\">\n"
    }

    private func module(_ name: String) -> HTML {
        "<script type=\"module\" src=\"\(assets[name])\"></script>\n"
    }

    private func partStylesheet(_ file: String) -> HTML? {
        assets.part(file).map { "<link rel=\"stylesheet\" href=\"\($0)\">\n" }
    }

    private func partScript(_ file: String) -> HTML? {
        assets.part(file).map { "<script defer src=\"\($0)\"></script>\n" }
    }

    /// What scripts need to know of where they are.
    private var place: HTML {
        guard let visit else { return .empty }
        return """
            data-base="\(visit.base == visit.root ? "" : visit.base.text)" data-service="\(visit.serviceBase)" \
            data-workspace="\(visit.workspaceName)" data-may-write="\(visit.mayWrite ? "yes" : "no")" \
            data-person="\(visit.isSignedIn ? visit.identity.login : "")" \
            data-assets="\(assets.base)" data-highlighter="\(assets.part("highlight/highlight.min.js") ?? "")" \
            data-formulas="\(assets.part("katex/katex.min.js") ?? "")"
            """
    }

    private var bar: HTML {
        """
        <header class="bar">
        <a class="brand" href="\(Address(settings.prefix))" aria-label="Home">\(Icon.roost.html)<span>Roost</span></a>
        <nav class="crumbs" aria-label="Where this is"><ol>\(page.crumbs.map(crumb))</ol></nav>
        <div class="bar-end">
        <button type="button" class="find" data-command="palette" aria-label="Find or do" \
        aria-keyshortcuts="Control+K" hidden>
        \(Icon.search.html)<span>Find or do</span><kbd>Ctrl K</kbd></button>
        \(themeMenu)
        \(personMenu)
        </div>
        </header>
        """
    }

    private func crumb(_ crumb: Crumb) -> HTML {
        guard let address = crumb.address else {
            return "<li><span aria-current=\"page\"><bdi>\(crumb.text)</bdi></span></li>"
        }
        return "<li><a href=\"\(address)\"><bdi>\(crumb.text)</bdi></a></li>"
    }

    private var themeMenu: HTML {
        """
        <details class="menu"><summary aria-label="Colours" title="Colours">\(Icon.theme.html)</summary>
        <form method="post" action="\(Address(settings.prefix).below("-/theme"))" class="menu-body">
        <input type="hidden" name="return_to" value="\(visit?.here ?? settings.prefix + "/")">
        \(Theme.allCases.map { theme in
            """
            <button name="theme" value="\(theme.rawValue)" \(theme == self.theme ? "aria-pressed=\"true\"" : "" as HTML)>\
            \(theme.label)</button>
            """ as HTML
        })
        </form></details>
        """
    }

    private var personMenu: HTML? {
        guard let visit else { return nil }
        let root = visit.root
        guard visit.isSignedIn else {
            guard settings.hasAccounts else { return nil }
            return "<a class=\"button\" href=\"\(root["login"].with("return_to", visit.here))\">Sign in</a>"
        }
        return """
            <details class="menu"><summary aria-label="\(visit.identity.login)" title="\(visit.identity.login)">\
            \(Avatar(visit.identity.login).html)</summary>
            <div class="menu-body">
            <p class="menu-title">\(visit.identity.login)</p>
            <a href="\(root[visit.identity.login])">Profile and repositories</a>
            <a href="\(root.below("settings/profile"))">Settings</a>
            <a href="\(root["new"])">New repository</a>
            <a href="\(root.below("orgs/new"))">New organization</a>
            \(visit.isServerAdmin ? "<a href=\"\(root["admin"])\">Look after the server</a>" : nil)
            \(settings.hasAccounts ? signOut(root) : nil)
            </div></details>
            """
    }

    private func signOut(_ root: Address) -> HTML {
        "<form method=\"post\" action=\"\(root["logout"])\"><button>Sign out</button></form>"
    }

    private var tabs: HTML? {
        guard let visit, page.tab != nil || visit.repository != nil else { return nil }
        let shown: [Tab] =
            visit.repository == nil
            ? [.experiments, .models]
            : visit.mayAdmin ? Tab.allCases : Tab.allCases.filter { $0 != .settings }
        return """
            <nav class="tabs" aria-label="\(visit.workspaceName)">
            \(shown.map { tab in
                """
                <a href="\(address(of: tab, visit))" \(tab == page.tab ? "aria-current=\"page\"" : "" as HTML)>\
                \(tab.icon.html)\(tab.label)</a>
                """ as HTML
            })
            \(settings.hasMLflowUI ? "<a class=\"aside\" href=\"\(mlflow(visit))\">MLflow's own pages</a>" : nil)
            </nav>
            """
    }

    private func address(of tab: Tab, _ visit: Visit) -> Address {
        tab == .code ? visit.base : visit.base[tab.rawValue]
    }

    private func mlflow(_ visit: Visit) -> String {
        visit.repository == nil ? settings.prefix + "/mlflow/" : visit.service.text + "/"
    }

    private var ways: HTML? {
        guard let visit, !page.ways.isEmpty else { return nil }
        return """
            <details class="ways"><summary>\(Icon.code.html) The same from a program</summary>
            \(page.ways.map { $0.html(for: visit) })
            </details>
            """
    }
}

extension Visit {
    /// What stands before `/api/2.0/mlflow/…` for this workspace.
    var serviceBase: String { repository == nil ? settings.prefix : service.text }

    /// The address of the server without what stands before its paths.
    var serverOrigin: String { (try? call.origin()) ?? "http://127.0.0.1:5000" }
}

extension Way {
    func html(for visit: Visit) -> HTML {
        switch self {
        case .json(let address, let isOwn):
            """
            <h3>JSON</h3><p><a href="\(address)">\(visit.serverOrigin + address.text)</a></p>
            \(CopyBlock("curl\(Self.credentials(visit, isOwn)) \(ShellWord(visit.serverOrigin + address.text).text)").html)
            """
        case .shell(let lines): "<h3>Shell</h3>\(CopyBlock(lines).html)"
        case .python(let lines): "<h3>Python</h3>\(CopyBlock(lines).html)"
        }
    }

    /// What `curl` says of who asks.
    static func credentials(_ visit: Visit, _ isOwn: Bool = false) -> String {
        guard visit.settings.hasAccounts, visit.isSignedIn else { return "" }
        return isOwn
            ? " -u \(ShellWord(visit.identity.login).text)" : " -H \"Authorization: Bearer $ROOST_TOKEN\""
    }
}

extension Theme {
    fileprivate var label: String {
        switch self {
        case .system: "As the system has it"
        case .light: "Light"
        case .dark: "Dark"
        }
    }
}

extension Tab {
    fileprivate var icon: Icon {
        switch self {
        case .code: .code
        case .commits: .commit
        case .releases: .tag
        case .experiments: .experiment
        case .models: .model
        case .settings: .settings
        }
    }
}
