/// What others made and a page uses from its beginning: it is installed beside the server, never a part of it.
///
/// Formulas and colours of code come later, where a page turns out to have some: `previews/parts.js`.
enum Part: String, Sendable, CaseIterable {
    /// Lines of many points.
    case uPlot
    /// Scatter, parallel coordinates, bars, boxes.
    case echarts
    /// An editor of code.
    case codeMirror

    /// Its scripts in their order, below the folder of the parts.
    var scripts: [String] {
        switch self {
        case .uPlot: ["uplot/uPlot.iife.min.js"]
        case .echarts: ["echarts/echarts.min.js"]
        case .codeMirror:
            ["codemirror/lib/codemirror.js"]
                + ["python", "markdown", "yaml", "javascript", "shell", "xml", "css", "sql", "toml", "clike"]
                .map { "codemirror/mode/\($0)/\($0).js" }
        }
    }

    var styles: [String] {
        switch self {
        case .uPlot: ["uplot/uPlot.min.css"]
        case .codeMirror: ["codemirror/lib/codemirror.css"]
        case .echarts: []
        }
    }
}
