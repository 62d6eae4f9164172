/// Small pictures beside words, drawn in the colour of the text; they say nothing that the words do not.
enum Icon: String, Sendable {
    case roost, search, theme, code, commit, tag, experiment, model, settings, run, file, folder, branch,
        person
    case copy, more, close, add, edit, delete, download, star, eye, history, chart, table, check, warning,
        lock, link
    case fork, sort, filter, pin, play, stop, organization, external, clock

    var html: HTML {
        """
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
        \(HTML(trusted: drawing))</svg>
        """
    }

    private var drawing: String {
        switch self {
        case .roost: path("M2 12h12M4 12l1-5 3-4 3 4 1 5M8 3v4M5.5 7h5")
        case .search: circle(7, 7, 4.5) + path("M10.5 10.5 14 14")
        case .theme: circle(8, 8, 6) + "<path d=\"M8 2a6 6 0 0 1 0 12z\" fill=\"currentColor\"/>"
        case .code: path("M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4")
        case .commit: circle(8, 8, 3) + path("M1 8h4M11 8h4")
        case .tag: path("M2 2h6l6 6-6 6-6-6z") + circle(5, 5, 1)
        case .experiment: path("M6 2v4L2.5 13h11L10 6V2M5 2h6M4.5 10h7")
        case .model: path("M8 1.5 14 5v6l-6 3.5L2 11V5zM2 5l6 3.5L14 5M8 8.5v6")
        case .settings:
            circle(8, 8, 2.2)
                + path(
                    "M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4"
                )
        case .run: path("M2 12 6 7l3 3 5-7")
        case .file: path("M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3")
        case .folder: path("M1.5 3.5h5l1.5 2h6.5v8h-13z")
        case .branch:
            circle(4.5, 3.5, 1.6) + circle(4.5, 12.5, 1.6) + circle(11.5, 5.5, 1.6)
                + path("M4.5 5v6M11.5 7c0 3-7 1.5-7 4")
        case .person: circle(8, 5, 2.8) + path("M2.5 14c.5-3 2.8-4.5 5.5-4.5s5 1.5 5.5 4.5")
        case .copy: path("M5.5 5.5h8v8h-8zM2.5 10.5v-8h8")
        case .more: dot(3) + dot(8) + dot(13)
        case .close: path("M3.5 3.5l9 9M12.5 3.5l-9 9")
        case .add: path("M8 2.5v11M2.5 8h11")
        case .edit: path("M2.5 13.5l.7-3 8-8 2.3 2.3-8 8zM9.5 4.2l2.3 2.3")
        case .delete: path("M2.5 4h11M6 4V2h4v2M4 4l.7 10h6.6L12 4M6.7 6.5v5M9.3 6.5v5")
        case .download: path("M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11")
        case .star: path("M8 1.8l1.9 4 4.3.6-3.1 3 .8 4.3L8 11.7l-3.9 2 .8-4.3-3.1-3 4.3-.6z")
        case .eye:
            path("M1.2 8c1.5-3 4-4.5 6.8-4.5s5.3 1.5 6.8 4.5c-1.5 3-4 4.5-6.8 4.5S2.7 11 1.2 8z")
                + circle(8, 8, 2)
        case .history: path("M2.5 8a5.5 5.5 0 1 0 2-4.2L2.5 5.5M2.5 2v3.5H6M8 5v3.5l2.5 1.5")
        case .clock: circle(8, 8, 6) + path("M8 4.5V8l2.5 1.5")
        case .chart: path("M2 2v12h12M4.5 11l3-4 2.5 2 4-5.5")
        case .table: path("M1.5 2.5h13v11h-13zM1.5 6h13M1.5 9.7h13M6 2.5v11")
        case .check: path("M2.5 8.5l3.5 3.5 7.5-8")
        case .warning: path("M8 2 15 14H1zM8 6.5v3.5M8 11.8v.4")
        case .lock: path("M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2")
        case .link:
            path("M6.5 9.5l3-3M7 4.5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5 7.5 13a2.8 2.8 0 0 1-4-4L5 7.5")
        case .fork:
            circle(4, 3, 1.5) + circle(12, 3, 1.5) + circle(8, 13, 1.5) + path("M4 4.5V7l4 2 4-2V4.5M8 9v2.5")
        case .sort: path("M5 2.5v11M2.5 11 5 13.5 7.5 11M11 13.5v-11M8.5 5 11 2.5 13.5 5")
        case .filter: path("M1.5 3h13L9.5 8.5V13L6.5 14.5v-6z")
        case .pin: path("M6 2h4l-.5 4.5L12 9H4l2.5-2.5zM8 9v5.5")
        case .play: path("M4 2.5 13 8l-9 5.5z")
        case .stop: path("M3.5 3.5h9v9h-9z")
        case .organization: path("M2 14V5l6-3 6 3v9M2 14h12M6 14v-3h4v3M5 7h1M10 7h1")
        case .external: path("M6.5 3H3v10h10V9.5M9 2.5h4.5V7M13.5 2.5 7.5 8.5")
        }
    }

    private func path(_ line: String) -> String {
        "<path d=\"\(line)\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
    }

    private func circle(_ x: Double, _ y: Double, _ radius: Double) -> String {
        "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(radius)\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"/>"
    }

    private func dot(_ x: Double) -> String {
        "<circle cx=\"\(x)\" cy=\"8\" r=\"1.3\" fill=\"currentColor\"/>"
    }
}
