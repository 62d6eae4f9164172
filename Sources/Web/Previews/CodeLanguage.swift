/// What the colours of code are told that a file is written in.
enum CodeLanguage {
    private static let byName = [
        "dockerfile": "dockerfile", "makefile": "makefile", "cmakelists.txt": "cmake", "gemfile": "ruby",
        "jenkinsfile": "groovy", "mlproject": "yaml", "mlmodel": "yaml", "pipfile": "toml",
        "dvc.lock": "yaml",
    ]
    private static let byEnding = [
        "dvc": "yaml", "ipynb": "json", "lock": "yaml", "cfg": "ini", "conf": "ini", "svg": "xml",
        "vue": "xml",
        "jsonl": "json", "geojson": "json", "txt": "plaintext", "log": "plaintext", "csv": "plaintext",
        "tsv": "plaintext", "out": "plaintext", "err": "plaintext", "rst": "plaintext", "dot": "plaintext",
        "mjs": "javascript", "h": "cpp", "properties": "ini", "patch": "diff",
    ]

    static func of(_ name: String) -> String {
        let name = name.lowercased()
        if let known = byName[name] { return known }
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        let ending = String(name[name.index(after: dot)...])
        return byEnding[ending] ?? ending
    }
}
